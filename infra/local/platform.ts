import { memoryEnv } from './memory-env.ts';
import { type BrokerCount, PartError, type PartName, partVariables, type Running } from './parts/part.ts';
import { type Parts, partStopOrder, startParts } from './parts/parts.ts';
import { claimPublicPort } from './parts/public-port.ts';
import { type OnPlatformEvent, step } from './platform-event.ts';
import { type Keeper, type KeeperEvent, keep } from './process/keeper.ts';
import type { RunProcess } from './process/run-record.ts';
import { createRoleGroup } from './roles/role-group.ts';
import { program as khipuProgram, type Role } from './roles/roles.ts';
import { runSetup } from './roles/setup-job.ts';
import type { SlmChoice } from './slm-choice.ts';
import { ADMIN_NAME, openLocalTls, processPrincipal, tlsEnv } from './tls/local-tls.ts';

/** The settings of a platform. */
export interface PlatformOptions {
  readonly dir: string;
  readonly slm: SlmChoice;
  /** Default: the number in the existing data, 1 at first. */
  readonly brokers?: BrokerCount | undefined;
  /**
   * Public port: exactly this one (else PORT_TAKEN), 0 for any. Default: that of the last start, at first 8080, else
   * another.
   */
  readonly port?: number | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Cancels the start: it rejects, with all processes stopped. */
  readonly signal: AbortSignal;
  readonly onEvent: OnPlatformEvent;
  /** Receives one line about each unexpected result of the start. */
  readonly onNote?: (text: string) => void;
  readonly roles: readonly Role[];
  /**
   * Runs everything over TLS, each process with a certificate of its own; creates the ACLs of these processes, at the
   * brokers that the environment names. Default: no TLS.
   */
  readonly secure?: ((env: NodeJS.ProcessEnv) => Promise<void>) | undefined;
  readonly program?: string;
}

/** A running platform. */
export interface Platform {
  readonly url: string;
  readonly apiKey: string;
  /** Variables that commands need to reach the parts over TLS; none without it. */
  readonly tlsEnv: Readonly<Record<string, string>>;
  readonly parts: Parts;
  /** Returns the running processes, in the order of stopping. */
  readonly processes: () => RunProcess[];
  /** Stops gateways, streams, projections, then the parts. Safe to repeat. */
  readonly stop: () => Promise<void>;
}

interface KeptParts extends Parts {
  /** Of the parts that this platform runs and that should be running. */
  readonly keepers: ReadonlyMap<PartName, Keeper>;
}

/**
 * Supervises parts: a part that dies is restarted on its port and data; a stopped part stays stopped until it is
 * started.
 */
function keepParts(parts: Parts, onEvent: OnPlatformEvent): KeptParts {
  const keepers = new Map<PartName, Keeper>();
  const startAgain = async (name: PartName) => {
    await parts.startPart(name);
    const child = parts.parts.get(name)?.child;
    if (!child) throw new Error(`${name} did not restart`);
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
    // While a part is supervised, only its keeper starts it: two starts at once would be two processes on one folder.
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
 * Starts the platform: parts, then `khipu setup`, then the roles in parallel; afterwards processes that die are restarted.
 * Rejects with PartError, which names the failed process and ends with its last log lines, after stopping everything; with
 * PortTaken before anything was started.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { dir, env, slm, signal, onEvent, program = khipuProgram } = options;
  const { port: httpPort, note } = await claimPublicPort(dir, { asked: options.port });
  if (note !== '') options.onNote?.(note);
  const named = Object.values(partVariables).find((variable) => env[variable]);
  if (options.secure !== undefined && named !== undefined)
    throw new PartError(`${named} is set: with --tls the platform starts all of its parts; unset it`);
  const tls =
    options.secure === undefined
      ? undefined
      : await openLocalTls(
          dir,
          options.roles.map(({ name }) => processPrincipal(name)),
        );
  const adminEnv = tls === undefined ? {} : tlsEnv(tls.files(ADMIN_NAME));
  const envOf = ({ name, isPublic }: Role): Readonly<Record<string, string>> => {
    if (tls === undefined) return {};
    const { cert, key, ca } = tls.files('gateway');
    const served = { KHIPU_HTTP_TLS_CERT_FILE: cert, KHIPU_HTTP_TLS_KEY_FILE: key, KHIPU_HTTP_TLS_CLIENT_CA_FILE: ca };
    return { ...tlsEnv(tls.files(processPrincipal(name))), ...(isPublic && served) };
  };
  const started = await startParts({
    dir,
    tls,
    env,
    signal,
    brokers: options.brokers,
    onEvent: (event) => onEvent({ ...event, kind: 'part' }),
  });
  const parts = keepParts(started, onEvent);
  const group = createRoleGroup(options.roles, onEvent, signal);

  const stop = async (): Promise<void> => {
    await group.stop();
    await parts.stop();
  };

  try {
    const roleEnv = { ...env, ...memoryEnv(env), ...parts.env, ...slm.env };
    const setup = async () => {
      const env = { ...roleEnv, ...adminEnv };
      const result = await runSetup({ dir, program, env }, signal);
      await options.secure?.(env);
      return result;
    };
    const { apiKey } = await step({ name: 'setup', kind: 'job' }, onEvent, setup);
    await group.start({ dir, program, env: roleEnv, envOf, httpPort });
    let stopping: Promise<void> | undefined;
    return {
      url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${httpPort}`,
      apiKey,
      tlsEnv: adminEnv,
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
