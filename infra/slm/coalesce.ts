import type { SlmChunk, SlmDone } from '../providers/provider.ts';

/**
 * Gathers deltas: the first goes out at once, those of the next `windowMs` together, and so on. A model on a fast machine
 * makes hundreds of tokens a second, and a record for each would cost more than the token. Resolves with the end of the answer,
 * after all text went out. Rejects as the chunks or `onText` do; whoever calls then cancels the chunks.
 */
export async function coalesced(
  chunks: AsyncIterable<SlmChunk>,
  windowMs: number,
  onText: (text: string) => Promise<void>,
): Promise<SlmDone> {
  const iterator = chunks[Symbol.asyncIterator]();
  const window = flushWindow(windowMs);
  let text = '';
  const flush = async (): Promise<void> => {
    if (text === '') return;
    const piece = text;
    text = '';
    await onText(piece);
  };
  try {
    let next = nextOf(iterator);
    for (;;) {
      const event = await Promise.race([next, window.passed()]);
      if (event === 'passed') {
        // Nothing came in the window: the next delta goes out at once.
        if (text === '') window.close();
        else window.open();
        await flush();
        continue;
      }
      if (event.done === true) throw new Error('the provider ended its answer without saying so');
      const chunk = event.value;
      if (chunk.kind === 'done') {
        await flush();
        return chunk;
      }
      text += chunk.text;
      next = nextOf(iterator);
      if (window.isOpen()) continue;
      window.open();
      await flush();
    }
  } finally {
    window.close();
  }
}

/** A failure that comes while a piece is being written is met at the next turn of the loop, not unhandled until then. */
function nextOf(iterator: AsyncIterator<SlmChunk>): Promise<IteratorResult<SlmChunk>> {
  const next = iterator.next();
  next.catch(() => undefined);
  return next;
}

interface FlushWindow {
  open(): void;
  close(): void;
  isOpen(): boolean;
  /** Never resolves while closed. */
  passed(): Promise<'passed'>;
}

function flushWindow(windowMs: number): FlushWindow {
  let timer: NodeJS.Timeout | null = null;
  let end = Promise.withResolvers<'passed'>();
  const close = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    end = Promise.withResolvers();
  };
  return {
    open() {
      close();
      const { resolve } = end;
      timer = setTimeout(() => resolve('passed'), windowMs);
    },
    close,
    isOpen: () => timer !== null,
    passed: () => end.promise,
  };
}
