import type { ClassifierAnswer } from '../../../schemas/generated/records.ts';
import { type ClassifierClient, ClassifierUnavailable } from './client.ts';
import { type ClassifierFailure, failedAnswer } from './handler.ts';

/** Requests about one part of an answer, as the classifier of commands has attempts. */
const ATTEMPTS_MAX = 3;

/**
 * Returns how parts of answers are classified: up to three requests each. A missing answer is one of the outcome that `onFailure`
 * gives it. Rejects with the reason of `signal` alone.
 */
export const answerClassifier =
  (classifier: Pick<ClassifierClient, 'ask'>, onFailure: ClassifierFailure) =>
  async (text: string, signal: AbortSignal): Promise<ClassifierAnswer> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await classifier.ask([text], signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof ClassifierUnavailable)) throw error;
        if (!error.retryable || attempt >= ATTEMPTS_MAX) return failedAnswer(error, onFailure);
      }
    }
  };
