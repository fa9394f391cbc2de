import { expect } from 'vitest';
import type { AnyRecord } from '../../../schemas/generated/records.ts';
import type { WorkContext, Worker } from '../../../streams/kernel.ts';
import { eventually } from '../../kafka/contract/testing.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import { type Clock, systemClock } from '../../kit/clock.ts';
import { codeOf } from '../../kit/errors.ts';
import { runWorker } from '../worker/runner.ts';
import {
  answer,
  answersOf,
  ask,
  command,
  dependenciesOf,
  localDecoder,
  placeBeside,
  prepare,
  uncommitted,
  working,
} from './processors.ts';

export const decoder = localDecoder();
export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Handle = (key: string, prompt: string, context: WorkContext) => Promise<void>;

/** Starts a worker that answers each prompt with its attempt, after an effect set by the test. */
export async function open(partitions = 1, over: Partial<Worker> = {}, clock: Clock = systemClock) {
  let point: (at: string) => Promise<void> = async () => undefined;
  const log = new MemoryLog({ yield: (at) => point(at) });
  const names = await prepare(log, partitions);
  const declared = working(names, { concurrencyMax: 64, attemptsMax: 3, deadlineMs: 60_000 }, over);
  const appender = await log.appender();
  const metrics = dependenciesOf(log, decoder, { clock });
  const runs: string[] = [];
  const abandoned: string[] = [];
  /** Causes, in the order of `abandoned`. */
  const codes: string[] = [];
  const start = (handle: Handle, abandon: Handle = async () => undefined, weightOf = (_: string) => 1) =>
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
          codes.push(codeOf(error));
          await abandon(requestId, prompt, context);
        },
      },
      { ...metrics.dependencies, weightOf },
    );
  return {
    ...{ log, names, runs, abandoned, codes, start, metric: metrics.metric, group: `khipu.${names.name}` },
    at: (hook: typeof point): void => {
      point = hook;
    },
    /** Appends prompts. Default of `tenant`: `t`. */
    send: async (...sent: readonly (readonly [key: string, prompt: string, tenant?: string])[]): Promise<void> => {
      await appender.append(
        sent.map(([key, prompt, tenant = 't']) => {
          const record = command(names, decoder, ask(key, prompt), key);
          const place = placeBeside(tenant, key);
          return { ...record, headers: { ...record.headers, ce_tenantid: tenant, khipu_place: place } };
        }),
      );
    },
    settled: (): Promise<void> => eventually(async () => expect(await uncommitted(log, names)).toBe(0)),
    append: (record: AnyRecord, key: string) => appender.append([command(names, decoder, record, key)]),
    answers: (...keys: readonly string[]) => answersOf(log, decoder, keys),
  };
}
