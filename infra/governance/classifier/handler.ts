import { type ClassifierAnswer, classifierAnswered } from '../../../schemas/generated/records.ts';
import type { RecordOf, WorkContext } from '../../../streams/kernel.ts';
import { messageOf } from '../../kit/errors.ts';
import { type ClassifierClient, ClassifierUnavailable } from './client.ts';

type Question = RecordOf<'AskClassifier'>;

/** What a missing answer means: the command is refused, or it passes with the label `unmoderated`. */
export const classifierFailures = ['refuse', 'label'] as const;
export type ClassifierFailure = (typeof classifierFailures)[number];

/** Returns the answer that a missing one counts as, by the setting. */
export const failedAnswer = (error: unknown, onFailure: ClassifierFailure): ClassifierAnswer => ({
  ...{ outcome: onFailure === 'label' ? 'passed' : 'unavailable', scores: [], model: '', detail: messageOf(error) },
  latencyMs: error instanceof ClassifierUnavailable ? error.latencyMs : 0,
});

/** Runs questions to the outside classifier. */
export interface ClassifierHandler {
  /** Ends in one answer. Rejects when another run may help. */
  handle(question: Question, context: WorkContext): Promise<void>;
  /** Ends with the answer of a failure. */
  abandon(question: Question, context: WorkContext, error: unknown): Promise<void>;
}

const answered = ({ data: { subjectId, commandId, command } }: Question, answer: ClassifierAnswer) =>
  classifierAnswered({ subjectId, commandId, command, answer });

/**
 * Returns the handler of the classifier worker. `onFailure` is written into the answer, so that a decision can be made
 * again without the setting of that time.
 */
export function createClassifierHandler(
  classifier: Pick<ClassifierClient, 'ask'>,
  onFailure: ClassifierFailure,
): ClassifierHandler {
  return {
    async handle(question, context) {
      try {
        const answer = await classifier.ask(question.data.texts, context.signal);
        context.end(answered(question, answer));
      } catch (error) {
        if (!(error instanceof ClassifierUnavailable) || error.retryable) throw error;
        context.end(answered(question, failedAnswer(error, onFailure)));
      }
    },
    abandon: async (question, context, error) => context.end(answered(question, failedAnswer(error, onFailure))),
  };
}
