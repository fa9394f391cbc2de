import { codeOf } from '../../../infra/kit/errors.ts';
import type { CommandAppender, EnvelopedCommand } from '../log/command-appender.ts';
import type { Outcomes, Waiting } from '../log/outcomes.ts';

/** Commands that are appended at once; those of two slices may wait for a decision. */
const SLICE = 32;
/** Longest silence of all that decides, in ms. It may be away: the log takes the commands all the same. */
const PATIENCE_MS = 5_000;
/** Longest wait for one decision while others are made, in ms: one partition may be away alone. */
const SLOW_MS = 60_000;

interface Parts {
  readonly commands: Pick<CommandAppender, 'appendAll'>;
  readonly outcomes: Pick<Outcomes, 'expect' | 'quietMs'>;
}

/** A wait for the decision on a command. */
interface Awaited {
  readonly commandId: string;
  readonly waiting: Waiting;
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
 * them keep what decides busy. A platform that decides slowly keeps the pace: that is when others need it. The pace ends, not the
 * request, when nothing at all is decided for 5 s, or one command is not for a minute. Rejects with LogError when the log does
 * not have all of them.
 */
export async function appendPaced(commands: Iterable<EnvelopedCommand>, { commands: log, outcomes }: Parts) {
  /** Decisions of the last two slices, the older first. */
  let [older, newer]: (Awaited | null)[] = [];
  let isPaced = true;
  try {
    for (const slice of slicesOf(commands, SLICE)) {
      if (older !== undefined) isPaced &&= older !== null && (await isDecided(older, outcomes));
      older = newer;
      newer = isPaced ? decisionOf((slice.at(-1) ?? slice[0]).envelope.id, outcomes) : null;
      await log.appendAll(slice);
    }
  } finally {
    older?.waiting.cancel();
    newer?.waiting.cancel();
  }
}

/** Resolves with true once a command is decided; with false when what decides is away, or takes longer than a minute. */
async function isDecided({ commandId, waiting }: Awaited, outcomes: Parts['outcomes']): Promise<boolean> {
  const overMs = performance.now() + SLOW_MS;
  for (let wait: Waiting | undefined = waiting; wait !== undefined; wait = decisionOf(commandId, outcomes)?.waiting) {
    if ((await wait.outcome) !== null) return true;
    if (outcomes.quietMs >= PATIENCE_MS || performance.now() >= overMs) return false;
  }
  return false;
}

/** Returns the wait for the decision of a command; null when too many requests wait. */
function decisionOf(commandId: string, outcomes: Parts['outcomes']): Awaited | null {
  try {
    return { commandId, waiting: outcomes.expect(commandId, PATIENCE_MS) };
  } catch (error) {
    if (codeOf(error) === 'LOG_OVERLOADED') return null;
    throw error;
  }
}
