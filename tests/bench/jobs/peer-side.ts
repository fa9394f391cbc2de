import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { healthOf, type PartName, waitUntilHealthy } from '../../../infra/local/parts/part.ts';
import { startParts } from '../../../infra/local/parts/parts.ts';
import { claimPort } from '../../../infra/local/parts/ports.ts';
import { probeHttp } from '../../../infra/local/parts/probes.ts';
import { startChild } from '../../../infra/local/process/child.ts';
import { nodeArgs } from '../../../infra/local/roles/roles.ts';
import { type PeerPackages, peerPackages } from '../npm-packages.ts';
import { type JobSystem, nowMs, PORT } from './system.ts';

/** A peer that runs in a process of its own, on a part of the platform. */
export interface Peer extends PeerPackages {
  /** Package that the service imports. */
  readonly package: string;
  readonly part: Extract<PartName, 'postgres' | 'redis'>;
  readonly keepsSteps: boolean;
  /** File in `services`. */
  readonly service: string;
}

export const peers = {
  DBOS: {
    ...{ name: 'DBOS', versions: { '@dbos-inc/dbos-sdk': '5.3.0' }, package: '@dbos-inc/dbos-sdk' },
    ...{ part: 'postgres', service: 'dbos.ts', keepsSteps: true },
  },
  'graphile-worker': {
    ...{ name: 'graphile-worker', versions: { 'graphile-worker': '0.18.0' }, package: 'graphile-worker' },
    ...{ part: 'postgres', service: 'graphile-worker.ts', keepsSteps: false },
  },
  BullMQ: {
    ...{ name: 'BullMQ', versions: { bullmq: '6.7.0', ioredis: '5.11.1' }, package: 'bullmq' },
    ...{ part: 'redis', service: 'bullmq.ts', keepsSteps: false },
  },
} as const satisfies Readonly<Record<string, Peer>>;

const READY_MS = 60_000;
const NEVER = new AbortController().signal;

/** Starts the part of a peer, as the platform starts it, and its process. All files are in `dir`. */
export async function startPeer(peer: Peer, dir: string, note: (text: string) => void): Promise<JobSystem> {
  const packages = await peerPackages(peer, note);
  mkdirSync(dir, { recursive: true });
  const parts = await startParts({ dir, only: [peer.part], signal: NEVER });
  try {
    const port = await claimPort(dir, `bench-${peer.part}-peer`);
    const child = await startChild({
      ...{ name: peer.name, command: process.execPath, log: join(dir, 'peer.log') },
      args: [...nodeArgs, join(import.meta.dirname, 'services', peer.service)],
      env: { ...process.env, ...parts.env, [PORT]: String(port), PEER_MODULE: packages.module(peer.package) },
    });
    const url = `http://127.0.0.1:${port}`;
    const stop = async (): Promise<void> => {
      await child.stop();
      await parts.stop();
    };
    try {
      await waitUntilHealthy(child, () => healthOf(() => probeHttp(`${url}/ready`)), {
        ...{ timeoutMs: READY_MS, signal: NEVER },
      });
    } catch (error) {
      await stop();
      throw error;
    }
    const ask = async <Body>(path: string): Promise<Body> => {
      const answer = await fetch(`${url}${path}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`${peer.name} ${path} answered ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as Body;
    };
    const part = parts.parts.get(peer.part)?.child;
    return {
      keepsSteps: peer.keepsSteps,
      processes: new Map([[peer.name, child.pid], ...(part === undefined ? [] : [[peer.part, part.pid] as const])]),
      three: async () => {
        const { first_step_ms: firstStepMs } = await ask<{ readonly first_step_ms: number }>('/three');
        return { firstStepMs, endMs: nowMs() };
      },
      insert: async (count) => {
        await ask(`/insert?count=${count}`);
      },
      ended: async () => (await ask<{ readonly ended: number }>('/ended')).ended,
      stop,
    };
  } catch (error) {
    await parts.stop();
    throw error;
  }
}
