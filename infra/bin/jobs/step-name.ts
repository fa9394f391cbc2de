import { InvalidArgumentError } from 'commander';

/** Name of a step or wait of a job, as the API has it. */
export interface StepName {
  readonly path: string;
  readonly name: string;
  readonly nth: number;
}

/** Parses `name`, `name#2` for its second use, and `left/1/name` in a branch: names contain no slash. */
export function stepName(text: string): StepName {
  const [, path = '', name = '', nth = '1'] = /^(?:(.+)\/)?([^/]+?)(?:#([1-9]\d{0,8}))?$/.exec(text) ?? [];
  if (name === '') throw new InvalidArgumentError('expected a step, such as charge, charge#2 or left/1/charge');
  return { path, name, nth: Number(nth) };
}

/** Returns the text that `stepName` parses. */
export const stepText = ({ path, name, nth }: StepName): string =>
  `${path === '' ? '' : `${path}/`}${name}${nth === 1 ? '' : `#${nth}`}`;
