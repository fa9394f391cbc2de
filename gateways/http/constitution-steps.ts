import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { type Constitutions, type LifeStep, lifeCapabilities, mayTake } from '../../schemas/constitution-life.ts';
import {
  activateConstitution,
  proposeConstitution,
  reviewConstitution,
  shadowConstitution,
  signConstitution,
} from '../../schemas/generated/records.ts';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { outcomeOf } from '../shared/log/caused-by.ts';
import type { Command } from '../shared/log/command-appender.ts';
import type { ProblemCode } from '../shared/problems/catalogue.ts';
import { bodyProblems, credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { Problem, refusalProblem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';
import {
  activateBody,
  activatedBody,
  activeOf,
  proposeBody,
  reviewBody,
  shadowBody,
  shadowedBody,
  signatureBody,
  stepPendingBody,
  summaryOf,
  versionBody,
  versionParams,
} from './constitution-schemas.ts';

/** This gateway reads the event twice: to answer, and to show what it led to. */
const TAKE_EFFECT_MS = 1_000;

const problemsOf = (...own: readonly ProblemCode[]) =>
  problemResponses(
    ...bodyProblems,
    ...credentialProblems,
    ...own,
    'CREDENTIAL_NOT_ALLOWED',
    'CAPABILITY_MISSING',
    'LOG_OVERLOADED',
  );

/** The caller's part of a command. Throws Problem CAPABILITY_MISSING. */
function taking(request: FastifyRequest, step: LifeStep) {
  const { principal, capabilities } = callerOf(request);
  if (!mayTake(capabilities, step)) throw new Problem('CAPABILITY_MISSING', `This takes ${lifeCapabilities[step]}`);
  return { principal, capabilities };
}

/** True when the command had an effect that this gateway shows; false when there is none in time. Throws the refusal. */
async function took(
  services: GatewayServices,
  command: Command,
  request: FastifyRequest,
  shows: (all: Constitutions) => boolean,
): Promise<boolean> {
  const event = await outcomeOf(services, command, request);
  if (event?.type === 'ConstitutionRefused') throw refusalProblem(event.data.code, event.data.detail, {});
  return event !== null && (await services.constitutions.until(shows, TAKE_EFFECT_MS));
}

/** What a version looks like after a step; undefined when the step shows no effect yet. */
async function stepped(
  services: GatewayServices,
  command: Command & { readonly data: { readonly version: string | null } },
  request: FastifyRequest,
  isIn: (found: z.infer<typeof versionBody>) => boolean,
): Promise<z.infer<typeof versionBody> | undefined> {
  const find = (all: Constitutions) => {
    const found = all.versions.get(command.data.version ?? '');
    return found && summaryOf(found, all);
  };
  const shows = (all: Constitutions): boolean => {
    const found = find(all);
    return found !== undefined && isIn(found);
  };
  return (await took(services, command, request, shows)) ? find(services.constitutions.all) : undefined;
}

const pending = (version: string | null) => ({ version, status: 'pending' as const });

/** `POST` under `/v1/constitutions`: the steps from a proposal to the moment from which it decides. */
export function constitutionSteps(app: App, services: GatewayServices): void {
  proposeRoute(app, services);
  reviewRoute(app, services);
  signRoute(app, services);
  activateRoute(app, services);
  shadowRoute(app, services);
}

function proposeRoute(app: App, services: GatewayServices): void {
  app.route({
    method: 'POST',
    url: '/v1/constitutions',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'proposeConstitution',
      summary: 'Put a constitution forward for review and signing',
      description:
        'Takes `constitution:propose`. The document must be valid and pass its own tests. Proposed again before it is published, earlier reviews and signatures are void.',
      tags: ['governance'],
      security: security.api_key,
      body: proposeBody,
      response: {
        201: versionBody,
        202: stepPendingBody,
        ...problemsOf(
          ...(['CONSTITUTION_INVALID', 'CONSTITUTION_TOO_LARGE', 'CONSTITUTION_TESTS_FAILED'] as const),
          ...(['CONSTITUTION_PUBLISHED_ALREADY', 'CONSTITUTION_PROPOSALS_EXHAUSTED'] as const),
        ),
      },
    },
    handler: async (request, reply) => {
      const { document } = request.body;
      const { version } = document;
      const asked = taking(request, 'propose');
      const command = proposeConstitution({ version, document: JSON.stringify(document), ...asked });
      const before = services.constitutions.get(version)?.changedAtMs ?? 0;
      const found = await stepped(
        services,
        command,
        request,
        ({ status, changed_at }) => status === 'proposed' && Date.parse(changed_at) > before,
      );
      return found === undefined ? reply.code(202).send(pending(version)) : reply.code(201).send(found);
    },
  });
}

function reviewRoute(app: App, services: GatewayServices): void {
  app.route({
    method: 'POST',
    url: '/v1/constitutions/:version/reviews',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'reviewConstitution',
      summary: 'Approve or reject a proposed constitution',
      description:
        'Takes `constitution:review`. An approval by the proposer does not count among those that publishing takes; one rejection ends the proposal. Repeating it is harmless.',
      tags: ['governance'],
      security: security.api_key,
      params: versionParams,
      body: reviewBody,
      response: {
        200: versionBody,
        202: stepPendingBody,
        ...problemsOf('CONSTITUTION_UNKNOWN', 'CONSTITUTION_DIGEST_MISMATCH', 'CONSTITUTION_PUBLISHED_ALREADY'),
      },
    },
    handler: async (request, reply) => {
      const { version } = request.params;
      const asked = taking(request, 'review');
      const found = await stepped(
        services,
        reviewConstitution({ version, ...request.body, ...asked }),
        request,
        ({ reviews }) =>
          reviews.some((each) => each.reviewer === asked.principal && each.verdict === request.body.verdict),
      );
      return found === undefined ? reply.code(202).send(pending(version)) : reply.code(200).send(found);
    },
  });
}

