import { rmSync } from 'node:fs';
import { kafkaBroker } from '../../infra/local/parts/kafka.ts';
import { clusterOf } from '../../infra/local/parts/kafka-cluster.ts';
import { claimPort } from '../../infra/local/parts/ports.ts';
import { makeDataFolder } from './data-folder.ts';

export interface SecuredBroker {
  /** Address at which clients log in. */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/** The user that may do everything, and grant it. */
export const ADMIN = 'admin';
export const passwordOf = (user: string): string => `${user}-word`;

/**
 * Starts a real broker that knows `users` by PLAIN and SCRAM-SHA-256 and denies everything that no ACL allows. Its
 * internal listener needs no login and is used by the broker alone; only that one and the admin bypass ACLs.
 */
export async function startSecuredBroker(users: readonly string[]): Promise<SecuredBroker> {
  const dir = makeDataFolder('khipu-secured-');
  const [place] = (await clusterOf(dir, 1)).brokers;
  const port = await claimPort(dir, 'kafka-login');
  const known = [ADMIN, ...users];
  const listeners = `PLAINTEXT://127.0.0.1:${place?.port},LOGIN://127.0.0.1:${port}`;
  const properties = {
    listeners: `${listeners},CONTROLLER://127.0.0.1:${place?.controllerPort}`,
    'advertised.listeners': listeners,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,LOGIN:SASL_PLAINTEXT',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:ANONYMOUS;User:${ADMIN}`,
    'listener.name.login.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
    'listener.name.login.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${known
      .map((user) => `user_${user}="${passwordOf(user)}"`)
      .join(' ')};`,
    'listener.name.login.scram-sha-256.sasl.jaas.config':
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  };
  const format = known.flatMap((user) => ['--add-scram', `SCRAM-SHA-256=[name=${user},password=${passwordOf(user)}]`]);
  const more = { properties, format };
  const running = await kafkaBroker(1).start({ dir, env: {}, signal: new AbortController().signal, more });
  return {
    address: `127.0.0.1:${port}`,
    stop: async () => {
      await running.child?.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
