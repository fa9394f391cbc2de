import { EventEmitter } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, it, vi } from 'vitest';
import type { StoredEvent } from '../read-model.ts';
import type { SubjectEvents } from '../subject-events.ts';
import { awaitEnd } from './await-end.ts';
import { LiveFeed } from './live-feed.ts';

const event = (type: string): StoredEvent => ({ type }) as StoredEvent;

/** One wait, with what it holds while it lasts. */
function waitOf(prefer: string | undefined, known: () => Promise<string | null>, entered = () => undefined) {
  const feed = new LiveFeed<StoredEvent>();
  let open = 0;
  const events = {
    open: () => {
      open += 1;
      return feed;
    },
    close: () => {
      open = 0;
      feed.end();
    },
  } as unknown as SubjectEvents;
  const raw = new EventEmitter();
  const header = vi.fn();
  let streams = 0;
  const enter = () => {
    entered();
    streams += 1;
    return () => {
      streams -= 1;
    };
  };
  const end = awaitEnd<string>(
    events,
    {
      ...{ tenantId: 'demo', subjectId: 's', known },
      endIn: ({ type }) => (type.startsWith('end') ? type : null),
    },
    {
      ...{ request: { headers: { prefer } } as unknown as FastifyRequest, streamLimits: { enter } as never },
      reply: { raw, header } as unknown as FastifyReply,
    },
  );
  return { end, feed, raw, header, held: () => ({ open, streams }) };
}

const none = async () => null;
const NOTHING = { open: 0, streams: 0 };

describe('the end of a subject', () => {
  it('is returned at once when it is known, with or without a wait', async () => {
    for (const prefer of [undefined, 'wait=10']) {
      const { end, held } = waitOf(prefer, async () => 'end of the row');
      expect(await end).toBe('end of the row');
      expect(held()).toEqual(NOTHING);
    }
  });

  it('is not waited for without a preference', async () => {
    const { end, held } = waitOf(undefined, none);
    expect(await end).toBeNull();
    expect(held()).toEqual(NOTHING);
  });

  it('is the first that the process reads, also one that it read during the look', async () => {
    const during: { feed?: LiveFeed<StoredEvent> } = {};
    const one = waitOf('wait=10', async () => {
      during.feed?.push(event('end in the look'));
      return null;
    });
    during.feed = one.feed;
    const later = waitOf('wait=10', none);
    await vi.waitFor(() => expect(later.held()).toEqual({ open: 1, streams: 1 }));
    later.feed.push(event('step'));
    later.feed.push(event('end later'));
    later.feed.push(event('end of another run'));
    expect(await later.end).toBe('end later');
    expect(later.held()).toEqual(NOTHING);
    expect(later.header).toHaveBeenCalledWith('preference-applied', 'wait=10');
    one.feed.push(event('end in the look'));
    expect(await one.end).toBe('end in the look');
  });

  it('is null after the wait, and when the client leaves', async () => {
    const short = waitOf('wait=1', none);
    const left = waitOf('wait=60', none);
    await vi.waitFor(() => expect(left.held()).toEqual({ open: 1, streams: 1 }));
    left.raw.emit('close');
    expect([await left.end, await short.end]).toEqual([null, null]);
    expect([left.held(), short.held()]).toEqual([NOTHING, NOTHING]);
  });

  it('holds nothing after a look that failed, and does not look beyond the streams of a tenant', async () => {
    const failed = waitOf('wait=10', () => Promise.reject(new Error('away')));
    await expect(failed.end).rejects.toThrow('away');
    expect(failed.held()).toEqual(NOTHING);
    const look = vi.fn(none);
    const full = waitOf('wait=10', look, () => {
      throw new Error('STREAMS_EXHAUSTED');
    });
    await expect(full.end).rejects.toThrow('STREAMS_EXHAUSTED');
    expect([look.mock.calls.length, full.held()]).toEqual([0, NOTHING]);
  });
});
