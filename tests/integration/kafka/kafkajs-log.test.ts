import { pino } from 'pino';
import { KafkaJsLog } from '../../../infra/kafka/kafkajs/log.ts';
import { describeLogContract } from '../../../infra/kafka/log-contract.ts';

describeLogContract('kafkajs', async () => {
  const log = new KafkaJsLog({
    brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
    clientId: 'khipu-contract',
    logger: pino({ level: 'silent' }),
    replicationFactor: 1,
  });
  return { log, close: () => log.close() };
});
