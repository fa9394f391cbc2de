import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import type { Caller } from '../shared/auth/caller.ts';
import { credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { Problem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';
import { activeOf, detailOf, summaryOf, versionDetail, versionList, versionParams } from './constitution-schemas.ts';

const problems = [...credentialProblems, 'REQUEST_INVALID', 'CREDENTIAL_NOT_ALLOWED', 'CAPABILITY_MISSING'] as const;

/** Rules tell how to get round them: whoever takes part in governing reads them, and nobody else. */
function mayRead({ capabilities }: Caller): void {
  if (capabilities.some((capability) => capability === '*' || capability.startsWith('constitution:'))) return;
  throw new Problem('CAPABILITY_MISSING', 'This takes a constitution: capability');
}

/** `GET /v1/constitutions` and `GET /v1/constitutions/{version}`. */
export function constitutionRoutes(app: App, { constitutions }: GatewayServices): void {
  const held = () => {
    if (!constitutions.following) throw new Problem('LOG_UNAVAILABLE', 'The constitutions cannot be read now');
    return constitutions.all;
  };

  app.route({
    method: 'GET',
    url: '/v1/constitutions',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'listConstitutions',
      summary: 'Every version of the constitution, and which one decides',
      description: 'Takes a `constitution:` capability. The version that changed last comes first.',
      tags: ['governance'],
      security: security.api_key,
      response: { 200: versionList, ...problemResponses(...problems) },
    },
    handler: async (request) => {
      mayRead(callerOf(request));
      const all = held();
      const newest = [...all.versions.values()].sort((a, b) => b.changedAtMs - a.changedAtMs);
      return {
        active: all.active && activeOf(all.active),
        shadow: all.shadow && { ...all.shadow },
        items: newest.map((found) => summaryOf(found, all)),
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/constitutions/:version',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'getConstitution',
      summary: 'One version of the constitution, with its document',
      description: 'Takes a `constitution:` capability.',
      tags: ['governance'],
      security: security.api_key,
      params: versionParams,
      response: { 200: versionDetail, ...problemResponses(...problems, 'CONSTITUTION_UNKNOWN') },
    },
    handler: async (request) => {
      mayRead(callerOf(request));
      const all = held();
      const found = all.versions.get(request.params.version);
      if (found === undefined)
        throw new Problem('CONSTITUTION_UNKNOWN', `No constitution ${request.params.version} was ever proposed`);
      return detailOf(found, all);
    },
  });
}
