import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { JOB_PAYLOAD_BYTES_MAX } from '../../../schemas/contexts/jobs.ts';
import type { JobType } from '../../../schemas/generated/records.ts';
import { pointerPart } from '../../shared/json-pointer.ts';
import { FIELD_ERRORS_MAX } from '../../shared/problems/from-error.ts';
import { type FieldError, Problem } from '../../shared/problems/problem.ts';
import { suggestionFor } from '../../shared/problems/suggestion.ts';
import type { GatewayServices } from '../../shared/services.ts';

/** Invalid fields that an answer names. */
const ERRORS_MAX = 20;

/** The schemas are those of workers, so unknown keywords are theirs to use. */
const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);

const compiled = new WeakMap<JobType, ValidateFunction>();

function validatorOf(type: JobType): ValidateFunction {
  const known = compiled.get(type);
  if (known !== undefined) return known;
  const validate = ajv.compile(JSON.parse(type.inputSchema) as object);
  compiled.set(type, validate);
  return validate;
}

/** Returns the pointer to the field of an error: a missing or unknown field is named itself. */
function pointerOf({ instancePath, params }: ErrorObject, root: string): string {
  const { missingProperty, additionalProperty, unevaluatedProperty } = params as Readonly<Record<string, unknown>>;
  const field = missingProperty ?? additionalProperty ?? unevaluatedProperty;
  return `#/${root}${instancePath}${typeof field === 'string' ? `/${pointerPart(field)}` : ''}`;
}

/** Returns an error of a schema as one of the field `root` of the body. */
export const fieldError =
  (root: string) =>
  (error: ErrorObject): FieldError => ({
    in: 'body',
    pointer: pointerOf(error, root),
    detail: `The value ${error.message ?? 'is not valid'}`,
  });

/** Returns a value as JSON, or the error of a field that is above 64 KiB. */
function jsonWithin(value: unknown, field: string): string | FieldError {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= JOB_PAYLOAD_BYTES_MAX) return text;
  const detail = `The JSON of ${field} has ${bytes} bytes; ${JOB_PAYLOAD_BYTES_MAX} are allowed`;
  return { in: 'body', pointer: `#/${field}`, detail };
}

const tooLarge = (error: FieldError): Problem => new Problem('JOB_INPUT_TOO_LARGE', error.detail, { errors: [error] });

/** Returns a value as JSON. Throws Problem JOB_INPUT_TOO_LARGE above 64 KiB; `field` names it in the body. */
export function payloadOf(value: unknown, field: string): string {
  const text = jsonWithin(value, field);
  if (typeof text === 'string') return text;
  throw tooLarge(text);
}

/** Returns a registered type. Throws Problem JOB_TYPE_UNKNOWN with the types there are; LOG_UNAVAILABLE before they are read. */
export function typeOf({ jobTypes }: Pick<GatewayServices['tables'], 'jobTypes'>, name: string): JobType {
  if (!jobTypes.known) throw new Problem('LOG_UNAVAILABLE', 'The types of jobs cannot be read now');
  const found = jobTypes.value.get(name);
  if (found !== undefined) return found;
  const types = [...jobTypes.value.keys()].sort();
  const listed = types.length === 0 ? 'no worker has registered any' : `the types are ${types.join(', ')}`;
  throw new Problem('JOB_TYPE_UNKNOWN', `There is no type ${name}: ${listed}${suggestionFor(name, types)}`, {
    extensions: { types },
  });
}

/**
 * Returns the input of a job as JSON. Throws Problem JOB_INPUT_TOO_LARGE, and JOB_INPUT_INVALID with a pointer to each
 * field that the schema of the type refuses, at most 20; `field` names the input in the body.
 */
export function inputOf(type: JobType, input: unknown, field = 'input'): string {
  const text = payloadOf(input, field);
  const validate = validatorOf(type);
  if (validate(input)) return text;
  throw misfit(type, (validate.errors ?? []).slice(0, ERRORS_MAX).map(fieldError(field)));
}

function misfit({ type }: JobType, errors: readonly FieldError[]): Problem {
  const named = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
  return new Problem('JOB_INPUT_INVALID', `The input does not fit ${type}: ${named}`, { errors });
}

/**
 * Returns the inputs of many jobs as JSON. Throws Problem JOB_INPUT_TOO_LARGE for the first one above 64 KiB, and
 * JOB_INPUT_INVALID with a pointer such as `#/items/17/input/name` to each field that the schema refuses, at most 100.
 */
export function inputsOf(type: JobType, items: readonly { readonly input?: unknown }[]): readonly string[] {
  const validate = validatorOf(type);
  const errors: FieldError[] = [];
  const texts: string[] = [];
  for (const [nth, { input }] of items.entries()) {
    const field = `items/${nth}/input`;
    const text = jsonWithin(input, field);
    if (typeof text !== 'string') throw tooLarge(text);
    texts.push(text);
    if (!validate(input)) errors.push(...(validate.errors ?? []).map(fieldError(field)));
    if (errors.length >= FIELD_ERRORS_MAX) break;
  }
  if (errors.length > 0) throw misfit(type, errors.slice(0, FIELD_ERRORS_MAX));
  return texts;
}
