import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiAnswer, ApiClient } from '../../support/api-client.ts';
import { chances } from '../faults/plan.ts';
import type { Load } from '../faults/strike.ts';

/** Runs of agents at the same time. */
const AT_ONCE = 6;
const PAUSE_MS = 200;

/** What an approver does: an edit is approved after a late approval of the arguments before it. */
export type Deed = 'approve' | 'edit' | 'reject';

/** A call of a run, as the API shows it at the end. */
export interface Called {
  readonly call_id: string;
  readonly tool: string | null;
  readonly status: string;
  readonly code: string | null;
}

/** A run, with what was asked for and how it ended. */
export interface Ran {
  readonly runId: string;
  readonly deed: Deed;
  /** Amount that the model asks for, which waits for an approval. */
  readonly amount: number;
  /** Amount after an edit. */
  readonly edited: number;
  /** Amount of the payment that needs no approval. */
  readonly quick: number;
  readonly status: string;
  readonly output: string | null;
  readonly calls: readonly Called[];
  /** Status of the approval of the earlier arguments; null where none was sent. */
  readonly late: number | null;
}

export interface AgentsLoad extends Load {
  /** Starts no more runs; resolves with all when the last has ended. */
  stop(): Promise<readonly Ran[]>;
}

interface RunJson {
  readonly run_id: string;
  readonly status: string;
  readonly output: string | null;
  readonly steps_taken: readonly { readonly calls: readonly Called[] }[];
}

interface ApprovalJson {
  readonly status: string;
  readonly digest: string;
}

/** Starts runs of agents, decides on what waits, and waits for their ends. `agent` starts them, `approver` decides. */
export function startAgentsLoad(agent: ApiClient, approver: ApiClient, seed: string): AgentsLoad {
  const ran: Ran[] = [];
  let latestMs = 0;
  let isOver = false;
  let orders = 0;

  /** Sends a request until it has an answer that is no server error: a gateway or the broker may be down. */
  async function ask<Body>(
    api: ApiClient,
    method: string,
    path: string,
    options: Parameters<ApiClient['call']>[2] = {},
  ) {
    for (;;) {
      const answer = await api.call<Body>(method, path, options).catch(() => null);
      if (answer !== null && answer.status < 500 && answer.status !== 429) return answer;
      await sleep(PAUSE_MS);
    }
  }

  /** Sends a write under one idempotency key until it has an outcome. */
  async function write<Body>(api: ApiClient, path: string, body: unknown): Promise<ApiAnswer<Body>> {
    const headers = { 'idempotency-key': randomUUID(), prefer: 'wait=10' };
    for (;;) {
      const answer = await ask<Body>(api, 'POST', path, { body, headers });
      if (answer.status !== 202) return answer;
      await sleep(PAUSE_MS);
    }
  }

  const runOf = async (runId: string): Promise<RunJson | null> => {
    const { status, body } = await ask<RunJson>(agent, 'GET', `/v1/agents/runs/${runId}`);
    return status === 200 ? body : null;
  };

  /** Resolves with the approval of a run once it waits; null when the run has ended before. */
  async function waiting(
    runId: string,
    not: string | null,
  ): Promise<{ readonly id: string; readonly digest: string } | null> {
    for (;;) {
      const run = await runOf(runId);
      if (run !== null && run.status !== 'running') return null;
      const call = run?.steps_taken[0]?.calls.find(({ tool }) => tool === 'payment');
      if (call !== undefined) {
        const { status, body } = await ask<ApprovalJson>(approver, 'GET', `/v1/approvals/${call.call_id}`);
        if (status === 200 && body.status === 'waiting' && body.digest !== not)
          return { id: call.call_id, digest: body.digest };
        if (status === 200 && body.status !== 'waiting') return null;
      }
      await sleep(PAUSE_MS);
    }
  }

  const decide = async (id: string, body: object): Promise<number> =>
    (await write(approver, `/v1/approvals/${id}/decision`, { reason: 'seen', ...body })).status;

  /** Does the deed of an approver. Resolves with the status of a late approval; null without one. */
  async function decided(runId: string, deed: Deed, edited: number): Promise<number | null> {
    const first = await waiting(runId, null);
    if (first === null) return null;
    const { id, digest } = first;
    if (deed !== 'edit') {
      await decide(id, { outcome: deed, digest });
      return null;
    }
    await decide(id, { outcome: 'edit', digest, arguments: { amount: edited } });
    const late = await decide(id, { outcome: 'approve', digest });
    const second = await waiting(runId, digest);
    if (second !== null) await decide(id, { outcome: 'approve', digest: second.digest });
    return late;
  }

  async function order(chance: () => number): Promise<Ran> {
    orders += 1;
    const base = orders * 10;
    const [amount, edited, quick] = [base + 1, base + 2, base + 3];
    const drawn = chance();
    const deed = drawn < 0.5 ? 'approve' : drawn < 0.85 ? 'edit' : 'reject';
    const script = [
      {
        tool_calls: [
          { name: 'weather', arguments: { city: 'Cusco' } },
          { name: 'payment', arguments: { amount } },
          { name: 'quick', arguments: { amount: quick } },
        ],
      },
      { text: `order ${base}` },
    ];
    const body = { tools: ['weather', 'payment', 'quick'], prompt: `Play. [[script:${JSON.stringify(script)}]]` };
    const started = await write<RunJson>(agent, '/v1/agents/runs', body);
    if (started.status !== 201) throw new Error(`a start answered ${started.status}: ${JSON.stringify(started.body)}`);
    const runId = started.body.run_id;
    const late = await decided(runId, deed, edited);
    for (;;) {
      const run = await runOf(runId);
      if (run !== null && run.status !== 'running') {
        const calls = run.steps_taken.flatMap((step) => step.calls);
        return { runId, deed, amount, edited, quick, status: run.status, output: run.output, calls, late };
      }
      await sleep(PAUSE_MS);
    }
  }

  async function lane(index: number): Promise<void> {
    for (const chance = chances(`${seed}/load/${index}`); !isOver; ) {
      ran.push(await order(chance));
      latestMs = Date.now();
    }
  }

  const lanes = Promise.all(Array.from({ length: AT_ONCE }, (_, index) => lane(index)));
  let failure: unknown = null;
  lanes.catch((error: unknown) => {
    failure = error;
  });
  return {
    ...{ count: () => ran.length, latestMs: () => latestMs },
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
