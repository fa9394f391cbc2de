/**
 * Thousands of stream readers in one process, over raw sockets, so that the reading side is cheap: requests are written
 * by hand, and only the ids of events are parsed.
 */
import { connect, type Socket } from 'node:net';
import { TEXT } from './text.ts';

export interface WantedStream {
  readonly sessionId: string;
  readonly token: string;
}

/** A command to this process. */
export type ReadersOrder =
  | {
      readonly type: 'open';
      readonly port: number;
      readonly streams: readonly WantedStream[];
    }
  | { readonly type: 'report' }
  | { readonly type: 'close' };

/** An answer of this process. `at`: microseconds of the system's monotonic clock, the same for all processes. */
export type ReadersAnswer =
  | { readonly type: 'opened' }
  | { readonly type: 'failed'; readonly detail: string }
  | { readonly type: 'report'; readonly arrivals: readonly Arrival[]; readonly ended: number };

export type Arrival = readonly [stream: number, sequence: number, at: number];

const AT_ONCE = 50;
const nowUs = (): number => Number(process.hrtime.bigint() / 1_000n);

const sockets: Socket[] = [];
let arrivals: Arrival[] = [];
let ended = 0;
const tell = (answer: ReadersAnswer): void => void process.send?.(answer);

function open(port: number, stream: number, { sessionId, token }: WantedStream): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    sockets.push(socket);
    let opened = false;
    socket.setEncoding('latin1');
    socket.on('error', reject);
    socket.on('close', () => {
      ended += 1;
    });
    socket.on('data', (text: string) => {
      const at = nowUs();
      if (!opened) {
        opened = true;
        if (text.startsWith('HTTP/1.1 200')) resolve();
        else reject(new Error(text.slice(0, 300)));
      }
      // The last number of a delta's id is the length of the text so far.
      for (const [, length] of text.matchAll(/^id: 1-1\.1\.(\d+)$/gm))
        arrivals.push([stream, Number(length) / TEXT.length, at]);
    });
    socket.write(
      `GET /v1/turn/${sessionId}?follow=true HTTP/1.1\r\nhost: khipu\r\naccept: text/event-stream\r\nauthorization: Bearer ${token}\r\n\r\n`,
    );
  });
}

async function openAll({ port, streams }: Extract<ReadersOrder, { type: 'open' }>): Promise<void> {
  const queue = [...streams.entries()];
  const first = sockets.length;
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await open(port, first + next[0], next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

process.on('message', (order: ReadersOrder) => {
  switch (order.type) {
    case 'open':
      openAll(order).then(
        () => tell({ type: 'opened' }),
        (error: unknown) => tell({ type: 'failed', detail: String(error) }),
      );
      return;
    case 'report':
      tell({ type: 'report', arrivals, ended });
      arrivals = [];
      return;
    case 'close':
      for (const socket of sockets) socket.destroy();
      process.disconnect();
      return;
  }
});
