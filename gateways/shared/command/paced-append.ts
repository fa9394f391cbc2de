import { codeOf } from '../../../infra/kit/errors.ts';
import type { CommandAppender, EnvelopedCommand } from '../log/command-appender.ts';
import type { Outcomes, Waiting } from '../log/outcomes.ts';

/** Commands that are appended at once; those of two slices may wait for a decision. */
const SLICE = 32;
/** Longest wait for a decision, in ms. What decides may be away: the log takes the commands all the same. */
const PATIENCE_MS = 5_000;

interface Parts {
  readonly commands: Pick<CommandAppender, 'appendAll'>;
  readonly outcomes: Pick<Outcomes, 'expect'>;
}

/** Yields the items in slices of at most `size`, in order. */
function* slicesOf<Item>(items: Iterable<Item>, size: number): Generator<readonly [Item, ...Item[]]> {
  let slice: [Item, ...Item[]] | undefined;
  for (const item of items) {
    if (slice === undefined) slice = [item];
    else slice.push(item);
    if (slice.length < size) continue;
    yield slice;
    slice = undefined;
  }
  if (slice !== undefined) yield slice;
}

/**
 * Appends the commands of one request in order, as fast as they are decided: at most two slices wait in the log, so that a
 * request with thousands of commands does not stand before the commands of others in their partitions. By Little's law 64 of
 * them keep what decides busy. A command that is not decided within 5 s ends the pace, not the request. Rejects with LogError
 * when the log does not have all of them.
 */
export async function appendPaced(commands: Iterable<EnvelopedCommand>, { commands: log, outcomes }: Parts) {
  /** Decisions of the last two slices, the older first. */
  let [older, newer]: (Waiting | null)[] = [];
  let isPaced = true;
  try {
    for (const slice of slicesOf(commands, SLICE)) {
      if (older !== undefined) isPaced &&= (await older?.outcome) != null;
      older = newer;
      newer = isPaced ? decisionOf(slice.at(-1) ?? slice[0], outcomes) : null;
      await log.appendAll(slice);
    }
  } finally {
    older?.cancel();
    newer?.cancel();
  }
}

/** Returns the wait for the decision of a command; null when too many requests wait. */
function decisionOf({ envelope }: EnvelopedCommand, outcomes: Pick<Outcomes, 'expect'>): Waiting | null {
  try {
    return outcomes.expect(envelope.id, PATIENCE_MS);
  } catch (error) {
    if (codeOf(error) === 'LOG_OVERLOADED') return null;
    throw error;
  }
}
