import { z } from 'zod';
import { engagedSwitches, maySet } from '../../../schemas/contexts/kill-switch.ts';
import { engageKillSwitch, releaseKillSwitch } from '../../../schemas/generated/records.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import { refusal } from '../../shared/command/outcome.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { killSwitchBody, killSwitchList, releaseProposedBody, setKillSwitchBody } from './schemas.ts';
import { engagedOf, killSwitchOf } from './views.ts';

const { command, endpoint } = declare<Pick<GatewayServices, 'tables'>>();

/** Returns true for a switch that the caller may see: it may set the switch, or the switch applies to its own work. */
const mayRead = ({ capabilities, tenantId }: Caller, scope: string): boolean =>
  !scope.startsWith('tenant:') || scope === `tenant:${tenantId}` || maySet(capabilities, tenantId, scope);

/** Returns true when the caller has any `kill-switch:` capability. */
const operates = ({ capabilities }: Caller): boolean =>
  capabilities.some((capability) => capability === '*' || capability.startsWith('kill-switch:'));

const listKillSwitches = endpoint({
  operationId: 'listKillSwitches',
  tag: 'operations',
  summary: 'List the engaged kill switches',
  description:
    'Requires a `kill-switch:` capability. Switches of other tenants are shown only to callers that may set them.',
  url: '/v1/kill-switch',
  takes: ({ caller }) => requireCapability(operates(caller), 'kill-switch:set'),
  response: killSwitchList,
  answer: ({ caller, services: { tables } }) => {
    const { killSwitches } = tables;
    if (!killSwitches.following) throw new Problem('LOG_UNAVAILABLE', 'The kill switches cannot be read now');
    return {
      items: engagedSwitches(killSwitches.value)
        .filter(({ scope }) => mayRead(caller, scope))
        .map(killSwitchOf),
    };
  },
});

const setKillSwitch = command({
  operationId: 'setKillSwitch',
  tag: 'operations',
  summary: 'Engage or release a kill switch',
  description:
    "Requires `kill-switch:set` for the caller's own tenant, `kill-switch:set:<scope>` for any other scope. 200 when this gateway refuses new work, or admits it again; 202 when a release waits for a second principal, or when there is no outcome in time.",
  method: 'POST',
  url: '/v1/kill-switch',
  takes: ({ caller: { capabilities, tenantId }, body: { scope } }) =>
    requireCapability(maySet(capabilities, tenantId, scope), `kill-switch:set:${scope}`),
  body: setKillSwitchBody,
  appends: ['EngageKillSwitch', 'ReleaseKillSwitch'],
  command: ({ caller: { principal, capabilities }, body }) => {
    const { scope, reason } = body;
    return body.action === 'engage'
      ? engageKillSwitch({ scope, principal, capabilities, mode: body.mode, reason, twoPerson: body.two_person })
      : releaseKillSwitch({ scope, principal, capabilities, reason });
  },
  location: () => '/v1/kill-switch',
  pending: {
    id: 'KillSwitchPending',
    shape: { scope: z.string().meta({ description: 'Scope of the switch' }) },
    of: ({ body: { scope } }) => ({ scope }),
  },
  outcomes: {
    KillSwitchRefused: refusal(['KILL_SWITCH_NOT_ENGAGED'], ({ scope }) => ({ scope })),
    KillSwitchReleaseProposed: {
      status: 202,
      schema: releaseProposedBody,
      answer: ({ scope }) => ({
        scope,
        status: 'release_proposed' as const,
        detail: 'A second principal must release the switch too',
      }),
    },
    KillSwitchEngaged: {
      status: 200,
      schema: killSwitchBody,
      inEffect: ({ scope, eventId }, { services: { tables } }) =>
        tables.killSwitches.holds((switches) => {
          const found = switches.get(scope);
          return found?.engaged === true && found.engagedEventId === eventId;
        }, TAKE_EFFECT_MS),
      answer: engagedOf,
    },
    KillSwitchReleased: {
      status: 200,
      schema: killSwitchBody,
      inEffect: ({ scope }, { services: { tables } }) =>
        tables.killSwitches.holds((switches) => switches.get(scope)?.engaged === false, TAKE_EFFECT_MS),
      answer: ({ scope }, { services: { tables } }) => {
        const found = tables.killSwitches.value.get(scope);
        return found === undefined ? null : { ...killSwitchOf(found), engaged: false };
      },
    },
  },
});

/** Routes of kill switches. */
export const killSwitchRoutes = [listKillSwitches, setKillSwitch];
