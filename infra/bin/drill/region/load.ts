import { setTimeout as sleep } from 'node:timers/promises';
import { PERSONA_DEFAULT } from '../../../../schemas/contexts/personas/built-in.ts';
import { createApi } from '../../../client/api.ts';

/** A session whose start the platform has acknowledged. */
export interface Acknowledged {
  readonly sessionId: string;
  /** Time of the answer, ms since 1970. */
  readonly atMs: number;
}

/** A load that runs until it is ended. */
export interface Load {
  readonly acknowledged: readonly Acknowledged[];
  /** Number of requests without an acknowledgement. */
  readonly failed: () => number;
  end(): Promise<void>;
}

const PAUSE_MS = 20;
const ANSWER_MS_MAX = 10_000;

/** Starts sessions with a first turn from several clients, one after the other each. */
export function startLoad(url: string, token: string, clients: number): Load {
  const acknowledged: Acknowledged[] = [];
  const over = new AbortController();
  let failed = 0;
  const api = createApi({ url, token });
  const client = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const sessionId = await startSession(api, over.signal).catch(() => null);
      if (sessionId !== null) acknowledged.push({ sessionId, atMs: Date.now() });
      else if (!over.signal.aborted) failed += 1;
      await sleep(PAUSE_MS);
    }
  };
  const running = Promise.all(Array.from({ length: clients }, client));
  return {
    acknowledged,
    failed: () => failed,
    end: async () => {
      over.abort();
      await running;
    },
  };
}

/** Returns the id of a session that was acknowledged; null when it was not. */
export async function startSession(api: ReturnType<typeof createApi>, signal: AbortSignal): Promise<string | null> {
  const { data } = await api.POST('/v1/sessions/start', {
    body: { persona: PERSONA_DEFAULT, prompt: 'What is a khipu?' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
  });
  return data?.session_id ?? null;
}
