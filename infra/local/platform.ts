import { type Keeper, type KeeperEvent, keep } from './keeper.ts';
import type { BrokerCount, PartName, Running } from './part.ts';
import { type Parts, partStopOrder, startParts } from './parts.ts';
import { type OnPlatformEvent, step } from './platform-event.ts';
import { claimPort } from './ports.ts';
import { createRoleGroup } from './role-group.ts';
import { program as khipuProgram, type Role, rolesFor } from './roles.ts';
import type { RunProcess } from './run-record.ts';
import { runSetup } from './setup-job.ts';
import type { SlmChoice } from './slm-choice.ts';

export interface PlatformOptions {
  readonly dir: string;
  readonly slm: SlmChoice;
  /** Default: as many as the data was begun with, 1 at first. */
  readonly brokers?: BrokerCount | undefined;
  /** Wanted public port. Another free one is taken when it is not free. */
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  /** Gives the start up: it rejects, everything stopped. */
  readonly signal: AbortSignal;
  readonly onEvent: OnPlatformEvent;
  readonly roles?: readonly Role[];
  readonly program?: string;
}

export interface Platform {
  readonly url: string;
  readonly apiKey: string;
  readonly parts: Parts;
  /** What runs now, in the order of stopping. */
  readonly processes: () => RunProcess[];
  /** Gateways, streams, projections, then the parts. May be called often. */
  readonly stop: () => Promise<void>;
}

interface KeptParts extends Parts {
  /** Of the parts that are ours and meant to run. */
  readonly keepers: ReadonlyMap<PartName, Keeper>;
}

/** Parts under watch: one that dies is started again on its port and data; one that was stopped stays so until it is started. */
function keepParts(parts: Parts, onEvent: OnPlatformEvent): KeptParts {
  const keepers = new Map<PartName, Keeper>();
  const startAgain = async (name: PartName) => {
    await parts.startPart(name);
    const child = parts.parts.get(name)?.child;
    if (!child) throw new Error(`${name} did not come back`);
    return child;
  };
  const watch = (name: PartName): void => {
    const child = parts.parts.get(name)?.child;
    if (!child || keepers.has(name)) return;
    const tell = (event: KeeperEvent): void => onEvent({ ...event, kind: 'part', ms: 0 });
    keepers.set(
      name,
      keep(child, () => startAgain(name), tell),
    );
  };
  const stopPart = async (name: PartName): Promise<void> => {
    const keeper = keepers.get(name);
    const since = Date.now();
    await (keeper?.stop() ?? parts.stopPart(name));
    keepers.delete(name);
    if (keeper) onEvent({ name, kind: 'part', state: 'stopped', ms: Date.now() - since, detail: '' });
  };
  const startPart = async (name: PartName): Promise<void> => {
    // While one is watched, its keeper alone starts it: two starts at once would be two processes on one folder.
    if (keepers.has(name)) return;
    await parts.startPart(name);
    watch(name);
  };
  for (const name of parts.parts.keys()) watch(name);
  return {
    ...parts,
    keepers,
    startPart,
    stopPart,
    restartPart: async (name) => {
      await stopPart(name);
      await startPart(name);
    },
    stop: async () => {
      for (const name of partStopOrder) if (keepers.has(name)) await stopPart(name);
      await parts.stop();
    },
  };
}

const describePart = ({ name, address, child }: Running, keeper: Keeper | undefined): RunProcess => {
  const current = keeper?.child() ?? child;
  return { name, kind: 'part', mark: current?.mark, address, restarts: keeper?.restarts() ?? 0, log: current?.log };
};

/**
 * Starts everything: parts, then `khipu setup`, then the roles side by side; from then on what dies is started again.
 * Rejects with PartError, which names who failed and ends with its last log lines, everything stopped again.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { dir, env, slm, signal, onEvent, program = khipuProgram } = options;
  const started = await startParts({
    dir,
    env,
    signal,
    brokers: options.brokers,
    onEvent: (event) => onEvent({ ...event, kind: 'part' }),
  });
  const parts = keepParts(started, onEvent);
  const group = createRoleGroup(options.roles ?? rolesFor(env), onEvent, signal);

  const stop = async (): Promise<void> => {
    await group.stop();
    await parts.stop();
  };

  try {
    const roleEnv = { ...env, ...parts.env, ...slm.env };
    const setup = () => runSetup({ dir, program, env: roleEnv }, signal);
    const { apiKey } = await step({ name: 'setup', kind: 'job' }, onEvent, setup);
    const httpPort = await claimPort(dir, 'gateway', options.port);
    await group.start({ dir, program, env: roleEnv, httpPort });
    let stopping: Promise<void> | undefined;
    return {
      url: `http://127.0.0.1:${httpPort}`,
      apiKey,
      parts,
      processes: () => [
        ...group.processes(),
        ...partStopOrder.flatMap((name) => {
          const part = parts.parts.get(name);
          return part ? [describePart(part, parts.keepers.get(name))] : [];
        }),
      ],
      stop: () => (stopping ??= stop()),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
