import path from 'node:path';
import { downloadDir, downloads, versions } from '../fetch/catalogue.mjs';
import { startChild } from '../process/child.ts';
import { archiveArgs } from './class-archive.ts';
import { commonJvmArgs, findJava } from './java.ts';
import { brokerNames, healthOf, type Part, PartError, waitUntilHealthy } from './part.ts';
import { claimPort } from './ports.ts';

/** Returns the subject of the registry's class archive. */
export const registryArchive = () => {
  const dir = downloadDir('registry');
  const classPath = `${path.join(dir, downloads.registry.marker)}${path.delimiter}${path.join(dir, 'lib', '*')}`;
  return { name: `apicurio-${versions.registry}`, classPath };
};

const probeTimeoutMs = 2_000;
/** Compatibility of subjects without their own level: events are replayed permanently. */
const globalCompatibility = 'FULL_TRANSITIVE';

const settings = (port: number, brokers: string): string[] =>
  Object.entries({
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    'quarkus.http.access-log.enabled': false,
    'quarkus.log.level': 'WARN',
    'quarkus.vertx.event-loops-pool-size': 2,
    'quarkus.thread-pool.max-threads': 8,
    'apicurio.storage.kind': 'kafkasql',
    'apicurio.kafkasql.bootstrap.servers': brokers,
    'apicurio.kafkasql.topic': 'khipu.registry.journal',
    'apicurio.kafkasql.snapshots.topic': 'khipu.registry.snapshots',
    'apicurio.events.kafka.topic': 'khipu.registry.events',
    // Every start waits this long for a snapshot. None is taken here: a few hundred schemas are replayed quickly.
    'apicurio.kafkasql.consumer.poll.timeout': 200,
    'apicurio.kafkasql.snapshot.every.seconds': 'off',
  }).map(([key, value]) => `-D${key}=${value}`);

/**
 * Checks whether the journal has been read to its end. Before that, requests for schemas get wrong answers. The registry's
 * other checks count slow answers, which are frequent on a busy machine.
 */
async function probeStorage(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`, {
    signal: AbortSignal.timeout(probeTimeoutMs),
  });
  const { checks = [] } = (await response.json()) as { checks?: { name: string; status: string }[] };
  const storage = checks.find(({ name }) => name === 'PersistenceSimpleReadinessCheck');
  if (storage?.status !== 'UP') throw new Error(`its storage is ${storage?.status ?? 'unknown'}`);
  return 'has read its journal';
}

async function readCompatibility(url: string): Promise<string | undefined> {
  const answer = (await (await fetch(`${url}/config`)).json()) as { compatibilityLevel?: string };
  return answer.compatibilityLevel;
}

async function setGlobalCompatibility(url: string): Promise<void> {
  if ((await readCompatibility(url)) === globalCompatibility) return;
  const response = await fetch(`${url}/config`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ compatibility: globalCompatibility }),
  });
  if (response.ok || (await readCompatibility(url)) === globalCompatibility) return;
  throw new PartError(`registry rejected the global compatibility: ${response.status}`);
}

/** Apicurio Registry with Confluent's interface. Its schemas are stored in Kafka topics, so it has no data of its own. */
export const registry: Part = {
  name: 'registry',
  needs: brokerNames,
  async start({ dir, env, signal }) {
    const brokers = env.KAFKA_BROKERS;
    if (brokers === undefined) throw new PartError('registry needs KAFKA_BROKERS');
    const log = path.join(dir, 'logs', 'registry.log');
    const port = await claimPort(dir, 'registry');
    const subject = registryArchive();
    const args = [
      '-Xmx192m',
      ...commonJvmArgs,
      ...archiveArgs(subject),
      '-XX:TieredStopAtLevel=1',
      ...settings(port, brokers),
      '-cp',
      subject.classPath,
      'io.quarkus.runner.GeneratedMain',
    ];
    const child = await startChild({ name: 'registry', command: findJava().command, args, log });
    const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
    const health = () => healthOf(() => probeStorage(port));
    await waitUntilHealthy(child, health, { timeoutMs: 180_000, signal });
    await setGlobalCompatibility(url).catch(async (error: unknown) => {
      await child.stop();
      throw error;
    });
    return { name: 'registry', url, address: url, child, health };
  },
};
