import { ApiClient, type StartedJson } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import type { SseEvent } from '../../support/sse-client.ts';

/** A session with one finished turn, as its user saw it. */
export interface FinishedTurn {
  readonly status: number;
  readonly headers: Headers;
  readonly session: StartedJson;
  readonly sessionId: string;
  readonly turnId: string;
  readonly events: readonly SseEvent[];
}

/** Longer wait for a machine that is shared with other load. */
export const BUSY_MACHINE = { KHIPU_OUTCOME_WAIT_MS: '30000' } as const;

export const clientOf = (platform: Pick<TestPlatform, 'url' | 'apiKey'>): ApiClient => new ApiClient(platform);

/** Starts a session with a prompt and reads its turn to the end. Throws unless the start answers 201. */
export async function runTurn(api: ApiClient, prompt = 'What is a khipu?'): Promise<FinishedTurn> {
  const { status, headers, body } = await api.start({ persona: 'guide', prompt });
  if (status !== 201) throw new Error(`the start answered ${status}: ${JSON.stringify(body)}`);
  const events = await api.stream(body, body.turn_url);
  return { status, headers, session: body, sessionId: body.session_id, turnId: body.turn_id ?? '', events };
}

export const namesOf = (events: readonly SseEvent[]): string[] => events.map(({ event }) => event);

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
