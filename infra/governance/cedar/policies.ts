import { type PolicySet, preparsePolicySet, validate } from '@cedar-policy/cedar-wasm/nodejs';
import type { CedarPolicy } from '../../../schemas/contexts/constitution/document.ts';
import { ruleFacts } from '../../../schemas/contexts/constitution/rules.ts';
import { descriptors } from '../../../schemas/governed.ts';
import { resourceTypes } from '../../../schemas/governed-command.ts';
import { messageOf } from '../../kit/errors.ts';

/**
 * The Cedar schema of rules. Rules are checked against it before a constitution is signed and when it is verified.
 * Requests fit it by construction, so none is checked while deciding.
 */
export const cedarSchema = `
entity Tenant;
entity Principal in [Tenant];
entity ${resourceTypes.join(', ')};
type Facts = {
${Object.entries(ruleFacts)
  .map(([name, type]) => `  ${name}: ${type},\n`)
  .join('')}};
${Object.entries(descriptors)
  .map(
    ([action, { resource }]) =>
      `action ${action} appliesTo { principal: [Principal], resource: [${resource}], context: Facts };\n`,
  )
  .join('')}`;

const policySet = (policies: readonly CedarPolicy[]): PolicySet => ({
  staticPolicies: Object.fromEntries(policies.map(({ id, text }) => [id, text])),
});

const TEXT_CHARS_MAX = 8_000;
const NESTING_MAX = 32;
/** Operators of one kind per policy: a chain of them is nested too, in the syntax tree. */
const OPERATORS_MAX = 100;
const operators = [/&&/g, /\|\|/g, /[-+*]/g, /!/g, /==|[<>]|\b(?:in|is|has|like)\b/g] as const;
/** Attributes of attributes, which our facts do not have. */
const ATTRIBUTE_CHAIN = /(?:\.\s*\w+\s*){8}/;

/**
 * Returns why a policy may not be parsed, or null. Cedar parses recursively, and its WebAssembly has one small stack: a
 * text that nests too deeply would end the call, and leave less stack for all later ones. Brackets and operators in
 * strings count too.
 */
function nestingProblem({ id, text }: CedarPolicy): string | null {
  if (text.length > TEXT_CHARS_MAX) return `policy ${id}: ${text.length} characters of at most ${TEXT_CHARS_MAX}`;
  if (!text.isWellFormed()) return `policy ${id}: half a surrogate pair`;
  const chained = operators.some((operator) => [...text.matchAll(operator)].length > OPERATORS_MAX);
  if (chained || ATTRIBUTE_CHAIN.test(text)) return `policy ${id}: more than ${OPERATORS_MAX} operators of one kind`;
  let depth = 0;
  for (const [token] of text.matchAll(/[([{}\])]|\bif\b/g)) {
    depth += token === ')' || token === ']' || token === '}' ? -1 : 1;
    if (depth > NESTING_MAX) return `policy ${id}: nested more than ${NESTING_MAX} deep`;
  }
  return null;
}

/**
 * Returns why the rules cannot be used, one line per problem; empty when they parse and fit the schema. Never throws.
 */
export function policyProblems(policies: readonly CedarPolicy[]): readonly string[] {
  const nested = policies.map(nestingProblem).filter((problem) => problem !== null);
  if (nested.length > 0) return nested;
  try {
    const answer = validate({ schema: cedarSchema, policies: policySet(policies) });
    if (answer.type === 'failure') return answer.errors.map(({ message }) => message);
    return answer.validationErrors.map(({ policyId, error }) => `policy ${policyId}: ${error.message}`);
  } catch (error) {
    return [`the policies could not be read: ${messageOf(error)}`];
  }
}

/**
 * Number of cached policy sets: for a constitution one per action, and one per combination of principal, tenant and
 * model with own rules; for several constitutions in a replay. A set that is not cached is parsed again.
 */
export const PARSED_SETS_MAX = 256;

/**
 * Cedar stores parsed sets inside its WebAssembly memory under a name, and can replace but not delete them. So a fixed
 * number of names is reused: a new set takes the name of the least recently used one. There is one cache per process,
 * like Cedar's.
 */
const slots = new Map<string, string>();

/**
 * Returns the name of the parsed set for a key, which identifies its policies; parses the set when it is not cached.
 * Throws when it does not parse.
 */
export function parsedSet(key: string, policies: readonly CedarPolicy[]): string {
  const known = slots.get(key);
  if (known !== undefined) {
    slots.delete(key);
    slots.set(key, known);
    return known;
  }
  const [oldest] = slots;
  const slot = slots.size < PARSED_SETS_MAX || oldest === undefined ? `slot-${slots.size}` : oldest[1];
  const answer = preparsePolicySet(slot, policySet(policies));
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
  if (slots.size >= PARSED_SETS_MAX && oldest !== undefined) slots.delete(oldest[0]);
  slots.set(key, slot);
  return slot;
}
