import { join } from 'node:path';
import { pino } from 'pino';
import { KafkaJsLog } from '../../../infra/kafka/kafkajs/log.ts';
import type { Log } from '../../../infra/kafka/log.ts';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import { startChild } from '../../../infra/local/child.ts';
import { nodeArgs } from '../../../infra/local/roles.ts';
import { type Side, sideOf } from './side.ts';

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
  /** Of the job; its topics must be there. */
  readonly name: string;
  readonly input: string;
  readonly dir: string;
  /** Without: the same job, its records appended and its offsets committed outside of any transaction. */
  readonly transactions?: boolean;
}

const main = join(import.meta.dirname, 'processor-main.ts');

/** Starts the runner in a process of its own. */
export function startKhipu({ driver, brokers, name, input, dir, transactions = true }: KhipuOptions): Promise<Side> {
  const args = [driver, brokers, name, input, transactions ? 'transactions' : 'plain'];
  const more = (process.env['KHIPU_BENCH_NODE_ARGS'] ?? '').split(' ').filter(Boolean);
  return sideOf((onStdout) =>
    startChild({
      name,
      command: process.execPath,
      args: [...nodeArgs, ...more, main, ...args],
      log: join(dir, `${name}.log`),
      onStdout,
    }),
  );
}
