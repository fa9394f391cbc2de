import { InvalidArgumentError } from 'commander';
import { timeOf } from './moment.ts';

/** Parses a whole number of 1 or more. */
export const wholeNumber = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('expected a whole number of 1 or more');
  return Number(text);
};

/** Parses a time, in ms since 1970: ISO 8601, or an age. */
export const moment = (text: string): number => {
  const ms = timeOf(text, Date.now());
  if (ms === null) throw new InvalidArgumentError('expected an ISO 8601 time or an age, such as 90s, 30m, 2h or 7d');
  return ms;
};
