import { loadConfig } from '../../infra/config.ts';
import { openLog } from '../../infra/kafka/connect.ts';
import type { Log } from '../../infra/kafka/port.ts';
import { createLogger } from '../../infra/kit/logger.ts';
import type { TestPlatform } from './platform.ts';

/** Runs `work` with the platform's log, and closes it afterwards. */
export async function withPlatformLog<T>(
  platform: Pick<TestPlatform, 'env'>,
  work: (log: Log) => Promise<T>,
): Promise<T> {
  const log = openLog(loadConfig(platform.env), 'test', createLogger('test', 'fatal'));
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}
