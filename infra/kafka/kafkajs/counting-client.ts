import {
  type Admin,
  type AdminConfig,
  type Consumer,
  type ConsumerConfig,
  Kafka,
  type KafkaConfig,
  type Producer,
  type ProducerConfig,
} from 'kafkajs';
import type { OnRequest } from '../request-count.ts';

/** A kafkajs client that reports each request of its producers, consumers and admins when it is answered. */
export class CountingKafka extends Kafka {
  readonly #onRequest: OnRequest;

  constructor(config: KafkaConfig, onRequest: OnRequest) {
    super(config);
    this.#onRequest = onRequest;
  }

  override producer(config?: ProducerConfig): Producer {
    const producer = super.producer(config);
    producer.on(producer.events.REQUEST, ({ payload }) => this.#onRequest(payload.apiName));
    return producer;
  }

  override consumer(config: ConsumerConfig): Consumer {
    const consumer = super.consumer(config);
    consumer.on(consumer.events.REQUEST, ({ payload }) => this.#onRequest(payload.apiName));
    return consumer;
  }

  override admin(config?: AdminConfig): Admin {
    const admin = super.admin(config);
    admin.on(admin.events.REQUEST, ({ payload }) => this.#onRequest(payload.apiName));
    return admin;
  }
}
