import { capsuleOrUnknown, installOrUnknown } from '../http/capsules/find.ts';
import type { Caller } from '../shared/auth/caller.ts';
import { Problem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';
import type { SubjectStreamServices } from '../shared/stream/serve-subject.ts';

/** Services of the gateway of the Agent2Agent protocol. */
export type A2aServices = SubjectStreamServices &
  Pick<GatewayServices, 'config' | 'sender' | 'tables' | 'agentRuns' | 'partitions' | 'logger' | 'signCard'>;

/** One authenticated request to the agent that an install is. */
export interface A2aAsked {
  readonly caller: Caller;
  /** Name of the install. */
  readonly install: string;
  readonly traceparent: string;
}

/** Path parameters of an agent. */
export interface AgentParams {
  readonly tenant: string;
  readonly install: string;
}

/** Returns the path of an agent: each tenant has its own, because its install has its own digest and grant. */
export const agentPath = ({ tenant, install }: AgentParams): string => `/a2a/${tenant}/${install}`;

/**
 * Returns the capsule that an install of the caller's tenant runs. Throws Problem: CAPSULE_INSTALL_UNKNOWN, for an install of
 * another tenant as well; CAPSULE_UNKNOWN; CAPSULE_REVOKED; LOG_UNAVAILABLE before the installs are read.
 */
export function runningCapsule(tables: GatewayServices['tables'], caller: Caller, { tenant, install }: AgentParams) {
  if (tenant !== caller.tenantId) throw new Problem('CAPSULE_INSTALL_UNKNOWN', `There is no install ${install}`);
  const { pin } = installOrUnknown(tables, tenant, install);
  const capsule = capsuleOrUnknown(tables, caller, pin.capsuleId);
  if (capsule.status === 'revoked') throw new Problem('CAPSULE_REVOKED', `The capsule ${pin.capsuleId} was revoked`);
  return capsule;
}
