import type { Command } from 'commander';
import { operations } from '../../client/generated/operations.ts';
import { type OperationField, type OperationSpec, pathNames } from '../../client/operation.ts';
import { fieldsText, rowsText } from '../show/fields.ts';
import { jsonOption, print } from '../show/print.ts';
import { addOptions, valuesOf } from './options.ts';
import { type Resource, type ResourceName, resources, type Verb } from './table.ts';

const sentence = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const words = (name: string): string => name.replaceAll('_', ' ');

/** A wait for a position is for programs that have just written; people read what is there. */
const isForPeople = ({ name }: OperationField): boolean => name !== 'position';

/** Returns the text of an answer: a table of its items, or its fields. The OpenAI API names the items of a list `data`. */
export function answerText(answer: Readonly<Record<string, unknown>>, columns: readonly string[]): string {
  const { items, next_cursor: next } = answer;
  if (Array.isArray(items)) return rowsText(items, columns) + (next ? `\nmore: --cursor ${next}` : '');
  const { object, data, has_more: hasMore, last_id: last } = answer;
  if (object === 'list' && Array.isArray(data))
    return rowsText(data, columns) + (hasMore === true ? `\nmore: --after ${last}` : '');
  return Object.keys(answer).length === 0 ? 'done' : fieldsText(answer);
}

/** Does something else with the options of a verb. Resolves with false for options that are for the verb. */
export type Instead = (options: Readonly<Record<string, unknown>>) => Promise<boolean>;

/** Registers one verb: its arguments are the names in the path, its options the query and the body. */
export function registerVerb(
  parent: Command,
  name: string,
  verb: Verb,
  columns: readonly string[],
  instead?: Instead,
): Command {
  const spec: OperationSpec = operations[verb.operation];
  const taken = new Set([...Object.keys(verb.fixed ?? {}), ...(verb.without ?? [])]);
  const query = spec.query.filter((field) => isForPeople(field) && !taken.has(field.name));
  const body = spec.body.filter((field) => !taken.has(field.name));
  const command = parent.command(name).description(sentence(verb.summary ?? spec.summary));
  const path = pathNames(spec);
  for (const each of path) command.argument(`<${each.replaceAll('_', '-')}>`, words(each));
  addOptions(command, query, false);
  addOptions(command, body, verb.current !== undefined && verb.keeps !== 'nothing');
  return command.option(...jsonOption).action(async () => {
    const options = command.opts<Record<string, unknown>>();
    if (await instead?.(options)) return;
    const { callVerb } = await import('./call.ts');
    const answer = await callVerb(verb, {
      path: Object.fromEntries(path.map((each, at) => [each, command.args[at] ?? ''])),
      query: valuesOf(query, options) as Record<string, string>,
      body: valuesOf(body, options),
    });
    print(options['json'] === true, answer, () => [answerText(answer, columns)]);
  });
}

const isResource = (name: string): name is ResourceName => Object.hasOwn(resources, name);

/** Registers the command of a resource, with all its verbs. Throws for a name that is not in the table: a bug. */
export function registerResource(
  program: Command,
  name: string,
  insteadOf: Readonly<Record<string, Instead>> = {},
): Command {
  if (!isResource(name)) throw new Error(`no resource is named ${name}`);
  const { description, columns, verbs }: Resource = resources[name];
  const command = program.command(name).description(description);
  for (const [verb, each] of Object.entries(verbs)) registerVerb(command, verb, each, columns, insteadOf[verb]);
  return command;
}
