/** Memories of a turn in policy: a worker recalls them, and they become a part of the command that is decided. */
import { RECALL_UNAVAILABLE, recallOf } from '../../schemas/contexts/memory/turn-recall.ts';
import { askRecall, type TurnRecall } from '../../schemas/generated/records.ts';
import type { GovernedCommand } from '../../schemas/governed.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import type { Ruling } from './evaluate.ts';

/** Returns what a command asks to recall and has no answer for; null for any other command. Never throws. */
export function unrecalled(command: GovernedCommand): TurnRecall | null {
  const recall = recallOf(command);
  return recall === null || recall.answer !== null ? null : recall;
}

/** Returns the question for the memories of a turn: as of the time of the command, where it names none. Never throws. */
export function recallQuestion(
  command: GovernedCommand,
  { spaces, k, asOf }: TurnRecall,
  { id, key, timeMs }: Pick<Meta, 'id' | 'key' | 'timeMs'>,
): RecordOf<'AskRecall'> {
  const { prompt } = command.data as { readonly prompt?: string | null };
  return askRecall({ subjectId: key, commandId: id, command, query: prompt ?? '', spaces, k, asOf: asOf ?? timeMs });
}

/** Applies a missing answer to an allowing verdict: the turn is denied. Never throws. */
export const withRecalled = (command: GovernedCommand, verdict: Ruling): Ruling =>
  recallOf(command)?.answer?.outcome === 'unavailable'
    ? { ...verdict, outcome: 'deny', reasons: [RECALL_UNAVAILABLE], clauses: ['recall:unavailable'] }
    : verdict;
