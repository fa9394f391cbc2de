import { type CedarValueJson, statefulIsAuthorized, type TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type {
  CedarPolicy,
  ConstitutionDocument,
  VerifiedConstitution,
} from '../../../schemas/contexts/constitution/document.ts';
import type { RuleFacts, RuleRequest, RuleVerdict } from '../../../schemas/contexts/constitution/rules.ts';
import type { GovernedAction } from '../../../schemas/governed.ts';
import type { Asked, ConditionCompiler } from './conditions.ts';
import { indexPolicies, type PolicyIndex } from './index-policies.ts';
import { parsedSet } from './policies.ts';

/** Ids of the policies that match a request, and of those that fail on it. */
interface Found {
  readonly permits: string[];
  readonly forbids: string[];
  readonly errors: string[];
}

/** A set of policies for Cedar, and its name among those of one document. */
interface PolicyPart {
  readonly part: string;
  readonly policies: readonly CedarPolicy[];
}

/** Adds the results of our own evaluator to `found`, and returns the sets that Cedar must evaluate. */
export type Plan = (document: ConstitutionDocument, asked: Asked, found: Found) => readonly PolicyPart[];

/** Leaves all policies to Cedar, in one set. */
export const wholePlan: Plan = ({ policies }) => [{ part: 'whole', policies }];

/**
 * Returns a plan that skips policies whose scope does not match, decides those that `compile` can, and gives Cedar at
 * most two sets: the policies for every principal and resource, and those for this principal, tenant or resource.
 * Permits, forbids and errors are reported by policy, so the answers of the sets add up to the answer of all policies
 * at once.
 */
export function indexedPlan(compile: ConditionCompiler): Plan {
  /** A document never changes, so neither does its index. */
  const indexes = new WeakMap<ConstitutionDocument, PolicyIndex>();
  const indexOf = (document: ConstitutionDocument): PolicyIndex => {
    const index = indexes.get(document) ?? indexPolicies(document.policies, compile);
    indexes.set(document, index);
    return index;
  };
  return (document, asked, found) => {
    const { plain, general, specific } = indexOf(document);
    for (const { id, effect, matches } of plain)
      if (matches(asked)) (effect === 'permit' ? found.permits : found.forbids).push(id);
    const everybody = general[asked.action.id as GovernedAction];
    const own = specific.flatMap((bucket, index) => (bucket.matches(asked) ? [{ ...bucket, index }] : []));
    return [
      { part: asked.action.id, policies: everybody },
      { part: own.map(({ index }) => index).join(), policies: own.flatMap(({ policies }) => policies) },
    ];
  };
}

/** A name can hold anything, but a Cedar id that is not well-formed Unicode would not survive UTF-8. */
const entity = (type: string, id: string): TypeAndId => ({ type, id: id.toWellFormed() });

/** Returns true for what Cedar can read: whole numbers, and text that UTF-8 can encode. */
function isReadable(context: RuleFacts): boolean {
  for (const fact of Object.values(context) as readonly RuleFacts[keyof RuleFacts][]) {
    if (typeof fact === 'number' ? !Number.isSafeInteger(fact) : !isWellFormed(fact)) return false;
  }
  return true;
}

const isWellFormed = (fact: string | readonly string[]): boolean =>
  typeof fact === 'string' ? fact.isWellFormed() : fact.every((text) => text.isWellFormed());

const UNREADABLE: RuleVerdict = { outcome: 'error', clauses: [] };

/** Returns a function that evaluates the policies of a constitution for a request, by the plan. Throws when they do not parse. */
export const ruleBy =
  (plan: Plan) =>
  ({ digest, document }: VerifiedConstitution, request: RuleRequest): RuleVerdict => {
    const { context } = request;
    if (!isReadable(context)) return UNREADABLE;
    const asked: Asked = {
      principal: entity('Principal', request.principal),
      tenant: entity('Tenant', request.tenant),
      action: entity('Action', request.action),
      resource: entity(request.resource.type, request.resource.id),
      context,
    };
    const found: Found = { permits: [], forbids: [], errors: [] };
    for (const { part, policies } of plan(document, asked, found))
      if (policies.length > 0 && !ask(found, parsedSet(`${digest}/${part}`, policies), asked)) return UNREADABLE;
    return verdictOf(found);
  };

/** Adds the answer of a parsed set. Returns false when Cedar cannot read the request. */
function ask(found: Found, set: string, { principal, tenant, action, resource, context }: Asked): boolean {
  const answer = statefulIsAuthorized({
    principal,
    action,
    resource,
    context: context as unknown as Record<string, CedarValueJson>,
    preparsedPolicySetId: set,
    entities: [{ uid: principal, attrs: {}, parents: [tenant] }],
  });
  if (answer.type === 'failure') return false;
  const { decision, diagnostics } = answer.response;
  found.errors.push(...diagnostics.errors.map(({ policyId }) => policyId));
  (decision === 'allow' ? found.permits : found.forbids).push(...diagnostics.reason);
  return true;
}

/**
 * Returns the verdict. Cedar skips a rule that fails, even a forbid; here it denies. Clauses are sorted, because
 * Cedar's order differs from run to run.
 */
function verdictOf({ permits, forbids, errors }: Found): RuleVerdict {
  if (errors.length > 0) return { outcome: 'error', clauses: errors.sort() };
  if (forbids.length > 0) return { outcome: 'forbid', clauses: forbids.sort() };
  return permits.length > 0 ? { outcome: 'permit', clauses: permits.sort() } : { outcome: 'no-permit', clauses: [] };
}
