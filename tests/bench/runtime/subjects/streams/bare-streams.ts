/**
 * The baseline for streams: node's HTTP server and a kafkajs consumer that writes each record to the response of its
 * session. No credentials, Avro, history, resuming or back-pressure.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { kafka, required } from '../bare-kafka.ts';
import { TEXT } from './text.ts';

const open = new Map<string, { readonly response: ServerResponse; sequence: number }>();

function tell(sessionId: string, value: Buffer | null): void {
  const stream = open.get(sessionId);
  if (stream === undefined) return;
  stream.sequence += 1;
  const data = { session_id: sessionId, sequence: stream.sequence, text: value?.toString('base64') };
  stream.response.write(
    `id: 1-1.1.${stream.sequence * TEXT.length}\nevent: turn.delta\ndata: ${JSON.stringify(data)}\n\n`,
  );
}

const consumer = kafka.consumer({ groupId: `bare-${randomUUID()}`, maxWaitTimeInMs: 100 });
await consumer.connect();
await consumer.subscribe({ topic: required('BARE_TOPIC'), fromBeginning: false });
const fetched = new Promise<void>((resolve) => consumer.on(consumer.events.FETCH, () => resolve()));
await consumer.run({
  eachBatch: async ({ batch }) => {
    for (const { key, value } of batch.messages) tell(key?.toString() ?? '', value);
  },
});
await fetched;

createServer((request, response) => {
  const [, sessionId] = /^\/v1\/turn\/([^?]+)/.exec(request.url ?? '') ?? [];
  if (sessionId === undefined) return void response.end();
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write('retry: 1000\n\n');
  open.set(sessionId, { response, sequence: 0 });
  response.on('close', () => open.delete(sessionId));
}).listen(Number(required('PORT')), '127.0.0.1');
