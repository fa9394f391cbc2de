import { z } from 'zod';
import type { Constitutions, ConstitutionVersion } from '../../../schemas/contexts/constitution/life.ts';
import { differences } from '../../../schemas/differences.ts';
import { topics } from '../../../schemas/topics.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { activate, shadow } from './activations.ts';
import { propose, review, sign } from './proposals.ts';
import { diffBody, shadowDifferencesBody, VERSION, versionDetail, versionFields, versionList } from './schemas.ts';
import { ShadowDifferences } from './shadow-differences.ts';
import { activeOf, detailOf, documentOf, shadowDifferenceOf, summaryOf } from './views.ts';

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

/** Returns a version. Throws Problem CONSTITUTION_UNKNOWN. */
function versionIn(all: Constitutions, version: string): ConstitutionVersion {
  const found = all.versions.get(version);
  if (found === undefined) throw new Problem('CONSTITUTION_UNKNOWN', `There is no constitution ${version}`);
  return found;
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
    return detailOf(versionIn(all, version), all);
  },
});

const diffConstitution = endpoint({
  operationId: 'diffConstitution',
  tag: 'governance',
  summary: 'Compare a version of the constitution with another',
  description:
    'Requires a `constitution:` capability. A list of items with an id or a name is compared by it, so that their order is no difference.',
  url: '/v1/constitutions/:version/diff',
  takes: takesPart,
  params: versionFields,
  query: {
    against: z
      .string()
      .regex(VERSION, 'Expected a version, such as 1.0.0')
      .optional()
      .meta({ description: 'Version to compare with; default: the active one' }),
  },
  response: diffBody,
  problems: ['CONSTITUTION_UNKNOWN'],
  answer: ({ params: { version }, query, services }) => {
    const all = followed(services);
    const against = query.against ?? all.active?.version ?? version;
    const [before, after] = [versionIn(all, against), versionIn(all, version)];
    const changes = differences(documentOf(before) ?? {}, documentOf(after) ?? {});
    return { version, against, changes: changes.map((change) => ({ ...change })) };
  },
});

/** Offsets of `policy.shadow` that a gateway reads again when it starts, per partition. */
const SHADOW_REWIND = 400;

/** Route of the shadow's differences, with the topic that they are read from. */
const listShadowDifferences: Route<Pick<GatewayServices, 'tail' | 'readModel'>> = {
  outcomes: [],
  follows: [{ ...topics.policyShadow, rewind: SHADOW_REWIND }],
  register(app, services) {
    const found = new ShadowDifferences(services.tail);
    endpoint({
      operationId: 'listShadowDifferences',
      tag: 'governance',
      summary: 'List the latest decisions that the shadow constitution would have taken differently',
      description:
        'Requires a `constitution:` capability. The last 100 decisions of the tenant, newest first; the topic `policy.shadow` has those of 30 days.',
      url: '/v1/constitutions/shadow/differences',
      takes: takesPart,
      response: shadowDifferencesBody,
      answer: ({ caller }) => ({ items: found.of(caller.tenantId).map(shadowDifferenceOf) }),
    }).register(app, services as never);
  },
};

/** Routes of constitutions: their versions, and the steps from proposal to activation. */
export const constitutionRoutes = [
  listConstitutions,
  getConstitution,
  diffConstitution,
  listShadowDifferences,
  propose,
  review,
  sign,
  activate,
  shadow,
];
