/** Counts the parts of the Cedar language that random policies contain, by the evaluator of the policy. */
import { type Expr, type PolicyJson, policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { compileConditions } from '../../infra/governance/cedar/conditions.ts';
import type { CedarPolicy } from '../../schemas/contexts/constitution/document.ts';
import type { RuleVerdict } from '../../schemas/contexts/constitution/rules.ts';

type Evaluator = 'own' | 'cedar';

export interface Reach {
  readonly verdicts: Record<RuleVerdict['outcome'], number>;
  /** Policies whose conditions each side evaluates. */
  readonly policies: Record<Evaluator, number>;
  /** Policies in which an operator of a condition, or a form of the scope such as `principal ==`, occurs. */
  readonly operators: Record<Evaluator, Record<string, number>>;
}

/** Returns counts of zero. */
export const nothingReached = (): Reach => ({
  verdicts: { permit: 0, forbid: 0, 'no-permit': 0, error: 0 },
  policies: { own: 0, cedar: 0 },
  operators: { own: {}, cedar: {} },
});

/** Counts what one policy reaches. Throws when it does not parse. */
export function reachOf(reach: Reach, { text }: CedarPolicy): void {
  const answer = policyToJson(text);
  if (answer.type === 'failure') throw new Error(`${answer.errors.map(({ message }) => message).join('; ')}: ${text}`);
  const { json } = answer;
  const evaluator = compileConditions(json.conditions) === null ? 'cedar' : 'own';
  reach.policies[evaluator] += 1;
  const counts = reach.operators[evaluator];
  for (const name of namesOf(json)) counts[name] = (counts[name] ?? 0) + 1;
}

function namesOf({ effect, principal, action, resource, conditions }: PolicyJson): ReadonlySet<string> {
  const names = new Set<string>([effect]);
  for (const [variable, { op, ...rest }] of Object.entries({ principal, action, resource }))
    names.add(`${variable} ${op}${op === 'is' && 'in' in rest ? ' in' : ''}${'entities' in rest ? ' []' : ''}`);
  for (const { kind, body } of conditions) {
    names.add(kind);
    addOperators(names, body);
  }
  return names;
}

function addOperators(names: Set<string>, expression: Expr): void {
  for (const [operator, operand] of Object.entries(expression) as [string, unknown][]) {
    names.add(operator);
    if (operator === 'Value' || operator === 'Var') continue;
    // A set and an extension function hold a list, a record its values by name, an operator its operands by role.
    for (const child of Object.values(operand as object) as unknown[])
      if (typeof child === 'object' && child !== null && !Array.isArray(child)) addOperators(names, child as Expr);
  }
}
