import { startTestPlatform } from '../../support/platform.ts';
import { readProcesses } from '../idle/process-trees.ts';
import { atMost, type Row } from '../runtime/figure.ts';
import { runInterleaved } from '../runtime/interleaved-runs.ts';
import type { TurnContext, TurnFigure } from './figure.ts';
import { subjectOf } from './khipu-side.ts';
import type { KafkaClient } from './log-times.ts';
import { type Reported, readReported } from './metrics-text.ts';
import { readThreads, secondsBetween } from './processor-time.ts';
import { named } from './rows.ts';
import { timeTurn } from './timed-turn.ts';

/** Asks for more than fits the bound, so that the answer ends at it. */
const PROMPT = 'Write a long story about a khipu, with many chapters. Do not stop early.';
const MODEL = 'model';
/** The role whose child is the model. */
const WORKER = 'worker-slm';
/** What an idle platform takes is measured for this time before the answers. */
const IDLE_MS = 10_000;
const SETTLE_MS = 1_000;

/** What an answer of the local model costs the platform, beside the model itself. */
export const localModel: TurnFigure = {
  parts: { 'local-model': 'an answer of 300 tokens by the local model: records, transactions, processor time' },
  byDefault: false,
  run: async ({ sizes, clients, settings, note }) => {
    const measured = Object.fromEntries(
      Object.entries(clients).map(([name, client]) => [name, () => measureAnswers(client, { sizes, settings })]),
    );
    const medians = await runInterleaved(sizes.runs, measured, note);
    const about = `a local answer of ${sizes.answerTokens} tokens`;
    const row = (what: string, unit: string, sample: keyof typeof medians, aimPercent?: number): Row => {
      const ours = medians[sample];
      return {
        ...{ what: `${about}: ${what}`, unit, ours, beside: {} },
        aims:
          aimPercent === undefined
            ? []
            : Object.entries(ours).map(([side, percent]) => named(side, atMost(percent, aimPercent, '%'))),
      };
    };
    return [
      row('tokens of the answer', 'tokens', 'tokens'),
      row('records', 'records', 'records'),
      row('transactions', 'transactions', 'transactions'),
      row('broker requests', 'requests', 'requests'),
      row('processor time of the model', 'ms', 'model'),
      row('processor time of the platform', 'ms', 'platform'),
      row('of it what the platform takes idle', 'ms', 'idle'),
      row('platform beside the model', '%', 'share', 5),
      row('platform beside the model, without what it takes idle', '%', 'busyShare', 5),
    ];
  },
};

async function measureAnswers(client: KafkaClient, { sizes, settings }: Pick<TurnContext, 'sizes' | 'settings'>) {
  const platform = await startTestPlatform({ provider: 'local', env: { KHIPU_KAFKA_CLIENT: client, ...settings } });
  try {
    const { processes, adminPorts } = subjectOf(platform);
    const roots = new Map(processes).set(MODEL, childOf(processes.get(WORKER)));
    const question = { prompt: PROMPT, maxTokens: sizes.answerTokens };
    const ask = () => timeTurn(platform, performance.now(), question);
    await ask();

    const idle = await usedDuring(roots, () => pause(IDLE_MS));
    const idlePerMs = platformOf(idle.cpuMs) / idle.tookMs;
    let tokens = 0;
    const before = await readReported(adminPorts);
    const busy = await usedDuring(roots, async () => {
      for (let n = 0; n < sizes.answers; n += 1) tokens += (await ask()).tokens;
      await pause(SETTLE_MS);
    });
    const after = await readReported(adminPorts);
    const each = (of: keyof Reported): number => (after[of] - before[of]) / sizes.answers;
    const model = (busy.cpuMs.get(MODEL) ?? Number.NaN) / sizes.answers;
    const all = platformOf(busy.cpuMs) / sizes.answers;
    const idleMs = (idlePerMs * busy.tookMs) / sizes.answers;
    return {
      tokens: tokens / sizes.answers,
      records: each('records'),
      transactions: each('transactions'),
      requests: each('requests'),
      model,
      platform: all,
      idle: idleMs,
      share: (all / model) * 100,
      busyShare: ((all - idleMs) / model) * 100,
    };
  } finally {
    await platform.stop();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const platformOf = (cpuMs: ReadonlyMap<string, number>): number =>
  [...cpuMs].reduce((sum, [name, ms]) => (name === MODEL ? sum : sum + ms), 0);

/** Returns the one child of a process. Throws when there is another number of them. */
function childOf(pid: number | undefined): number {
  const children = readProcesses().filter(({ parent }) => parent === pid);
  const [only] = children;
  if (only === undefined || children.length > 1)
    throw new Error(`${WORKER} has ${children.length} children, not one model`);
  return only.pid;
}

/** Measures the processor time, ms, that each of the processes takes while `work` runs. */
async function usedDuring(roots: ReadonlyMap<string, number>, work: () => Promise<unknown>) {
  const pids = [...roots.values()];
  const before = readThreads(pids);
  const began = performance.now();
  await work();
  const tookMs = performance.now() - began;
  const after = readThreads(pids);
  const cpuMs = new Map(
    [...roots].map(([name, pid]): [string, number] => [
      name,
      secondsBetween(before.get(pid) ?? new Map(), after.get(pid) ?? new Map()) * 1_000,
    ]),
  );
  return { tookMs, cpuMs };
}
