import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { healthOf, waitUntilHealthy } from '../../../infra/local/parts/part.ts';
import { claimPort } from '../../../infra/local/parts/ports.ts';
import { probeHttp } from '../../../infra/local/parts/probes.ts';
import { type Child, startChild } from '../../../infra/local/process/child.ts';
import { nodeArgs } from '../../../infra/local/roles/roles.ts';
import { restatePackages } from './packages.ts';

/** A running Restate server with the service of service.ts. */
export interface RestateSystem {
  /** Address that invokes the three steps, by POST. */
  readonly url: string;
  /** Address of the service: its handlers are below it. */
  readonly serviceUrl: string;
  readonly processes: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

const READY_MS = 60_000;
const NEVER = new AbortController().signal;

/** Starts one node with its default settings, on free ports, and registers the service. All files are in `dir`. */
export async function startRestate(dir: string, note: (text: string) => void): Promise<RestateSystem> {
  const { server: command, sdk } = await restatePackages(note);
  mkdirSync(dir, { recursive: true });
  const [ingress, admin, fabric, port] = [
    await claimPort(dir, 'restate-ingress'),
    await claimPort(dir, 'restate-admin'),
    await claimPort(dir, 'restate-fabric'),
    await claimPort(dir, 'restate-service'),
  ];
  const children: Child[] = [];
  const stop = async (): Promise<void> => {
    for (const child of children.toReversed()) await child.stop();
  };
  try {
    const server = await startChild({
      name: 'restate-server',
      command,
      args: ['--no-logo', '--node-name', 'bench', '--base-dir', join(dir, 'data')],
      env: {
        ...process.env,
        RESTATE_DISABLE_TELEMETRY: 'true',
        RESTATE_LISTEN_MODE: 'tcp',
        RESTATE_BIND_IP: '127.0.0.1',
        RESTATE_BIND_PORT: String(fabric),
        RESTATE_INGRESS__BIND_PORT: String(ingress),
        RESTATE_ADMIN__BIND_PORT: String(admin),
        RESTATE_LOG_FILTER: 'warn',
      },
      log: join(dir, 'restate-server.log'),
    });
    children.push(server);
    const service = await startChild({
      name: 'restate-service',
      command: process.execPath,
      args: [...nodeArgs, join(import.meta.dirname, 'service.ts')],
      env: { ...process.env, PORT: String(port), RESTATE_SDK: sdk, RESTATE_LOGGING: 'ERROR' },
      log: join(dir, 'restate-service.log'),
    });
    children.push(service);
    const bounds = { timeoutMs: READY_MS, signal: NEVER };
    await waitUntilHealthy(server, () => healthOf(() => probeHttp(`http://127.0.0.1:${admin}/health`)), bounds);
    await waitUntilHealthy(service, () => healthOf(() => register(admin, port)), bounds);
    return {
      url: `http://127.0.0.1:${ingress}/Steps/three`,
      serviceUrl: `http://127.0.0.1:${ingress}/Steps`,
      processes: new Map(children.map(({ name, pid }) => [name, pid])),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Registers the service; the server asks it for its handlers. Rejects while it does not listen yet. */
async function register(admin: number, port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${admin}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}` }),
  });
  if (!answer.ok) throw new Error(`the registration answered ${answer.status}: ${await answer.text()}`);
  return 'registered';
}
