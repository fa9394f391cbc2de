import { type CedarValueJson, isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import type { RuleVerdict } from '../../schemas/contexts/constitution/rules.ts';
import type { Case } from './cases.ts';

/**
 * Returns the verdict of Cedar on all policies at once, parsed for this request, with the sorted ids of the policies
 * that determine it or fail. Throws when Cedar cannot read the policies or the request.
 */
export function cedarAlone({ policies, request }: Case): RuleVerdict {
  const { principal, tenant, action, resource, context } = request;
  const uid = { type: 'Principal', id: principal };
  const answer = isAuthorized({
    principal: uid,
    action: { type: 'Action', id: action },
    resource: { ...resource },
    context: context as unknown as Record<string, CedarValueJson>,
    policies: { staticPolicies: Object.fromEntries(policies.map(({ id, text }) => [id, text])) },
    entities: [{ uid, attrs: {}, parents: [{ type: 'Tenant', id: tenant }] }],
  });
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
  const { decision, diagnostics } = answer.response;
  const reason = [...diagnostics.reason].sort();
  // A policy that fails denies: docs/adr/0007-cedar-beside-a-weighted-score.md.
  if (diagnostics.errors.length > 0)
    return { outcome: 'error', clauses: diagnostics.errors.map(({ policyId }) => policyId).sort() };
  if (decision === 'allow') return { outcome: 'permit', clauses: reason };
  return { outcome: reason.length > 0 ? 'forbid' : 'no-permit', clauses: reason };
}
