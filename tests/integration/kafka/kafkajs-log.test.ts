import { describeLogContract } from '../../../infra/kafka/log-contract.ts';
import { openLog } from './open-log.ts';

describeLogContract('kafkajs', async () => {
  const log = openLog();
  return { log, close: () => log.close() };
});
