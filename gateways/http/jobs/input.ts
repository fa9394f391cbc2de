import { hash } from 'node:crypto';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { CREATE_FILES } from '../../../schemas/contexts/files.ts';
import { payloadName } from '../../../schemas/contexts/jobs/payload.ts';
import { JOB_CONTENT_BYTES_MAX, JOB_PAYLOAD_BYTES_MAX } from '../../../schemas/contexts/jobs.ts';
import type { JobType } from '../../../schemas/generated/records.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { pointerPart } from '../../shared/json-pointer.ts';
import { FIELD_ERRORS_MAX } from '../../shared/problems/from-error.ts';
import { type FieldError, Problem } from '../../shared/problems/problem.ts';
import { suggestionFor } from '../../shared/problems/suggestion.ts';
import { requireCapability } from '../../shared/route/request.ts';
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

/** Returns a value as JSON. Throws Problem JOB_INPUT_TOO_LARGE above `bytesMax`, by default 64 KiB; `field` names it in the body. */
export function payloadOf(value: unknown, field: string, bytesMax = JOB_PAYLOAD_BYTES_MAX): string {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= bytesMax) return text;
  const detail = `The JSON of ${field} has ${bytes} bytes; ${bytesMax} are allowed`;
  throw new Problem('JOB_INPUT_TOO_LARGE', detail, { errors: [{ in: 'body', pointer: `#/${field}`, detail }] });
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
 * Returns the input of a job as JSON. Throws Problem JOB_INPUT_TOO_LARGE above 64 KiB, and JOB_INPUT_INVALID with a pointer to
 * each field that the schema of the type refuses, at most 20; `field` names the input in the body.
 */
export function inputOf(type: JobType, input: unknown, field = 'input', bytesMax = JOB_PAYLOAD_BYTES_MAX): string {
  const text = payloadOf(input, field, bytesMax);
  const validate = validatorOf(type);
  if (validate(input)) return text;
  throw misfit(type, (validate.errors ?? []).slice(0, ERRORS_MAX).map(fieldError(field)));
}

/** Who hands in an input, and where it is kept. */
interface Keeping {
  readonly tenantId: string;
  readonly caller: Pick<Caller, 'capabilities'>;
  readonly services: Pick<GatewayServices, 'filePieces'>;
}

/**
 * Resolves with JSON as a record has it: above 64 KiB with its name, once the log has all of its pieces. Rejects with Problem
 * CAPABILITY_MISSING for a caller that may not hand in contents, and with LogError.
 */
export async function payloadIn({ tenantId, caller, services }: Keeping, json: string): Promise<string> {
  const bytes = Buffer.from(json);
  if (bytes.length <= JOB_PAYLOAD_BYTES_MAX) return json;
  requireCapability(anyCovers(caller.capabilities, CREATE_FILES), CREATE_FILES);
  const digest = hash('sha256', bytes, 'hex');
  async function* content() {
    yield bytes;
  }
  await services.filePieces.append(tenantId, digest, content());
  return payloadName({ digest, bytes: bytes.length });
}

/** Resolves with the input of a job as its record has it. Rejects as `inputOf` throws, above 10 MiB, and as `payloadIn` does. */
export const keptInputOf = (keeping: Keeping, type: JobType, input: unknown): Promise<string> =>
  payloadIn(keeping, inputOf(type, input, 'input', JOB_CONTENT_BYTES_MAX));

function misfit({ type }: JobType, errors: readonly FieldError[]): Problem {
  const named = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
  return new Problem('JOB_INPUT_INVALID', `The input does not fit ${type}: ${named}`, { errors });
}

/**
 * Returns the inputs of many jobs as JSON. Throws Problem JOB_INPUT_INVALID with a pointer such as `#/items/17/input/name` to
 * each field that the schema refuses, at most 100.
 */
export function inputsOf(type: JobType, items: readonly { readonly input?: unknown }[]): readonly string[] {
  const validate = validatorOf(type);
  const errors: FieldError[] = [];
  for (const [nth, { input }] of items.entries()) {
    if (!validate(input)) errors.push(...(validate.errors ?? []).map(fieldError(`items/${nth}/input`)));
    if (errors.length >= FIELD_ERRORS_MAX) break;
  }
  if (errors.length > 0) throw misfit(type, errors.slice(0, FIELD_ERRORS_MAX));
  return items.map(({ input }) => JSON.stringify(input));
}
