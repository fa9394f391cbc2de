import { type PolicySet, preparsePolicySet, validate } from '@cedar-policy/cedar-wasm/nodejs';
import type { CedarPolicy } from '../../schemas/constitution.ts';

/**
 * What Cedar rules may speak of. Rules are checked against it before a constitution is signed and when it is verified;
 * requests are built by us and fit by construction, so none is checked while deciding.
 */
export const cedarSchema = `
entity Tenant;
entity Principal in [Tenant];
entity Model;
type Facts = {
  tenant: String,
  persona: String,
  prompt_chars: Long,
  max_tokens: Long,
  capabilities: Set<String>,
  moderation: Set<String>,
  labels: Set<String>,
  session_labels: Set<String>,
};
action StartSession, SubmitTurn, InferText, EmbedText appliesTo {
  principal: [Principal],
  resource: [Model],
  context: Facts,
};
`;

const policySet = (policies: readonly CedarPolicy[]): PolicySet => ({
  staticPolicies: Object.fromEntries(policies.map(({ id, text }) => [id, text])),
});

const TEXT_CHARS_MAX = 8_000;
const NESTING_MAX = 32;
/** Of one kind: a chain of them is nested as well, in the tree that is read from it. */
const OPERATORS_MAX = 100;
const operators = [/&&/g, /\|\|/g, /[-+*]/g, /!/g, /==|[<>]|\b(?:in|is|has|like)\b/g] as const;
/** Attributes of attributes: our facts have none. */
const ATTRIBUTE_CHAIN = /(?:\.\s*\w+\s*){8}/;

/**
 * Cedar goes down into what is nested by recursion, and its WebAssembly has one small stack: a text that nests too deeply
 * would end the call, and leave less stack to all that follow. What stands in strings is counted as well.
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

/** Why the rules cannot be used, one line each; none when they parse and fit the schema. Never throws. */
export function policyProblems(policies: readonly CedarPolicy[]): readonly string[] {
  const nested = policies.map(nestingProblem).filter((problem) => problem !== null);
  if (nested.length > 0) return nested;
  try {
    const answer = validate({ schema: cedarSchema, policies: policySet(policies) });
    if (answer.type === 'failure') return answer.errors.map(({ message }) => message);
    return answer.validationErrors.map(({ policyId, error }) => `policy ${policyId}: ${error.message}`);
  } catch (error) {
    return [`the policies could not be read: ${error instanceof Error ? error.message : String(error)}`];
  }
}

/**
 * Parsed policy sets that are kept: of a constitution one for each action, and one for each combination of principal, tenant
 * and model that it has rules for; of several constitutions in a replay. A set that was dropped is parsed again.
 */
export const PARSED_SETS_MAX = 256;

/**
 * Cedar keeps parsed sets inside its WebAssembly memory under a name, and can replace but not drop them. Hence a fixed number of
 * names that are used in turn: the set that was used longest ago gives up its own. One cache a process, as Cedar's is.
 */
const slots = new Map<string, string>();

/** Name of the parsed set of that key, which tells its policies; parses it when it is not there. Throws when it does not parse. */
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
