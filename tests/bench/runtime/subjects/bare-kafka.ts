/** Code shared by the bare sides: kafkajs as in the first example of its documentation. */
import { Kafka, logLevel } from 'kafkajs';

/** Returns a required environment variable. Throws when it is not set. */
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
