import { waitUntilHealthy } from '../parts/part.ts';
import { type OnPlatformEvent, step } from '../platform-event.ts';
import type { Child } from '../process/child.ts';
import { type Keeper, keep } from '../process/keeper.ts';
import type { RunProcess } from '../process/run-record.ts';
import { prepareRole, type RoleContext } from './role-process.ts';
import type { Role } from './roles.ts';

/** The roles of a platform as one unit. */
export interface RoleGroup {
  /** Starts all roles in parallel and resolves when each is ready; afterwards a role that dies is restarted. */
  readonly start: (context: RoleContext) => Promise<void>;
  /** Returns the started roles, in the order of stopping. */
  readonly processes: () => RunProcess[];
  /** Stops stage by stage, in parallel within one; also cancels a running start. Safe to repeat. */
  readonly stop: () => Promise<void>;
}

interface RoleState {
  readonly role: Role;
  adminPort: number;
  address: string;
  child?: Child;
  keeper?: Keeper;
}

// Long, for a busy machine: a role that ends is noticed at once anyway.
const readyTimeoutMs = 180_000;

/** Returns a group of roles that are not started yet. */
export function createRoleGroup(roles: readonly Role[], onEvent: OnPlatformEvent, signal: AbortSignal): RoleGroup {
  const ended = new AbortController();
  const states: RoleState[] = roles
    .map((role) => ({ role, adminPort: 0, address: '' }))
    .sort((a, b) => a.role.stopStage - b.role.stopStage);
  let starting: Promise<unknown> = Promise.resolve();

  async function startRole(state: RoleState, context: RoleContext): Promise<void> {
    const { name, isPublic } = state.role;
    const prepared = await prepareRole(state.role, context);
    state.adminPort = prepared.adminPort;
    state.address = `127.0.0.1:${isPublic ? context.httpPort : prepared.adminPort}`;
    await step({ name, kind: 'role' }, onEvent, async () => {
      const child = await prepared.start();
      state.child = child;
      const bounds = { timeoutMs: readyTimeoutMs, signal: AbortSignal.any([signal, ended.signal]), pauseMs: 100 };
      await waitUntilHealthy(child, prepared.health, bounds);
      state.keeper = keep(child, prepared.start, (event) => onEvent({ ...event, kind: 'role', ms: 0 }));
    });
  }

  async function stopRole({ role, keeper, child }: RoleState): Promise<void> {
    const since = Date.now();
    await keeper?.stop();
    await child?.stop();
    if (keeper) onEvent({ name: role.name, kind: 'role', state: 'stopped', ms: Date.now() - since, detail: '' });
  }

  return {
    start: async (context) => {
      const starts = states.map((state) => startRole(state, context));
      starting = Promise.allSettled(starts);
      await Promise.all(starts);
    },
    processes: () =>
      states.flatMap((state): RunProcess[] => {
        const child = state.keeper?.child() ?? state.child;
        if (!child) return [];
        const { role, address, adminPort, keeper } = state;
        const { mark, log } = child;
        return [{ name: role.name, kind: 'role', mark, address, adminPort, restarts: keeper?.restarts() ?? 0, log }];
      }),
    stop: async () => {
      ended.abort();
      await starting;
      for (const stage of [1, 2, 3]) {
        await Promise.all(states.filter(({ role }) => role.stopStage === stage).map(stopRole));
      }
    },
  };
}
