/** Random constitutions with related requests. */
import fc from 'fast-check';
import type { CedarPolicy } from '../../schemas/contexts/constitution/document.ts';
import { type RuleFacts, type RuleRequest, ruleFacts } from '../../schemas/contexts/constitution/rules.ts';
import { governedActions } from '../../schemas/governed.ts';
import { resourceTypes } from '../../schemas/governed-command.ts';
import { condition, entityLiteral, ids, quoted, words } from './expressions.ts';

export interface Case {
  readonly policies: readonly CedarPolicy[];
  readonly request: RuleRequest;
}

const id = fc.constantFrom(...ids).map(quoted);
const actionList = fc
  .subarray([...governedActions, 'Unknown'])
  .map((names) => `[${names.map((name) => `Action::"${name}"`).join(', ')}]`);

const scope = (variable: string, types: readonly string[], own: string): fc.Arbitrary<string> =>
  fc.oneof(
    { arbitrary: fc.constant(variable), weight: 10 },
    fc.constantFrom(...types).map((type) => `${variable} is ${type}`),
    id.map((uid) => `${variable} == ${own}::${uid}`),
    fc.tuple(fc.constantFrom('==', 'in'), entityLiteral).map(([op, entity]) => `${variable} ${op} ${entity}`),
    fc
      .tuple(fc.constantFrom(...types), fc.constantFrom(...types), id)
      .map(([type, above, uid]) => `${variable} is ${type} in ${above}::${uid}`),
  );

const action = fc.oneof(
  { arbitrary: fc.constant('action'), weight: 6 },
  fc
    .tuple(fc.constantFrom('==', 'in'), fc.constantFrom(...governedActions, 'Unknown'))
    .map(([op, name]) => `action ${op} Action::"${name}"`),
  actionList.map((list) => `action in ${list}`),
);

const conditions = fc.array(
  fc.tuple(fc.constantFrom('when', 'unless'), condition).map(([kind, body]) => ` ${kind} { ${body} }`),
  { maxLength: 2 },
);

const policy: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('permit', 'forbid'),
    scope('principal', ['Principal', 'Tenant', 'Model'], 'Principal'),
    action,
    scope('resource', ['Model', 'Tool', 'Principal', 'Other::Thing'], 'Model'),
    conditions,
  )
  .map(
    ([effect, principal, doing, resource, all]) => `${effect} (${principal}, ${doing}, ${resource})${all.join('')};`,
  );

const policies: fc.Arbitrary<readonly CedarPolicy[]> = fc
  .array(policy, { minLength: 1, maxLength: 5 })
  .map((all) => all.map((text, n) => ({ id: `p${n}`, text })));

const name = fc.constantFrom(...ids);
/** Whole numbers that JSON represents exactly. */
const long = fc.oneof(
  { arbitrary: fc.integer({ min: -1, max: 5 }), weight: 10 },
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
);
/** Lists with repetitions, which a set does not have. */
const list = fc.array(fc.constantFrom(...words), { maxLength: 3 });

const factValues = { String: fc.constantFrom(...words), Long: long, 'Set<String>': list } as const;
const facts = fc.record(
  Object.fromEntries(
    Object.entries(ruleFacts).map(([fact, type]) => [fact, factValues[type] as fc.Arbitrary<unknown>]),
  ),
) as fc.Arbitrary<RuleFacts>;

const request: fc.Arbitrary<RuleRequest> = fc
  .record({
    principal: name,
    tenant: name,
    action: fc.constantFrom(...governedActions),
    resource: fc.record({
      type: fc.oneof({ arbitrary: fc.constant('Model' as const), weight: 2 }, fc.constantFrom(...resourceTypes)),
      id: name,
    }),
    context: facts,
  })
  .map((asked) => ({ ...asked, context: { ...asked.context, tenant: asked.tenant } }));

export const cases: fc.Arbitrary<Case> = fc.record({ policies, request });
