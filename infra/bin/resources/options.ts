import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OperationField } from '../../client/operation.ts';

/** Returns the long option of a field: `two_person` is `--two-person`. */
export const flagOf = ({ name }: Pick<OperationField, 'name'>): string => `--${name.replaceAll('_', '-')}`;

/** Returns the attribute under which commander keeps the option of a field. */
const attributeOf = (field: OperationField): string => new Option(flagOf(field)).attributeName();

const number = (text: string): number => {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('expected a number');
  return Number(text);
};

/** Parses a JSON value. */
export const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('expected JSON');
  }
};

/** Parses a text, or the JSON object or list that takes its place. */
const textOrJson = (text: string): unknown => (/^\s*[[{]/.test(text) ? json(text) : text);

/** Parses a list: comma-separated, or repeated. */
export const listed = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split(',').filter(Boolean),
];

const placeholders = {
  text: '<text>',
  number: '<number>',
  texts: '<items>',
  text_or_json: '<text>',
  json: '<json>',
  boolean: '',
} as const;

const parsers: Readonly<Partial<Record<OperationField['kind'], (text: string) => unknown>>> = {
  ...{ number, json, text_or_json: textOrJson },
};

/** Returns the description of a field as the help prints it: without Markdown, beginning in lower case. */
const helpOf = (description: string): string => {
  const text = description.replaceAll('`', '');
  return text.charAt(0).toLowerCase() + text.slice(1);
};

/** Returns the option of a field. `isRequired`: the command ends with USAGE without it. */
export function optionOf(field: OperationField, isRequired: boolean): Option {
  const { kind, choices, description, name, nullable = false } = field;
  const repeats = kind === 'texts' ? '; comma-separated, or repeated' : '';
  const text = helpOf(description || name.replaceAll('_', ' ')) + repeats;
  const option = new Option(`${flagOf(field)} ${placeholders[kind]}`.trim(), isRequired ? `${text} (required)` : text);
  const parse = parsers[kind];
  if (nullable) option.argParser((given) => (given === 'null' ? null : parse === undefined ? given : parse(given)));
  else if (parse !== undefined) option.argParser(parse);
  if (kind === 'texts') option.argParser(listed);
  if (choices !== undefined) option.choices([...choices]);
  return option.makeOptionMandatory(isRequired);
}

/** Adds the options of fields to a command. `isOptional`: none of them is mandatory, as for a change. */
export function addOptions(command: Command, fields: readonly OperationField[], isOptional: boolean): Command {
  for (const field of fields) command.addOption(optionOf(field, field.required && !isOptional));
  return command;
}

/** Returns the given options by the names of their fields. */
export const valuesOf = (
  fields: readonly OperationField[],
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const value = options[attributeOf(field)];
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
