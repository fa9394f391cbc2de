import type { z } from 'zod';
import { engageKillSwitch, releaseKillSwitch } from '../../schemas/generated/records.ts';
import { maySet } from '../../schemas/kill-switch.ts';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import type { Caller } from '../shared/auth/caller.ts';
import { outcomeOf } from '../shared/log/caused-by.ts';
import type { Command } from '../shared/log/command-appender.ts';
import { bodyProblems, credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import { Problem, refusalProblem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';
import {
  bodyOf,
  killSwitchBody,
  killSwitchList,
  killSwitchPendingBody,
  setKillSwitchBody,
} from './kill-switch-schemas.ts';

/** The switch and the event that changed it stand in one transaction: this gateway has both within milliseconds. */
const TAKE_EFFECT_MS = 1_000;

const common = [...credentialProblems, 'REQUEST_INVALID', 'CREDENTIAL_NOT_ALLOWED', 'CAPABILITY_MISSING'] as const;

function commandOf(caller: Caller, body: z.infer<typeof setKillSwitchBody>): Command {
  const { principal, capabilities } = caller;
  const { scope, reason } = body;
  return body.action === 'engage'
    ? engageKillSwitch({ scope, principal, capabilities, mode: body.mode, reason, twoPerson: body.two_person })
    : releaseKillSwitch({ scope, principal, capabilities, reason });
}

/** Switches that a caller may know of: those it may set, and those that stand over its own work. */
const mayRead = ({ capabilities, tenantId }: Caller, scope: string): boolean =>
  !scope.startsWith('tenant:') || scope === `tenant:${tenantId}` || maySet(capabilities, tenantId, scope);

const operates = ({ capabilities }: Caller): boolean =>
  capabilities.some((capability) => capability === '*' || capability.startsWith('kill-switch:'));

/** `GET` and `POST /v1/kill-switch`. */
export function killSwitchRoutes(app: App, services: GatewayServices): void {
  listRoute(app, services);
  setRoute(app, services);
}

function listRoute(app: App, { switches }: GatewayServices): void {
  app.route({
    method: 'GET',
    url: '/v1/kill-switch',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'listKillSwitches',
      summary: 'What is stopped: by whom, why and since when',
      description: 'Takes a `kill-switch:` capability. Those of other tenants are shown to whoever may set them.',
      tags: ['operations'],
      security: security.api_key,
      response: { 200: killSwitchList, ...problemResponses(...common) },
    },
    handler: async (request) => {
      const caller = callerOf(request);
      if (!operates(caller)) throw new Problem('CAPABILITY_MISSING', 'This takes kill-switch:set');
      if (!switches.following) throw new Problem('LOG_UNAVAILABLE', 'The kill switches cannot be read now');
      return { items: switches.engaged.filter(({ scope }) => mayRead(caller, scope)).map(bodyOf) };
    },
  });
}

function setRoute(app: App, services: GatewayServices): void {
  const { switches } = services;
  app.route({
    method: 'POST',
    url: '/v1/kill-switch',
    config: { auth: 'api_key' },
    schema: {
      operationId: 'setKillSwitch',
      summary: 'Stop new work under a scope, or let it run again',
      description:
        "Takes `kill-switch:set` for one's own tenant, `kill-switch:set:<scope>` for any other scope. 200 when this gateway refuses new work (or lets it in again); 202 when a release waits for a second principal, or when there is no outcome in time. Repeating it is harmless.",
      tags: ['operations'],
      security: security.api_key,
      body: setKillSwitchBody,
      response: {
        200: killSwitchBody,
        202: killSwitchPendingBody,
        ...problemResponses(...bodyProblems, ...common, 'KILL_SWITCH_NOT_ENGAGED', 'LOG_OVERLOADED'),
      },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { scope } = request.body;
      if (!maySet(caller.capabilities, caller.tenantId, scope))
        throw new Problem('CAPABILITY_MISSING', `Setting ${scope} takes kill-switch:set:${scope}`);
      const event = await outcomeOf(services, commandOf(caller, request.body), request);
      switch (event?.type) {
        case 'KillSwitchRefused':
          throw refusalProblem(event.data.code, event.data.detail, { scope });
        case 'KillSwitchReleaseProposed':
          return reply
            .code(202)
            .send({ scope, status: 'release_proposed', detail: 'Another principal must release it too' });
        case 'KillSwitchEngaged':
        case 'KillSwitchReleased': {
          const engaged = event.type === 'KillSwitchEngaged';
          const found = await switches.until(
            scope,
            (each) => each.engaged === engaged && (!engaged || each.engagedEventId === event.data.eventId),
            TAKE_EFFECT_MS,
          );
          if (found !== undefined) return reply.send(bodyOf(found));
          break;
        }
        default:
      }
      return reply.code(202).send({ scope, status: 'pending', detail: 'The log has the command; ask again' });
    },
  });
}
