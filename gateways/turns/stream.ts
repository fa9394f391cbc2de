import type { ServerResponse } from 'node:http';
import { codeOf } from '../../infra/kafka/errors.ts';
import type { GatewayMetrics } from '../shared/metrics.ts';
import type { ConversationItem } from './conversation.ts';
import { RETRY_FRAME, type StreamCut } from './frames.ts';

type Items = AsyncGenerator<ConversationItem, void, undefined>;

/** A turn that has not begun by the fourth heartbeat will hardly begin: the stream ends, and its reader may ask again. */
const IDLE_BEFORE_TURN_MAX = 4;

/** A stream that has something to show, or to wait for. */
export interface OpenStream {
  /** The first event; null when the stream waits for one. */
  readonly first: string | null;
  readonly items: Items;
  readonly cut: StreamCut;
}

/**
 * Reads until there is something to show, or until all that happened has been read; so errors still become problems.
 * Null when there is nothing to show and nothing to come.
 */
export async function openStream(items: Items, cut: StreamCut): Promise<OpenStream | null> {
  for (;;) {
    const item = await items.next();
    if (item.done === true) return null;
    const first = cut.take(item.value);
    if (first === null && cut.ended) {
      await items.return();
      return null;
    }
    if (first !== null || item.value === 'caught-up') return { first, items, cut };
  }
}

/**
 * Writes a stream to its reader until it ends, straight to the response: a Readable between them, and an iterator that
 * feeds it, would take more memory than all else that a waiting stream holds. A reader that does not take what was
 * written is waited for; what comes meanwhile is bounded by its live queue. Never rejects.
 */
export async function writeStream(
  { first, items, cut }: OpenStream,
  response: ServerResponse,
  signal: AbortSignal,
  metrics: GatewayMetrics,
): Promise<void> {
  metrics.streamsOpen.inc();
  response.on('error', () => response.destroy());
  try {
    if (first !== null) metrics.streamEvents.inc();
    await written(response, RETRY_FRAME + (first ?? ''), signal);
    for (let idle = 0; !cut.ended; ) {
      const item = await items.next();
      if (item.done === true) break;
      idle = item.value === 'idle' ? idle + 1 : 0;
      if (idle >= IDLE_BEFORE_TURN_MAX && cut.waitsForFirstTurn) break;
      const frame = cut.take(item.value);
      if (frame === null) continue;
      if (item.value !== 'idle') metrics.streamEvents.inc();
      await written(response, frame, signal);
    }
    response.end();
  } catch (error) {
    metrics.streamsCut.inc({ reason: codeOf(error) });
    // Cut, not ended: the reader sees that there is more, and resumes from the last event it has.
    response.destroy();
  } finally {
    metrics.streamsOpen.dec();
    await items.return();
  }
}

/** Undefined when the reader can take more at once, so that most events cost no promise. */
function written(response: ServerResponse, text: string, signal: AbortSignal): Promise<void> | undefined {
  // A write to a reader that has gone is an error event, and nobody's fault.
  if (signal.aborted || response.destroyed || response.write(text)) return undefined;
  return new Promise((resolve) => {
    const go = (): void => {
      response.off('drain', go);
      signal.removeEventListener('abort', go);
      resolve();
    };
    response.on('drain', go);
    signal.addEventListener('abort', go);
  });
}
