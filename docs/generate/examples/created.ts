import type { ApiDocument } from '../openapi/document.ts';
import { type Operation, operationsOf } from '../openapi/operations.ts';
import type { Step } from './tour.ts';

/** Returns the parameter by which later operations name what this one creates; undefined when it creates nothing. */
const createdBy = ({ paths }: ApiDocument, { method, path }: Operation): string | undefined =>
  method !== 'POST'
    ? undefined
    : Object.keys(paths)
        .filter((other) => other.startsWith(`${path}/{`))
        .map((other) => /^\{(\w+)\}/.exec(other.slice(path.length + 1))?.[1])[0];

const variableOf = (parameter: string): string => parameter.toUpperCase();

/**
 * Returns the variable that holds a parameter of a path, where an operation creates what it names: `$REMINDER_ID` for
 * `/v1/reminders/{reminder_id}` when there is `POST /v1/reminders`.
 */
export const createdVariable = (document: ApiDocument, path: string, parameter: string): string | undefined =>
  document.paths[path.slice(0, path.indexOf(`/{${parameter}}`))]?.['post'] === undefined
    ? undefined
    : `$${variableOf(parameter)}`;

/** Returns steps for operations that `tour` does not name: first those that create, then queries, then the others. */
export function furtherSteps(document: ApiDocument, tour: readonly Step[]): readonly Step[] {
  const named = new Set(tour.flatMap((step) => ('run' in step ? [step.run] : [])));
  const further = operationsOf(document).filter(({ operationId }) => !named.has(operationId));
  const creating = further.filter((operation) => createdBy(document, operation) !== undefined);
  const reading = further.filter(({ method }) => method === 'GET');
  const others = further.filter((operation) => !creating.includes(operation) && !reading.includes(operation));
  return [
    ...creating.map((operation) => {
      const parameter = createdBy(document, operation) ?? '';
      return { run: operation.operationId, take: { [variableOf(parameter)]: parameter } };
    }),
    ...reading.map(({ operationId: run, path }) => ({ run, shows: shownBy(document, path, creating) })),
    ...others.map(({ operationId: run }) => ({ run })),
  ];
}

/** Text in the answer of a query: the id of what was created, where the query is about it. */
function shownBy(document: ApiDocument, path: string, creating: readonly Operation[]): string {
  const creator = creating.find((operation) => path === operation.path || path.startsWith(`${operation.path}/{`));
  const parameter = creator === undefined ? undefined : createdBy(document, creator);
  return parameter === undefined ? '{' : `$${variableOf(parameter)}`;
}
