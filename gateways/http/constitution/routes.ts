import type { Constitutions } from '../../../schemas/contexts/constitution/life.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { activate, shadow } from './activations.ts';
import { propose, review, sign } from './proposals.ts';
import { versionDetail, versionFields, versionList } from './schemas.ts';
import { activeOf, detailOf, summaryOf } from './views.ts';

const { endpoint } = declare<Pick<GatewayServices, 'tables'>>();

/** Requires any `constitution:` capability: knowing the rules helps to bypass them, so only callers that govern may read them. */
const takesPart = ({ caller: { capabilities } }: { readonly caller: Caller }): void =>
  requireCapability(
    capabilities.some((capability) => capability === '*' || capability.startsWith('constitution:')),
    'a constitution: capability',
  );

/** Returns the constitutions. Throws Problem LOG_UNAVAILABLE while the table is not followed. */
function followed({ tables: { constitutions } }: Pick<GatewayServices, 'tables'>): Constitutions {
  if (!constitutions.following) throw new Problem('LOG_UNAVAILABLE', 'The constitutions cannot be read now');
  return constitutions.value;
}

const listConstitutions = endpoint({
  operationId: 'listConstitutions',
  tag: 'governance',
  summary: 'List the versions of the constitution, and the active one',
  description: 'Requires a `constitution:` capability. Ordered by latest change, newest first.',
  url: '/v1/constitutions',
  takes: takesPart,
  response: versionList,
  answer: ({ services }) => {
    const all = followed(services);
    const newest = [...all.versions.values()].sort((a, b) => b.changedAtMs - a.changedAtMs);
    return {
      active: all.active && activeOf(all.active),
      shadow: all.shadow && { ...all.shadow },
      items: newest.map((found) => summaryOf(found, all)),
    };
  },
});

const getConstitution = endpoint({
  operationId: 'getConstitution',
  tag: 'governance',
  summary: 'Get a version of the constitution with its document',
  description: 'Requires a `constitution:` capability.',
  url: '/v1/constitutions/:version',
  takes: takesPart,
  params: versionFields,
  response: versionDetail,
  problems: ['CONSTITUTION_UNKNOWN'],
  answer: ({ params: { version }, services }) => {
    const all = followed(services);
    const found = all.versions.get(version);
    if (found === undefined) throw new Problem('CONSTITUTION_UNKNOWN', `There is no constitution ${version}`);
    return detailOf(found, all);
  },
});

/** Routes of constitutions: their versions, and the steps from proposal to activation. */
export const constitutionRoutes = [listConstitutions, getConstitution, propose, review, sign, activate, shadow];
