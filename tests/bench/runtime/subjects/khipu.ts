import { join } from 'node:path';
import { pino } from 'pino';
import { KafkaJsLog } from '../../../../infra/kafka/kafkajs/log.ts';
import { PlatformaticLog } from '../../../../infra/kafka/platformatic/log.ts';
import type { Log } from '../../../../infra/kafka/port.ts';
import { startChild } from '../../../../infra/local/process/child.ts';
import { nodeArgs } from '../../../../infra/local/roles/roles.ts';
import { type SubjectProcess, subjectOf } from './subject-process.ts';

export type Driver = 'kafkajs' | 'platformatic';

const logs = { kafkajs: KafkaJsLog, platformatic: PlatformaticLog } as const;

export const openBenchLog = (driver: Driver, brokers: string): Log =>
  new logs[driver]({
    brokers: brokers.split(','),
    clientId: `khipu-bench-${driver}`,
    logger: pino({ level: 'error' }, pino.destination(2)),
    replicationFactor: 1,
  });

export interface KhipuOptions {
  readonly driver: Driver;
  readonly brokers: string;
  /** Name of the job; its topics must exist. */
  readonly name: string;
  readonly input: string;
  readonly dir: string;
  /** When false: the same job, with records appended and offsets committed outside of any transaction. */
  readonly transactions?: boolean;
}

const main = join(import.meta.dirname, 'processor-main.ts');

/** Starts the runner in its own process. */
export function startKhipu({
  driver,
  brokers,
  name,
  input,
  dir,
  transactions = true,
}: KhipuOptions): Promise<SubjectProcess> {
  const args = [driver, brokers, name, input, transactions ? 'transactions' : 'plain'];
  const more = (process.env['KHIPU_BENCH_NODE_ARGS'] ?? '').split(' ').filter(Boolean);
  return subjectOf((onStdout) =>
    startChild({
      name,
      command: process.execPath,
      args: [...nodeArgs, ...more, main, ...args],
      log: join(dir, `${name}.log`),
      onStdout,
    }),
  );
}
