import { expect } from 'vitest';
import { topics } from '../../../../schemas/topics.ts';
import { type WorkContext, worker } from '../../../../streams/kernel.ts';
import { eventually } from '../../contract/testing.ts';
import { MemoryLog } from '../../memory/log.ts';
import { answer, answersOf, ask, command, dependenciesOf, localDecoder, prepare, uncommitted } from '../testing.ts';
import { runWorker } from '../worker-runner.ts';

export const decoder = localDecoder();
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Handle = (key: string, prompt: string, context: WorkContext) => Promise<void>;

/** A worker that answers each prompt with its attempt, after what the test makes it do. */
export async function open(
  partitions = 1,
  limits: { concurrencyMax?: number; attemptsMax?: number; deadlineMs?: number } = {},
) {
  let point: (at: string) => Promise<void> = async () => undefined;
  const log = new MemoryLog({ yield: (at) => point(at) });
  const names = await prepare(log, partitions);
  const declared = worker({
    name: names.name,
    inputs: [names.input],
    outputs: [topics.inferenceEvents],
    key: ({ data }) => data.requestId,
    ...{ concurrencyMax: 64, attemptsMax: 3, deadlineMs: 60_000, ...limits },
  });
  const appender = await log.appender();
  const told = dependenciesOf(log, decoder);
  const runs: string[] = [];
  const abandoned: string[] = [];
  const start = (handle: Handle, abandon: Handle = async () => undefined) =>
    runWorker(
      declared,
      {
        handle: async (record, context) => {
          const { requestId, prompt } = record.data as { requestId: string; prompt: string };
          runs.push(`${requestId}:${prompt}`);
          await handle(requestId, prompt, context);
          context.end(answer(requestId, context.attempt, prompt));
        },
        abandon: async (record, context, error) => {
          const { requestId, prompt } = record.data as { requestId: string; prompt: string };
          abandoned.push(`${requestId}:${prompt}:${context.attempt}:${(error as Error).message}`);
          await abandon(requestId, prompt, context);
        },
      },
      told.dependencies,
    );
  return {
    ...{ log, names, runs, abandoned, start, metric: told.metric, group: `khipu.${names.name}` },
    at: (hook: typeof point): void => {
      point = hook;
    },
    send: async (...pairs: readonly (readonly [key: string, prompt: string])[]): Promise<void> => {
      await appender.append(pairs.map(([key, prompt]) => command(names, decoder, ask(key, prompt), key)));
    },
    settled: (): Promise<void> => eventually(async () => expect(await uncommitted(log, names)).toBe(0)),
    answers: (...keys: readonly string[]) => answersOf(log, decoder, keys),
  };
}
