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

/** Why the rules cannot be used, one line each; none when they parse and fit the schema. */
export function policyProblems(policies: readonly CedarPolicy[]): readonly string[] {
  const answer = validate({ schema: cedarSchema, policies: policySet(policies) });
  if (answer.type === 'failure') return answer.errors.map(({ message }) => message);
  return answer.validationErrors.map(({ policyId, error }) => `policy ${policyId}: ${error.message}`);
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
