import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, until } from '../containers/engine.ts';
import { crdFiles } from './schemas.ts';

/** Programs of a real API server without nodes. */
export const programsOfApiServer = ['etcd', 'kube-apiserver', 'kubectl'] as const;

const ETCD = 'http://127.0.0.1:12379';
const PEER = 'http://127.0.0.1:12380';
const PORT = '16443';
const TOKEN = 'chart-test-administrator';

/** A namespace that warns of every pod that is not restricted. */
const namespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'khipu', labels: { 'pod-security.kubernetes.io/warn': 'restricted' } },
};

/** Kinds whose definitions are in no registry of packages. */
const UNKNOWN_KIND = /no matches for kind "(KafkaUser|KafkaNodePool|Kafka|Cluster)"/;

/**
 * Applies rendered manifests server-side to an API server that it starts. Resolves with the number of objects. Rejects with the
 * first error or warning of the server.
 */
export async function applied(manifests: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'khipu-api-server-'));
  const certificates = join(folder, 'certificates');
  mkdirSync(certificates);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const key = file('accounts.key', privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const publicPath = file('accounts.pub', publicKey.export({ type: 'spki', format: 'pem' }).toString());
  const tokens = file('tokens.csv', `${TOKEN},admin,admin,system:masters\n`);
  const children: ChildProcess[] = [];
  const start = (program: string, ...args: readonly string[]): void => {
    children.push(spawn(program, args, { stdio: 'ignore' }));
  };
  const server = [
    `--server=https://127.0.0.1:${PORT}`,
    '--insecure-skip-tls-verify',
    `--token=${TOKEN}`,
    '--kubeconfig=/dev/null',
  ];
  const kubectl = (...args: readonly string[]) => run('kubectl', [...server, ...args]);
  try {
    start(
      ...([
        'etcd',
        '--data-dir',
        join(folder, 'etcd'),
        '--listen-client-urls',
        ETCD,
        '--advertise-client-urls',
        ETCD,
      ] as const),
      ...['--listen-peer-urls', PEER, '--initial-advertise-peer-urls', PEER, '--initial-cluster', `default=${PEER}`],
    );
    start(
      ...(['kube-apiserver', `--etcd-servers=${ETCD}`, `--secure-port=${PORT}`, '--bind-address=127.0.0.1'] as const),
      // A loopback address is refused as one of an endpoint.
      ...['--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none', `--cert-dir=${certificates}`],
      ...[`--token-auth-file=${tokens}`, '--authorization-mode=RBAC', '--service-cluster-ip-range=10.96.0.0/16'],
      ...[`--service-account-key-file=${publicPath}`, `--service-account-signing-key-file=${key}`],
      '--service-account-issuer=https://kubernetes.default.svc',
    );
    await until('the API server is ready', 60_000, () => kubectl('get', '--raw', '/readyz').ok);
    const apply = (path: string): number => {
      const { ok, out, error } = kubectl('apply', '--server-side', '--namespace', 'khipu', '--filename', path);
      const problems = error.split('\n').filter((line) => line !== '' && !UNKNOWN_KIND.test(line));
      if (problems.some((line) => /^Warning:/.test(line)) || (!ok && problems.length > 0))
        throw new Error(problems.join('\n'));
      return out.split('\n').filter((line) => line.endsWith('serverside-applied')).length;
    };
    apply(file('namespace.json', JSON.stringify(namespace)));
    for (const crd of crdFiles()) apply(crd);
    kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
    return manifests.reduce((sum, text, at) => sum + apply(file(`manifest-${at}.yaml`, text)), 0);
  } finally {
    for (const child of children.reverse()) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