function signRoute(app: App, services: GatewayServices): void {
  app.route({
    method: 'POST',
    url: '/v1/constitutions/:version/signatures',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'signConstitution',
      summary: 'Add a signature, made offline, to a constitution',
      description:
        'Takes `constitution:review`, and a signature of a trusted key. With the last one that is asked for the version is published. Repeating it is harmless.',
      tags: ['governance'],
      security: security.api_key,
      params: versionParams,
      body: signatureBody,
      response: {
        200: versionBody,
        202: stepPendingBody,
        ...problemsOf(
          ...(['CONSTITUTION_UNKNOWN', 'CONSTITUTION_DIGEST_MISMATCH', 'SIGNATURE_INVALID'] as const),
          'CONSTITUTION_SIGNATURES_EXHAUSTED',
        ),
      },
    },
    handler: async (request, reply) => {
      const { version } = request.params;
      const { digest, keyid: keyId, sig: signature } = request.body;
      const asked = taking(request, 'review');
      const command = signConstitution({ version, digest, keyId, signature, ...asked });
      const found = await stepped(services, command, request, ({ signed_by }) => signed_by.includes(keyId));
      return found === undefined ? reply.code(202).send(pending(version)) : reply.code(200).send(found);
    },
  });
}

function activateRoute(app: App, services: GatewayServices): void {
  app.route({
    method: 'POST',
    url: '/v1/constitutions/activations',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'activateConstitution',
      summary: 'Let a published version decide from here on; an older one rolls back',
      description:
        'Takes `constitution:activate`. The version must be published, verify under the trusted keys of today and pass its own tests. Every decision names the version that it was taken by. Repeating it is harmless.',
      tags: ['governance'],
      security: security.api_key,
      body: activateBody,
      response: {
        200: activatedBody,
        202: stepPendingBody,
        ...problemsOf(
          ...(['CONSTITUTION_UNKNOWN', 'CONSTITUTION_DIGEST_MISMATCH', 'CONSTITUTION_NOT_PUBLISHED'] as const),
          ...(['CONSTITUTION_NOT_VERIFIED', 'CONSTITUTION_INVALID', 'CONSTITUTION_TESTS_FAILED'] as const),
        ),
      },
    },
    handler: async (request, reply) => {
      const { version, digest } = request.body;
      const command = activateConstitution({ version, digest, ...taking(request, 'activate') });
      const shows = ({ active }: Constitutions): boolean => active?.version === version && active.digest === digest;
      const shown = await took(services, command, request, shows);
      const { active } = services.constitutions.all;
      if (!shown || active === null) return reply.code(202).send(pending(version));
      return reply.code(200).send(activeOf(active));
    },
  });
}

function shadowRoute(app: App, services: GatewayServices): void {
  app.route({
    method: 'POST',
    url: '/v1/constitutions/shadow',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'shadowConstitution',
      summary: 'Evaluate a published version beside the active one, without effect; or stop doing so',
      description:
        'Takes `constitution:activate`. Decisions that it would have taken otherwise stand in the topic `policy.shadow`, and are counted. Repeating it is harmless.',
      tags: ['governance'],
      security: security.api_key,
      body: shadowBody,
      response: {
        200: shadowedBody,
        202: stepPendingBody,
        ...problemsOf('CONSTITUTION_UNKNOWN', 'CONSTITUTION_NOT_PUBLISHED', 'CONSTITUTION_NOT_VERIFIED'),
      },
    },
    handler: async (request, reply) => {
      const { version } = request.body;
      const command = shadowConstitution({ slot: 'shadow', version, ...taking(request, 'activate') });
      const shows = ({ shadow }: Constitutions): boolean => (shadow?.version ?? null) === version;
      if (!(await took(services, command, request, shows))) return reply.code(202).send(pending(version));
      return reply.code(200).send({ version, digest: services.constitutions.all.shadow?.digest ?? null });
    },
  });
}
