import { type Operation, problemsOf } from '../openapi/operations.ts';

/** Problem codes that all operations of a kind share, which the page lists once. */
export interface CommonProblems {
  readonly always: ReadonlySet<string>;
  readonly secured: ReadonlySet<string>;
  readonly withBody: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
}

const codesOf = (operation: Operation): readonly string[] => [...problemsOf(operation).values()].flat();

const sharedBy = (operations: readonly Operation[]): ReadonlySet<string> => {
  const [first = [], ...others] = operations.map(codesOf);
  return new Set(first.filter((code) => others.every((codes) => codes.includes(code))));
};

const without = (codes: ReadonlySet<string>, ...others: readonly ReadonlySet<string>[]): ReadonlySet<string> =>
  new Set([...codes].filter((code) => !others.some((other) => other.has(code))));

/** Returns the codes that operations share: all with problems, those with credentials, those with a body, and writes. */
export function commonProblems(operations: readonly Operation[]): CommonProblems {
  const always = sharedBy(operations.filter((operation) => problemsOf(operation).size > 0));
  const secured = without(sharedBy(operations.filter(({ security }) => security !== undefined)), always);
  const withBody = without(
    sharedBy(operations.filter(({ requestBody }) => requestBody !== undefined)),
    always,
    secured,
  );
  const writes = without(
    sharedBy(operations.filter((operation) => 'x-appends' in operation)),
    always,
    secured,
    withBody,
  );
  return { always, secured, withBody, writes };
}

const link = (code: string): string => `[\`${code}\`](errors.md#${code})`;

/** Returns a table of the shared codes. */
export function commonText({ always, secured, withBody, writes }: CommonProblems): string {
  const list = (codes: ReadonlySet<string>): string => [...codes].map(link).join(', ');
  return [
    'The following problems are listed here once, not with each operation:',
    '',
    '| Operations | Problems |',
    '|---|---|',
    `| all | ${list(always)} |`,
    `| with credentials | ${list(secured)} |`,
    `| with a body | ${list(withBody)} |`,
    `| writes | ${list(writes)} |`,
  ].join('\n');
}

/** Returns table rows of the problems that are not shared, by status. */
export const problemRows = (
  operation: Operation,
  { always, secured, withBody, writes }: CommonProblems,
): readonly string[] =>
  [...problemsOf(operation)].flatMap(([status, codes]) => {
    const own = without(new Set(codes), always, secured, withBody, writes);
    return own.size === 0 ? [] : [`| ${status} | ${[...own].map(link).join(', ')} |`];
  });
