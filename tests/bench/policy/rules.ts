/** The same rules in the languages of both engines, as many as are asked for. */

import { defaultConstitution } from '../../../infra/governance/default-constitution.ts';
import type { CedarPolicy, ConstitutionDocument, RuleRequest } from '../../../schemas/constitution.ts';

interface Rule {
  readonly id: string;
  readonly cedar: string;
  /** Body of one `forbidden` rule. */
  readonly rego: string;
}

/** One in three for a tenant, one for a model, one for everybody; none forbids what the commands of the benchmark ask. */
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

/** A permit, and forbids up to `count` rules in all. */
const rulesOf = (count: number): readonly Rule[] => Array.from({ length: count - 1 }, (_, n) => ruleOf(n));

const PERMIT: CedarPolicy = { id: 'permit-all', text: 'permit (principal, action, resource);' };

/** The default constitution with `count` policies in place of its own. */
export const documentWith = (count: number): ConstitutionDocument => ({
  ...defaultConstitution,
  version: `bench-${count}`,
  policies: [PERMIT, ...rulesOf(count).map(({ id, cedar }) => ({ id, text: cedar }))],
});

/** The same, said with a sum in each condition: it could overflow, so none is decided without Cedar. */
export const forCedar = (document: ConstitutionDocument): ConstitutionDocument => ({
  ...document,
  version: `${document.version}-cedar`,
  policies: document.policies.map(({ id, text }) => ({
    id,
    text: text.replace(/(prompt_chars|max_tokens) >/, '$1 + 0 >'),
  })),
});

/** One rule a policy, with equalities first: OPA indexes rules by these. */
export const regoWith = (count: number): string =>
  [
    'package khipu',
    'default allow := false',
    'allow if not forbidden',
    'default forbidden := false',
    ...rulesOf(count).map(({ rego }) => `forbidden if { ${rego} }`),
    '',
  ].join('\n');

/** What OPA is asked: the facts that Cedar rules see. */
export const inputOf = ({ principal, tenant, action, model, context }: RuleRequest): object => ({
  principal,
  action,
  model,
  ...context,
  tenant,
});
