/** What the bare sides share: kafkajs as its documentation begins. */
import { Kafka, logLevel } from 'kafkajs';

export const required = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};

export const kafka = new Kafka({
  clientId: 'bare',
  brokers: required('KAFKA_BROKERS').split(','),
  logLevel: logLevel.NOTHING,
});
