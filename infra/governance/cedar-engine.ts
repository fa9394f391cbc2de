import type { KeyObject } from 'node:crypto';
import { statefulIsAuthorized, type TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type {
  ConstitutionDocument,
  ConstitutionStatus,
  RuleRequest,
  RuleVerdict,
  VerifiedConstitution,
} from '../../schemas/constitution.ts';
import type { ConstitutionPublished } from '../../schemas/generated/records.ts';
import type { Asked } from './cedar-conditions.ts';
import { indexPolicies, type PolicyIndex } from './cedar-index.ts';
import { parsedSet } from './cedar-policies.ts';
import { verifyConstitution } from './constitution-signing.ts';
import { GovernanceError } from './errors.ts';

/** The engine that policy is given: signatures by Ed25519, rules by Cedar. Synchronous: docs/reference/benchmarks.md says how long it takes. */
export interface CedarEngine {
  verify(published: ConstitutionPublished): ConstitutionStatus;
  rule(constitution: VerifiedConstitution, request: RuleRequest): RuleVerdict;
}

export interface CedarEngineOptions {
  /** Keys that may sign constitutions, by key id. */
  readonly trusted: ReadonlyMap<string, KeyObject>;
  /** Different keys that must have signed. */
  readonly signaturesRequired?: number;
}

export const createCedarEngine = ({ trusted, signaturesRequired = 1 }: CedarEngineOptions): CedarEngine => ({
  verify: (published) => statusOf(published, trusted, signaturesRequired),
  rule: ruled,
});

function statusOf(
  published: ConstitutionPublished,
  trusted: ReadonlyMap<string, KeyObject>,
  required: number,
): ConstitutionStatus {
  try {
    const { document, digest } = verifyConstitution(published.envelope, trusted, required);
    if (digest !== published.digest)
      throw new GovernanceError(
        'CONSTITUTION_DIGEST_MISMATCH',
        `published as ${published.digest}, signed as ${digest}`,
      );
    if (document.version !== published.version)
      throw new GovernanceError(
        'CONSTITUTION_VERSION_MISMATCH',
        `published as ${published.version}, signed as ${document.version}`,
      );
    return { status: 'verified', version: document.version, digest, document };
  } catch (error) {
    // Whatever went wrong, a constitution that was not verified is none: policy refuses by it.
    const code = error instanceof GovernanceError ? error.code : 'CONSTITUTION_INVALID';
    return { status: 'unverified', code, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** A name can hold anything, but a Cedar id that is not well-formed Unicode would not survive UTF-8. */
const entity = (type: string, id: string): TypeAndId => ({ type, id: id.toWellFormed() });

/** A document never changes, so neither does its index. */
const indexes = new WeakMap<ConstitutionDocument, PolicyIndex>();

function indexOf(document: ConstitutionDocument): PolicyIndex {
  const known = indexes.get(document);
  if (known !== undefined) return known;
  const index = indexPolicies(document.policies);
  indexes.set(document, index);
  return index;
}

/** What Cedar can be told: whole numbers, and text that UTF-8 can say. */
function isReadable({
  tenant,
  persona,
  prompt_chars,
  max_tokens,
  capabilities,
  moderation,
  labels,
  session_labels,
}: RuleRequest['context']): boolean {
  return (
    Number.isSafeInteger(prompt_chars) &&
    Number.isSafeInteger(max_tokens) &&
    [tenant, persona, ...capabilities, ...moderation, ...labels, ...session_labels].every((text) => text.isWellFormed())
  );
}

const UNREADABLE: RuleVerdict = { outcome: 'error', clauses: [] };

/**
 * Asks only policies whose head matches, in two sets at most: those for everybody, and those for this principal, tenant or
 * model. What each set says adds up to what all would say at once: forbids, permits and errors are told by policy.
 */
function ruled({ digest, document }: VerifiedConstitution, request: RuleRequest): RuleVerdict {
  const { context } = request;
  if (!isReadable(context)) return UNREADABLE;
  const asked: Asked = {
    principal: entity('Principal', request.principal),
    tenant: entity('Tenant', request.tenant),
    action: entity('Action', request.action),
    resource: entity('Model', request.model),
    context,
  };
  const { plain, general, specific } = indexOf(document);
  const found: Found = { permits: [], forbids: [], errors: [] };
  for (const { id, effect, matches } of plain)
    if (matches(asked)) (effect === 'permit' ? found.permits : found.forbids).push(id);
  const everybody = general[request.action];
  const own = specific.flatMap((bucket, place) => (bucket.matches(asked) ? [{ ...bucket, place }] : []));
  const sets = [
    ...(everybody.length > 0 ? [{ part: request.action as string, policies: everybody }] : []),
    ...(own.length > 0
      ? [{ part: own.map(({ place }) => place).join(), policies: own.flatMap(({ policies }) => policies) }]
      : []),
  ];
  for (const { part, policies } of sets)
    if (!ask(found, parsedSet(`${digest}/${part}`, policies), asked)) return UNREADABLE;
  return verdictOf(found);
}

interface Found {
  readonly permits: string[];
  readonly forbids: string[];
  readonly errors: string[];
}

/** Adds what a parsed set says. False when Cedar cannot read the request. */
function ask(found: Found, set: string, { principal, tenant, action, resource, context }: Asked): boolean {
  const { capabilities, moderation, labels, session_labels, ...facts } = context;
  const answer = statefulIsAuthorized({
    principal,
    action,
    resource,
    context: {
      ...facts,
      capabilities: [...capabilities],
      moderation: [...moderation],
      labels: [...labels],
      session_labels: [...session_labels],
    },
    preparsedPolicySetId: set,
    entities: [{ uid: principal, attrs: {}, parents: [tenant] }],
  });
  if (answer.type === 'failure') return false;
  const { decision, diagnostics } = answer.response;
  found.errors.push(...diagnostics.errors.map(({ policyId }) => policyId));
  (decision === 'allow' ? found.permits : found.forbids).push(...diagnostics.reason);
  return true;
}

/** Cedar passes over a rule that fails, even a forbid: we do not. It names rules in an order that differs from run to run. */
function verdictOf({ permits, forbids, errors }: Found): RuleVerdict {
  if (errors.length > 0) return { outcome: 'error', clauses: errors.sort() };
  if (forbids.length > 0) return { outcome: 'forbid', clauses: forbids.sort() };
  return permits.length > 0 ? { outcome: 'permit', clauses: permits.sort() } : { outcome: 'no-permit', clauses: [] };
}
