import { pino } from 'pino';
import { describeLogContract } from '../../../infra/kafka/contract/log-contract.ts';
import { PlatformaticLog } from '../../../infra/kafka/platformatic/log.ts';
import { brokers } from './open-log.ts';

describeLogContract('platformatic', async () => {
  const log = new PlatformaticLog({
    brokers: brokers(),
    clientId: 'khipu-test',
    logger: pino({ level: 'silent' }),
    replicationFactor: 1,
  });
  return { log, close: () => log.close() };
});
