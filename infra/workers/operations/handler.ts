import {
  type DeadLetterShown,
  deadLettersRead,
  deadLettersSettled,
  operationRefused,
} from '../../../schemas/generated/records.ts';
import type { RecordOf, WorkContext } from '../../../streams/kernel.ts';
import type { Log } from '../../kafka/port.ts';
import { codeOf, messageOf } from '../../kit/errors.ts';
import { type DeadLetter, letterName } from '../../runner/dead-letters/letter.ts';
import { listDeadLetters } from '../../runner/dead-letters/select.ts';
import { settle } from '../../runner/dead-letters/settle.ts';

type Operation = RecordOf<'ReadDeadLetters' | 'SettleDeadLetters'>;

/** Time for the readers of parked keys to take what was redriven. */
const PARKED_MS_MAX = 10_000;
const MESSAGE_CHARS_MAX = 500;

/** Runs operations on dead letters. */
export interface OperationsHandler {
  /** Answers a question, or settles letters. Rejects when another run may help. */
  handle(operation: Operation, context: WorkContext): Promise<void>;
  /** Ends an operation that is not run again, with the code of the last failure. */
  abandon(operation: Operation, context: WorkContext, error: unknown): Promise<void>;
}

const shown = (letter: DeadLetter): DeadLetterShown => ({
  name: letterName(letter),
  ...letter.from,
  recordKey: letter.key,
  processor: letter.processor,
  code: letter.code,
  message: letter.message.slice(0, MESSAGE_CHARS_MAX),
  attempt: letter.attempt,
  at: letter.atMs,
  parked: letter.sequence,
  outcome: letter.note?.outcome ?? null,
  settledBy: letter.note?.by ?? null,
  settledAt: letter.note?.atMs ?? null,
});

/** Returns the handler of the operations worker. */
export const createOperationsHandler = (log: Log): OperationsHandler => ({
  async handle({ type, data }, { end }) {
    if (type === 'ReadDeadLetters') {
      const { topic, processor, code, settled, limit, requestId } = data;
      const letters = await listDeadLetters(log, {
        ...{ topic: topic ?? undefined, processor: processor ?? undefined, code: code ?? undefined, all: settled },
      });
      const newest = letters.toSorted((a, b) => b.atMs - a.atMs).slice(0, limit);
      end(deadLettersRead({ requestId, letters: newest.map(shown) }));
      return;
    }
    const { requestId, principal, names } = data;
    const verb = data.verb === 'drop' ? 'drop' : 'redrive';
    const wanted = { names: new Set(names) };
    const { done, parked } = await settle({ log, verb, filter: wanted, by: principal, waitMs: PARKED_MS_MAX });
    const named = (letters: readonly DeadLetter[]): string[] => letters.map(letterName);
    end(deadLettersSettled({ requestId, principal, verb, settled: named(done), parked: named(parked) }));
  },
  abandon: async ({ data: { requestId } }, { end }, error) =>
    end(operationRefused({ requestId, code: codeOf(error) ?? 'UNEXPECTED', detail: messageOf(error) })),
});
