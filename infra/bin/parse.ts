import { InvalidArgumentError } from 'commander';
import { type StepName, stepNameOf } from '../../schemas/contexts/jobs/step-name.ts';
import { timeOf } from './moment.ts';

/** Parses a whole number of 1 or more. */
export const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('expected a whole number of 1 or more');
  return Number(text);
};

/** Parses a whole number from 0. */
export const numberFromZero = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number of 0 or more');
  return Number(text);
};

/** Parses a time, in ms since 1970: ISO 8601, or an age. */
export const moment = (text: string): number => {
  const ms = timeOf(text, Date.now());
  if (ms === null) throw new InvalidArgumentError('expected an ISO 8601 time or an age, such as 90s, 30m, 2h or 7d');
  return ms;
};

/** Parses a step of a job: `charge`, `charge#2` for its second use, `left/1/charge` in a branch. */
export const stepName = (text: string): StepName => {
  const step = stepNameOf(text);
  if (step === null) throw new InvalidArgumentError('expected a step, such as charge, charge#2 or left/1/charge');
  return step;
};

/** Parses the id of a trace. */
export const traceId = (text: string): string => {
  if (!/^[\da-f]{32}$/.test(text)) throw new InvalidArgumentError('expected the id of a trace, 32 hex digits');
  return text;
};
