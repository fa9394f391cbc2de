import type { SlmChunk, SlmDone } from '../provider.ts';
import { OutputRefused } from './checked-output.ts';
import { flushWindow } from './flush-window.ts';

/** How often text is sent, and how much at once. */
export interface Pace {
  /** Time between two pieces, ms. */
  readonly windowMs: number;
  /** Time between two pieces after the first `earlyPieces`, ms. */
  readonly lateWindowMs: number;
  readonly earlyPieces: number;
  /** Bound of a piece in UTF-16 code units, 2 or more; text of this length is sent without waiting for the window. */
  readonly charsMax: number;
}

/**
 * Coalesces deltas: the first is sent at once, those of the next window together, and so on. A model on a fast machine
 * makes hundreds of tokens a second, and a record for each would cost more than the token. A piece never ends between
 * the halves of a surrogate pair unless the answer does. Resolves with the end of the answer, after all text was sent.
 * Rejects when the chunks or `onText` do; the caller must then cancel the chunks. Before it rejects with OutputRefused all
 * text was sent.
 */
export async function coalesced(
  chunks: AsyncIterable<SlmChunk>,
  { windowMs, lateWindowMs, earlyPieces, charsMax }: Pace,
  onText: (text: string) => Promise<void>,
): Promise<SlmDone> {
  const iterator = chunks[Symbol.asyncIterator]();
  const window = flushWindow();
  let text = '';
  let pieces = 0;
  const openWindow = (): void => window.open(pieces < earlyPieces ? windowMs : lateWindowMs);
  /** Sends the collected text: whole pieces only, or all of it when nothing follows. */
  const flush = async (isEnd = false): Promise<void> => {
    for (let length = pieceOf(text, charsMax, isEnd); length > 0; length = pieceOf(text, charsMax, isEnd)) {
      const piece = text.slice(0, length);
      text = text.slice(length);
      pieces += 1;
      await onText(piece);
    }
  };
  try {
    let next = nextOf(iterator);
    for (;;) {
      const event = await Promise.race([next, window.passed()]);
      if (event === 'passed') {
        // The window was empty: the next delta is sent at once.
        if (text === '') window.close();
        else openWindow();
        await flush();
        continue;
      }
      if (event.done === true) throw new Error('the provider ended its answer without a done chunk');
      const chunk = event.value;
      if (chunk.kind === 'done') {
        await flush(true);
        return chunk;
      }
      text += chunk.text;
      next = nextOf(iterator);
      if (window.isOpen() && text.length < charsMax) continue;
      openWindow();
      await flush();
    }
  } catch (error) {
    // The text before the cut may be shown, and is the same for every pace of the model.
    if (error instanceof OutputRefused) await flush(true);
    throw error;
  } finally {
    window.close();
  }
}

/** Returns the length of the next piece of a text; 0 when there is none yet. */
function pieceOf(text: string, charsMax: number, isEnd: boolean): number {
  const length = Math.min(text.length, charsMax);
  const isSplit = /[\uD800-\uDBFF]/.test(text.charAt(length - 1));
  return isSplit && !(isEnd && length === text.length) ? length - 1 : length;
}

/**
 * Returns the next chunk. A rejection while a piece is being written is handled in the next iteration, and is not
 * unhandled until then.
 */
function nextOf(iterator: AsyncIterator<SlmChunk>): Promise<IteratorResult<SlmChunk>> {
  const next = iterator.next();
  next.catch(() => undefined);
  return next;
}
