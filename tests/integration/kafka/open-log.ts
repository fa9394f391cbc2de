import { pino } from 'pino';
import { KafkaJsLog } from '../../../infra/kafka/kafkajs/log.ts';

export const brokers = (): readonly string[] => (process.env['KAFKA_BROKERS'] ?? '').split(',');

export const openLog = (at: readonly string[] = brokers()): KafkaJsLog =>
  new KafkaJsLog({ brokers: at, clientId: 'khipu-test', logger: pino({ level: 'silent' }), replicationFactor: 1 });
