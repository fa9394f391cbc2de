import path from 'node:path';
import { localRoles } from '../../../infra/bin/roles/local.ts';
import { startParts } from '../../../infra/local/parts/parts.ts';
import { claimPort } from '../../../infra/local/parts/ports.ts';
import { readJson } from '../../../infra/local/process/state-file.ts';
import { plainEnvironment } from '../../support/environment.ts';
import { startTestPlatform, type TestPlatform } from '../../support/platform.ts';
import { KafkaProxy } from '../wire/proxy.ts';
import type { Field } from './inject-fault.ts';
import { RoleMembers } from './role-members.ts';

export interface AttackedPlatformOptions {
  /** Folder with the logs of every process. */
  readonly dir: string;
  readonly driver: 'kafkajs' | 'platformatic';
  /** Modules that every attacked process loads first: see tests/chaos/plants. */
  readonly plants: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Returns true for the roles that run beside the attacked ones. */
  readonly roles: (role: { readonly name: string }) => boolean;
  /** What the two attacked workers run. */
  readonly workers: readonly string[];
  readonly onLine: (line: string) => void;
  /** What ends the platform is added here, also when the start fails. */
  readonly closing: (() => Promise<unknown>)[];
}

export interface AttackedPlatform {
  readonly platform: TestPlatform;
  readonly members: RoleMembers;
  readonly field: Field;
  /** Starts nothing again from now on. Returns how many processes had ended by themselves. */
  settle(): number;
}

const REVIVE_MS = 1_000;

/**
 * Starts a platform on a broker of its own behind a proxy, with two processes of all processors and two workers under attack.
 * What ends by itself is started again, as a supervisor does.
 */
export async function startAttackedPlatform(options: AttackedPlatformOptions): Promise<AttackedPlatform> {
  const { dir, driver, plants, env, roles, workers, onLine, closing } = options;
  const front = await claimPort(dir, 'kafka-proxy');
  const environment = { ...plainEnvironment(), KAFKA_BROKERS: undefined };
  const parts = await startParts({ dir, only: ['kafka'], fronts: [front], env: environment });
  closing.push(() => parts.stop());
  const ports = readJson<Record<string, number>>(path.join(dir, 'state', 'ports.json')) ?? {};
  const proxy = await KafkaProxy.listen([{ port: front, brokerPort: ports['kafka-front'] ?? 0 }]);
  closing.push(() => proxy.close());
  const platform = await startTestPlatform({
    roles: localRoles(process.env).filter(roles),
    env: {
      ...{ KHIPU_KAFKA_CLIENT: driver, KAFKA_BROKERS: `127.0.0.1:${front}` },
      KHIPU_RATE_LIMIT_PER_MINUTE: '1000000000',
      ...env,
    },
  });
  closing.push(() => platform.stop());
  const members = new RoleMembers({
    ...{ dir, home: platform.dir, env: platform.env, imports: plants },
    args: { stream: ['run', 'stream', 'all'], worker: ['run', 'worker', ...workers] },
  });
  closing.push(() => members.stopAll());
  await members.startAll();
  let revived = 0;
  const reviving = setInterval(async () => {
    for (const name of await members.revive()) {
      revived += 1;
      onLine(`${name} ended by itself and was started again`);
    }
  }, REVIVE_MS);
  closing.push(async () => clearInterval(reviving));
  const restartBroker = async (): Promise<void> => {
    const broker = parts.parts.get('kafka')?.child;
    if (broker === undefined) throw new Error('the broker of this run is not its own');
    process.kill(broker.pid, 'SIGKILL');
    await broker.exited;
    await parts.startPart('kafka');
  };
  return {
    ...{ platform, members, field: { proxy, members, brokers: 1, restartBroker } },
    settle: () => {
      clearInterval(reviving);
      return revived;
    },
  };
}
