import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAnswer, ApiClient } from '../../support/api-client.ts';
import { chances } from '../faults/plan.ts';

/** Jobs that run at the same time. */
const AT_ONCE = 12;
const PAUSE_MS = 200;
const SIGNAL_MS_MAX = 2_000;

/** A started job, with what was sent to it and what it answered. */
export interface Ran {
  readonly jobId: string;
  /** Payload of its only signal. */
  readonly signal: string;
  readonly output: { readonly steps: Readonly<Record<string, string>>; readonly signal: string } | null;
  /** Status in which it ended, if it did not complete. */
  readonly ended: string;
}

export interface JobsLoad {
  /** Returns the number of jobs that have ended. */
  readonly count: () => number;
  /** Time at which the latest job ended, in ms since the epoch. */
  readonly latestMs: () => number;
  /** Suspensions by code. Each is resumed. */
  readonly suspended: Readonly<Record<string, number>>;
  /** Throws the error of a request that was refused. */
  check(): void;
  /** Starts no more jobs; resolves with all when the last has ended. */
  stop(): Promise<readonly Ran[]>;
}

/** Starts journeys, signals each once, resumes those that are suspended, and waits for their results. */
export function startJobsLoad(api: ApiClient, seed: string, file: string): JobsLoad {
  const ran: Ran[] = [];
  const suspended: Record<string, number> = {};
  let latestMs = 0;
  let isOver = false;

  /** Sends a request until it has an answer that is no server error: a broker may be down. */
  async function ask<Body>(method: string, path: string, options: Parameters<ApiClient['call']>[2] = {}) {
    for (;;) {
      const answer = await api.call<Body>(method, path, options).catch(() => null);
      if (answer !== null && answer.status < 500 && answer.status !== 429) return answer;
      await sleep(PAUSE_MS);
    }
  }

  /** Sends a write under one idempotency key until it has an outcome. */
  async function write<Body>(path: string, body: unknown, headers = { 'idempotency-key': randomUUID() }) {
    for (;;) {
      const answer = await ask<Body>('POST', path, { body, headers });
      if (answer.status !== 202) return answer;
      await sleep(PAUSE_MS);
    }
  }

  const expect = <Body>(answer: ApiAnswer<Body>, what: string): Body => {
    if (answer.status >= 300) throw new Error(`${what} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  async function journey(chance: () => number): Promise<Ran> {
    const started = await write<{ job_id: string }>('/v1/jobs/start', { type: 'chaos.journey', input: { file } });
    const jobId = expect(started, 'a start').job_id;
    const signal = randomUUID();
    await sleep(chance() * SIGNAL_MS_MAX);
    expect(await write(`/v1/jobs/${jobId}/signals/go`, { payload: signal }), 'a signal');
    for (;;) {
      const headers = { prefer: 'wait=10' };
      const answer = await ask<{ result?: Ran['output'] }>('GET', `/v1/jobs/${jobId}/result`, { headers });
      if (answer.status === 200) return { jobId, signal, output: answer.body.result ?? null, ended: 'completed' };
      const { body } = await ask<{ status: string; code: string | null }>('GET', `/v1/jobs/${jobId}`);
      if (answer.status !== 202) return { jobId, signal, output: null, ended: `${body.status} ${body.code}` };
      if (body.status === 'suspended') {
        suspended[`${body.code}`] = (suspended[`${body.code}`] ?? 0) + 1;
        await write(`/v1/jobs/${jobId}/resume`, {});
      }
    }
  }

  async function lane(index: number): Promise<void> {
    for (const chance = chances(`${seed}/load/${index}`); !isOver; ) {
      ran.push(await journey(chance));
      latestMs = Date.now();
    }
  }

  const lanes = Promise.all(Array.from({ length: AT_ONCE }, (_, index) => lane(index)));
  let failure: unknown = null;
  lanes.catch((error: unknown) => {
    failure = error;
  });
  return {
    ...{ count: () => ran.length, latestMs: () => latestMs, suspended },
    check: () => {
      if (failure !== null) throw failure;
    },
    stop: async () => {
      isOver = true;
      await lanes;
      return ran;
    },
  };
}
