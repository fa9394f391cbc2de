/**
 * The baseline for the gateway: a bare Fastify handler with kafkajs, without validation, credentials or Avro.
 * `BARE_MODE=send`: one `send` per request, as a typical user writes it. `BARE_MODE=batched`: waiting records go into
 * one `send`, with one `send` in flight at a time, as an expert in kafkajs writes it.
 */
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { type Message, Partitioners } from 'kafkajs';
import { kafka, required } from './bare-kafka.ts';

const topic = required('BARE_TOPIC');
/** Maximum records of a hand-made batch: the cost of a kafkajs `send` grows with the square of its size. */
const BATCH_MAX = 500;

const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await producer.connect();

const send = (messages: Message[]) => producer.send({ topic, acks: -1, messages });

interface Waiting {
  readonly message: Message;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}
const waiting: Waiting[] = [];
let sending = false;

async function drain(): Promise<void> {
  if (sending) return;
  sending = true;
  while (waiting.length > 0) {
    const batch = waiting.splice(0, BATCH_MAX);
    try {
      await send(batch.map(({ message }) => message));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
  sending = false;
}

const batched = (message: Message): Promise<void> =>
  new Promise((resolve, reject) => {
    waiting.push({ message, resolve, reject });
    setImmediate(() => void drain());
  });

const single = async (message: Message): Promise<void> => void (await send([message]));
const append = required('BARE_MODE') === 'batched' ? batched : single;

const app = Fastify();
app.get('/', () => ({ ok: true }));
app.post('/', async (request, reply) => {
  const id = randomUUID();
  await append({ key: id, value: JSON.stringify(request.body) });
  return reply.code(202).send({ id });
});
await app.listen({ host: '127.0.0.1', port: Number(required('PORT')) });
