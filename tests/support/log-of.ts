import { loadConfig } from '../../infra/config.ts';
import { openLog } from '../../infra/kafka/connect.ts';
import type { Log } from '../../infra/kafka/log.ts';
import { createLogger } from '../../infra/telemetry/logger.ts';
import type { TestPlatform } from './platform.ts';

/** Lends the platform's log to a test, and closes it after. */
export async function withLogOf<T>(platform: Pick<TestPlatform, 'env'>, work: (log: Log) => Promise<T>): Promise<T> {
  const log = openLog(loadConfig(platform.env), 'test', createLogger('test', 'fatal'));
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}
