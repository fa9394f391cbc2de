/** The same rules in the languages of both engines, in any number. */

import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import type { CedarPolicy, ConstitutionDocument } from '../../../schemas/contexts/constitution/document.ts';
import type { RuleRequest } from '../../../schemas/contexts/constitution/rules.ts';

interface Rule {
  readonly id: string;
  readonly cedar: string;
  /** Body of one `forbidden` rule. */
  readonly rego: string;
}

/**
 * Returns the nth rule: a third apply to a tenant, a third to a model, a third to every request. None forbids the
 * commands of the benchmark.
 */
function ruleOf(n: number): Rule {
  const chars = 6_000 + n;
  switch (n % 3) {
    case 0:
      return {
        id: `tenant-${n}`,
        cedar: `forbid (principal in Tenant::"t${n}", action, resource) when { context.prompt_chars > ${chars} };`,
        rego: `input.tenant == "t${n}"; input.prompt_chars > ${chars}`,
      };
    case 1:
      return {
        id: `model-${n}`,
        cedar: `forbid (principal, action, resource == Model::"m${n}") when { context.max_tokens > 512 };`,
        rego: `input.model == "m${n}"; input.max_tokens > 512`,
      };
    default:
      return {
        id: `all-${n}`,
        cedar: `forbid (principal, action, resource) when { context.persona == "p${n}" && context.prompt_chars > ${chars} };`,
        rego: `input.persona == "p${n}"; input.prompt_chars > ${chars}`,
      };
  }
}

/** Returns a permit and forbids, `count` rules in total. */
const rulesOf = (count: number): readonly Rule[] => Array.from({ length: count - 1 }, (_, n) => ruleOf(n));

const PERMIT: CedarPolicy = { id: 'permit-all', text: 'permit (principal, action, resource);' };

/** Returns the default constitution with `count` policies in place of its own. */
export const documentWith = (count: number): ConstitutionDocument => ({
  ...defaultConstitution,
  version: `bench-${count}`,
  policies: [PERMIT, ...rulesOf(count).map(({ id, cedar }) => ({ id, text: cedar }))],
});

/** Returns the same document with a sum in each condition: a sum could overflow, so every rule needs Cedar. */
export const forCedar = (document: ConstitutionDocument): ConstitutionDocument => ({
  ...document,
  version: `${document.version}-cedar`,
  policies: document.policies.map(({ id, text }) => ({
    id,
    text: text.replace(/(prompt_chars|max_tokens) >/, '$1 + 0 >'),
  })),
});

/** Returns one rule per policy, with equalities first, by which OPA indexes rules. */
export const regoWith = (count: number): string =>
  [
    'package khipu',
    'default allow := false',
    'allow if not forbidden',
    'default forbidden := false',
    ...rulesOf(count).map(({ rego }) => `forbidden if { ${rego} }`),
    '',
  ].join('\n');

/** Returns the input of OPA: the facts that Cedar rules see. */
export const inputOf = ({ principal, tenant, action, resource, context }: RuleRequest): object => ({
  principal,
  action,
  model: resource.id,
  ...context,
  tenant,
});
