import { describeLogContract } from '../../../infra/kafka/contract/log-contract.ts';
import { openLog } from './open-log.ts';

describeLogContract('kafkajs', async () => {
  const log = openLog();
  return { log, close: () => log.close() };
});
