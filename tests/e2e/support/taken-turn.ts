import { ApiClient, type StartedJson } from '../../support/api-client.ts';
import type { TestPlatform } from '../../support/platform.ts';
import type { SseEvent } from '../../support/sse-client.ts';

/** A session with one turn, taken to its end, as its user saw it. */
export interface TakenTurn {
  readonly status: number;
  readonly headers: Headers;
  readonly session: StartedJson;
  readonly sessionId: string;
  readonly turnId: string;
  readonly events: readonly SseEvent[];
}

/** A machine that tests share with much else may take longer than a user would wait. */
export const BUSY_MACHINE = { KHIPU_OUTCOME_WAIT_MS: '30000' } as const;

export const clientOf = (platform: Pick<TestPlatform, 'url' | 'apiKey'>): ApiClient => new ApiClient(platform);

export async function takeTurn(api: ApiClient, prompt = 'What is a khipu?'): Promise<TakenTurn> {
  const { status, headers, body } = await api.start({ persona: 'guide', prompt });
  if (status !== 201) throw new Error(`the start answered ${status}: ${JSON.stringify(body)}`);
  const events = await api.stream(body, body.turn_url);
  return { status, headers, session: body, sessionId: body.session_id, turnId: body.turn_id ?? '', events };
}

export const namesOf = (events: readonly SseEvent[]): string[] => events.map(({ event }) => event);

/** The text that the deltas make together; a higher attempt begins it anew. */
export function textOf(events: readonly SseEvent[]): string {
  let text = '';
  let attempt = 0;
  for (const { event, data } of events) {
    if (event !== 'turn.delta') continue;
    if (Number(data['attempt']) > attempt) text = '';
    attempt = Number(data['attempt']);
    text += String(data['text']);
  }
  return text;
}

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
