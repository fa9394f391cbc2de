import type { ServerResponse } from 'node:http';
import { EventSource } from 'eventsource';
import { expect, test } from 'vitest';
import { createApi } from './api.ts';
import { withGateway } from './testing.ts';
import { createTicket, ticketedEvents } from './ticketed-events.ts';

const frame = (id: number, event: string) =>
  `retry: 1\nid: ${id}\nevent: ${event}\ndata: {"turn_id":"t","n":${id}}\n\n`;
const stream = (response: ServerResponse, ...frames: string[]) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(frames.join(''));
const common = { sessionId: 's', EventSource, retryMs: 1, attemptsMax: 3 };

/** Returns a function that resolves with another ticket each time. */
function tickets(): () => Promise<string> {
  let made = 0;
  return async () => {
    made += 1;
    return `ticket-${made}`;
  };
}

/** A gateway whose connections each break off after two of five events; it accepts each ticket once. */
async function atCuttingGateway<T>(body: (url: string, asked: string[]) => Promise<T>): Promise<T> {
  const asked: string[] = [];
  const used = new Set<string>();
  return withGateway(
    (request, response) => {
      const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://gateway');
      asked.push(`${pathname}?${query}`);
      const ticket = query.get('ticket') ?? '';
      if (used.has(ticket)) return response.writeHead(401).end();
      used.add(ticket);
      const from = Number(query.get('last_event_id') ?? 0) + 1;
      const frames = [from, from + 1].map((id) => frame(id, id >= 5 ? 'turn.completed' : 'turn.delta'));
      stream(response, ...frames);
      setTimeout(() => response.destroy(), 5);
    },
    (url) => body(url, asked),
  );
}

test('each connection has its own ticket and begins after the last event', async () => {
  const seen: unknown[] = [];
  await atCuttingGateway(async (url, asked) => {
    const ticket = tickets();
    for await (const event of ticketedEvents({ ...common, url, turnId: 't', ticket })) seen.push(event);
    expect(asked).toEqual([
      '/v1/turn/s?ticket=ticket-1&turn_id=t',
      '/v1/turn/s?ticket=ticket-2&turn_id=t&last_event_id=2',
      '/v1/turn/s?ticket=ticket-3&turn_id=t&last_event_id=4',
    ]);
  });
  expect(seen).toEqual(
    [1, 2, 3, 4, 5].map((n) => ({
      id: String(n),
      event: n === 5 ? 'turn.completed' : 'turn.delta',
      data: { turn_id: 't', n },
    })),
  );
});

test('without a turn the stream follows the session, and ends when the reader leaves', async () => {
  await atCuttingGateway(async (url, asked) => {
    const ticket = tickets();
    for await (const { id } of ticketedEvents({ ...common, url: `${url}/`, ticket })) if (id === '3') break;
    expect(asked).toEqual([
      '/v1/turn/s?ticket=ticket-1&follow=true',
      '/v1/turn/s?ticket=ticket-2&follow=true&last_event_id=2',
    ]);
  });
});

test('a ticket that is refused is never sent again: after the attempts, the stream gives up', async () => {
  await atCuttingGateway(async (url, asked) => {
    const read = async () => {
      for await (const { id } of ticketedEvents({ ...common, url, turnId: 't', ticket: async () => 'the-same' }))
        void id;
    };
    await expect(read()).rejects.toMatchObject({ code: 'STREAM_INCOMPLETE' });
    // The first connection, then three attempts.
    expect(asked).toHaveLength(4);
  });
});

test('an error of the ticket ends the stream', async () => {
  const refused = createApi({ url: 'http://127.0.0.1:9', token: 'k' });
  await withGateway(
    (_, response) =>
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end('{"code":"SESSION_UNKNOWN"}'),
    async (url) => {
      const api = createApi({ url, token: 'k' });
      const events = ticketedEvents({ ...common, url, turnId: 't', ticket: () => createTicket(api, 's') });
      await expect(events.next()).rejects.toMatchObject({ name: 'ApiError', code: 'SESSION_UNKNOWN' });
    },
  );
  await expect(createTicket(refused, 's')).rejects.toThrow();
});

test('an aborted stream rejects with the reason and closes its connection', async () => {
  const abort = new AbortController();
  let closed: Promise<unknown> = Promise.resolve();
  await withGateway(
    (_, response) => {
      closed = new Promise((resolve) => response.once('close', resolve));
      stream(response, frame(1, 'turn.delta'));
    },
    async (url) => {
      const events = ticketedEvents({ ...common, url, turnId: 't', ticket: async () => 'x', signal: abort.signal });
      expect((await events.next()).value).toMatchObject({ id: '1' });
      setTimeout(() => abort.abort(new Error('the reader left')), 20);
      await expect(events.next()).rejects.toThrow('the reader left');
      await closed;
    },
  );
});
