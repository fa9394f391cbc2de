import { z } from 'zod';
import { RUN_CAPSULES } from '../../schemas/contexts/capsules.ts';
import { installFields } from '../http/capsules/schemas.ts';
import { signedOriginOf } from '../shared/origin.ts';
import { declare } from '../shared/route/declare.ts';
import type { GatewayServices } from '../shared/services.ts';
import { runningCapsule } from './asked.ts';
import { CARD_PATH, cardOf } from './card.ts';

const { endpoint } = declare<Pick<GatewayServices, 'tables' | 'config' | 'signCard'>>();

/** Path parameters of an agent. */
export const agentFields = {
  tenant: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Tenant of the install', examples: ['demo'] }),
  ...installFields,
};

const cardBody = z
  .looseObject({
    name: z.string().meta({ description: 'Name of the capsule', examples: ['research-brief'] }),
    version: z.string().meta({ description: 'Version of the capsule', examples: ['1.0.0'] }),
    description: z.string().meta({ description: 'What it does', examples: ['Answers a question in a short brief'] }),
    signatures: z.array(z.looseObject({ protected: z.string(), signature: z.string() })).meta({
      description: 'JWS over the canonical form of the card',
      examples: [[{ protected: '…', signature: '…' }]],
    }),
  })
  .meta({
    id: 'AgentCard',
    description: 'Card of an agent by the Agent2Agent protocol 1.0, which describes its members',
  });

/** Route of the signed card of an agent. */
export const agentCardRoute = endpoint({
  operationId: 'getAgentCard',
  tag: 'capsules',
  summary: 'Get the signed agent card of an install, for the Agent2Agent protocol',
  description:
    'The card names the capsule by its digest and the endpoint at which it runs. Its signature verifies with a key of `/.well-known/jwks.json`. Without a public URL of the platform, it is given to callers on this machine alone.',
  url: `/a2a/:tenant/:install${CARD_PATH}`,
  auth: 'any',
  takes: RUN_CAPSULES,
  params: agentFields,
  response: cardBody,
  problems: ['CAPSULE_INSTALL_UNKNOWN', 'CAPSULE_UNKNOWN', 'CAPSULE_REVOKED', 'LOG_UNAVAILABLE'],
  answer: async ({ caller, params, reply, request, services: { tables, config, signCard } }) => {
    const capsule = runningCapsule(tables, caller, params);
    const origin = signedOriginOf(request, config.http);
    reply.header('cache-control', 'private, no-cache');
    return (await signCard(cardOf(capsule, params, origin), origin)) as z.output<typeof cardBody>;
  },
});
