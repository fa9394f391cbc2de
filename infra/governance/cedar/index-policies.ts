import { type EntityUidJson, type PolicyJson, policyToJson, type TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { CedarPolicy } from '../../../schemas/contexts/constitution/document.ts';
import { type GovernedAction, governedActions } from '../../../schemas/governed.ts';
import { type Asked, type ConditionCompiler, compileConditions } from './conditions.ts';

interface Bucket {
  readonly matches: (request: Asked) => boolean;
  readonly policies: readonly CedarPolicy[];
}

/**
 * An index of the policies of one constitution by their scopes, so that Cedar evaluates few of them (Cedar's policy
 * slicing). The index is exact: a policy whose scope does not match has no effect and cannot fail; one whose conditions
 * have a simple form is decided here (conditions.ts); a scope of an unknown form counts as matching, because Cedar
 * checks it again.
 */
export interface PolicyIndex {
  /** Policies decided by our own evaluator. */
  readonly plain: readonly (Pick<Bucket, 'matches'> & { readonly id: string; readonly effect: 'permit' | 'forbid' })[];
  /** Policies for Cedar that apply to any principal and any resource, by action. */
  readonly general: Readonly<Record<GovernedAction, readonly CedarPolicy[]>>;
  /** Policies for Cedar that apply to one principal, tenant or model. */
  readonly specific: readonly Bucket[];
}

const uidOf = (json: EntityUidJson): TypeAndId => ('__entity' in json ? json.__entity : json);
const same = (a: TypeAndId, b: TypeAndId): boolean => a.id === b.id && a.type === b.type;
const always = (): boolean => true;

type Constraint = PolicyJson['principal'] | PolicyJson['resource'];

/** Returns a function that matches an entity and its parents; undefined when any entity matches. */
function entityMatcher(
  constraint: Constraint,
  of: (request: Asked) => TypeAndId,
  parent: (request: Asked) => TypeAndId | null,
): ((request: Asked) => boolean) | undefined {
  const within = (wanted: TypeAndId) => (request: Asked) => {
    const above = parent(request);
    return same(of(request), wanted) || (above !== null && same(above, wanted));
  };
  switch (constraint.op) {
    case 'All':
      return undefined;
    case '==': {
      if (!('entity' in constraint)) return always;
      const wanted = uidOf(constraint.entity);
      return (request) => same(of(request), wanted);
    }
    case 'in':
      return 'entity' in constraint ? within(uidOf(constraint.entity)) : always;
    case 'is': {
      const { entity_type: type, in: above } = constraint;
      const isIn = above === undefined ? always : 'entity' in above ? within(uidOf(above.entity)) : always;
      return (request) => of(request).type === type && isIn(request);
    }
    default:
      return always;
  }
}

function actionMatcher(constraint: PolicyJson['action']): (action: TypeAndId) => boolean {
  switch (constraint.op) {
    case 'All':
      return always;
    case '==': {
      if (!('entity' in constraint)) return always;
      const wanted = uidOf(constraint.entity);
      return (action) => same(action, wanted);
    }
    case 'in': {
      // There are no action groups here, so each action is only in itself.
      const wanted = ('entities' in constraint ? constraint.entities : [constraint.entity]).map(uidOf);
      return (action) => wanted.some((each) => same(each, action));
    }
    default:
      return always;
  }
}

/** Returns the index of policies. Throws when a policy does not parse; those of a verified constitution do. */
export function indexPolicies(
  policies: readonly CedarPolicy[],
  compile: ConditionCompiler = compileConditions,
): PolicyIndex {
  const plain: PolicyIndex['plain'][number][] = [];
  const general = Object.fromEntries(governedActions.map((action) => [action, [] as CedarPolicy[]])) as Record<
    GovernedAction,
    CedarPolicy[]
  >;
  const specific = new Map<string, { matches: Bucket['matches']; policies: CedarPolicy[] }>();
  for (const policy of policies) {
    const answer = policyToJson(policy.text);
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
    const { effect, principal, action, resource, conditions } = answer.json;
    const onPrincipal = entityMatcher(
      principal,
      (request) => request.principal,
      (request) => request.tenant,
    );
    const onResource = entityMatcher(
      resource,
      (request) => request.resource,
      () => null,
    );
    const onAction = actionMatcher(action);
    const matches = (request: Asked): boolean =>
      onAction(request.action) && (onPrincipal?.(request) ?? true) && (onResource?.(request) ?? true);
    const holds = isKnown(answer.json) ? compile(conditions) : null;
    if (holds !== null) plain.push({ id: policy.id, effect, matches: (request) => matches(request) && holds(request) });
    else if (onPrincipal === undefined && onResource === undefined) {
      for (const name of governedActions) if (onAction({ type: 'Action', id: name })) general[name].push(policy);
    } else {
      const head = JSON.stringify([principal, action, resource]);
      const bucket = specific.get(head) ?? { matches, policies: [] };
      bucket.policies.push(policy);
      specific.set(head, bucket);
    }
  }
  return { plain, general, specific: [...specific.values()] };
}

/** Returns true when each part of the scope has a form that the index matches exactly. */
function isKnown({ principal, action, resource }: PolicyJson): boolean {
  const slotted = [principal, action, resource].some(
    (part) => 'slot' in part || ('in' in part && 'slot' in (part.in ?? {})),
  );
  return !slotted && [principal, action, resource].every(({ op }) => ['All', '==', 'in', 'is'].includes(op));
}
