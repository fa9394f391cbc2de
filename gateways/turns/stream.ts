import { codeOf } from '../../infra/kafka/errors.ts';
import type { GatewayMetrics } from '../shared/metrics.ts';
import type { ConversationItem } from './conversation.ts';
import { RETRY_FRAME, type StreamCut } from './frames.ts';

/** A turn that has not begun by the fourth heartbeat will hardly begin: the stream ends, and its reader may ask again. */
const IDLE_BEFORE_TURN_MAX = 4;

/**
 * Reads until there is something to show, or until all that happened has been read; so errors still become problems.
 * Null when there is nothing to show and nothing to come.
 */
export async function openStream(
  items: AsyncGenerator<ConversationItem, void, undefined>,
  cut: StreamCut,
  metrics: GatewayMetrics,
): Promise<AsyncGenerator<string, void, undefined> | null> {
  for (;;) {
    const item = await items.next();
    if (item.done === true) return null;
    const frame = cut.take(item.value);
    if (frame === null && cut.ended) {
      await items.return();
      return null;
    }
    if (frame !== null || item.value === 'caught-up') return framesOf(frame, items, cut, metrics);
  }
}

async function* framesOf(
  first: string | null,
  items: AsyncGenerator<ConversationItem, void, undefined>,
  cut: StreamCut,
  metrics: GatewayMetrics,
): AsyncGenerator<string, void, undefined> {
  metrics.streamsOpen.inc();
  try {
    yield RETRY_FRAME + (first ?? '');
    if (first !== null) metrics.streamEvents.inc();
    let idle = 0;
    while (!cut.ended) {
      const item = await items.next();
      if (item.done === true) return;
      idle = item.value === 'idle' ? idle + 1 : 0;
      if (idle >= IDLE_BEFORE_TURN_MAX && cut.waitsForFirstTurn) return;
      const frame = cut.take(item.value);
      if (frame === null) continue;
      if (item.value !== 'idle') metrics.streamEvents.inc();
      yield frame;
    }
  } catch (error) {
    metrics.streamsCut.inc({ reason: codeOf(error) });
    throw error;
  } finally {
    metrics.streamsOpen.dec();
    await items.return();
  }
}
