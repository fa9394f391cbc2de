import path from 'node:path';
import { registryRequest } from '../../kafka/registry-request.ts';
import { queryOf } from '../../tls/tls-url.ts';
import { downloadDir, downloads, versions } from '../fetch/catalogue.mjs';
import { startChild } from '../process/child.ts';
import { writeKeyStore } from '../tls/broker-settings.ts';
import { ADMIN_NAME, type LocalTls } from '../tls/local-tls.ts';
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
const requestTimeoutMs = 30_000;
/** Compatibility of subjects without their own level: events are replayed permanently. */
const globalCompatibility = 'FULL_TRANSITIVE';

/**
 * Returns the settings of https, and of TLS to the brokers. The registry as it is built asks no client for a certificate
 * (`quarkus.http.ssl.client-auth` is fixed when Quarkus is built): it listens on this host alone.
 */
function secured(port: number, tls: LocalTls): Readonly<Record<string, string | number>> {
  const files = tls.files('registry');
  return {
    'quarkus.http.insecure-requests': 'disabled',
    'quarkus.http.ssl-port': port,
    'quarkus.http.ssl.certificate.files': files.cert,
    'quarkus.http.ssl.certificate.key-files': files.key,
    'quarkus.http.ssl.certificate.reload-period': '30s',
    'quarkus.http.ssl.protocols': 'TLSv1.3',
    // Settings of all its Kafka clients: those of `apicurio.kafkasql.ssl` are ignored without passwords, which PEM has none of.
    'apicurio.kafka.common.security.protocol': 'SSL',
    'apicurio.kafka.common.ssl.truststore.type': 'PEM',
    'apicurio.kafka.common.ssl.truststore.location': files.ca,
    'apicurio.kafka.common.ssl.keystore.type': 'PEM',
    'apicurio.kafka.common.ssl.keystore.location': writeKeyStore(tls.dir, 'registry', files),
  };
}

const settings = (port: number, brokers: string, tls: LocalTls | undefined): string[] =>
  Object.entries({
    'quarkus.http.host': '127.0.0.1',
    ...(tls === undefined ? { 'quarkus.http.port': port } : secured(port, tls)),
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
async function probeStorage(root: string): Promise<string> {
  const { body } = await registryRequest(root, 'health/ready', probeTimeoutMs);
  const { checks = [] } = JSON.parse(body) as { checks?: { name: string; status: string }[] };
  const storage = checks.find(({ name }) => name === 'PersistenceSimpleReadinessCheck');
  if (storage?.status !== 'UP') throw new Error(`its storage is ${storage?.status ?? 'unknown'}`);
  return 'has read its journal';
}

async function readCompatibility(url: string): Promise<string | undefined> {
  const { body } = await registryRequest(url, 'config', requestTimeoutMs);
  return (JSON.parse(body) as { compatibilityLevel?: string }).compatibilityLevel;
}

async function setGlobalCompatibility(url: string): Promise<void> {
  if ((await readCompatibility(url)) === globalCompatibility) return;
  const put = { method: 'PUT', body: JSON.stringify({ compatibility: globalCompatibility }) };
  const { status } = await registryRequest(url, 'config', requestTimeoutMs, put);
  if (status < 300 || (await readCompatibility(url)) === globalCompatibility) return;
  throw new PartError(`registry rejected the global compatibility: ${status}`);
}

/** Apicurio Registry with Confluent's interface. Its schemas are stored in Kafka topics, so it has no data of its own. */
export const registry: Part = {
  name: 'registry',
  needs: brokerNames,
  async start({ dir, env, signal, tls }) {
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
      ...settings(port, brokers, tls),
      '-cp',
      subject.classPath,
      'io.quarkus.runner.GeneratedMain',
    ];
    const child = await startChild({ name: 'registry', command: findJava().command, args, log });
    const root = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
    const url = `${root}/apis/ccompat/v7`;
    const query = tls === undefined ? '' : `?${queryOf(tls.files(ADMIN_NAME))}`;
    const health = () => healthOf(() => probeStorage(`${root}/${query}`));
    await waitUntilHealthy(child, health, { timeoutMs: 180_000, signal });
    await setGlobalCompatibility(`${url}${query}`).catch(async (error: unknown) => {
      await child.stop();
      throw error;
    });
    return { name: 'registry', url, address: url, child, health };
  },
};
