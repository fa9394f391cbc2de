import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../../infra/config.ts';
import { connectKafka } from '../../../infra/kafka/connect.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { projectRoot } from '../../../infra/local/home.ts';
import { createApiKey } from '../../../infra/security/api-key-file.ts';
import { ApiClient, until } from '../../support/api-client.ts';
import { killProcess } from '../../support/kill-process.ts';
import { paymentManifest, signedTool, weatherManifest } from '../../support/outside-service.ts';
import type { TestPlatform } from '../../support/platform.ts';
import type { ChaosOptions } from '../command.ts';
import { startAttackedPlatform } from '../faults/attacked-platform.ts';
import { planOver, type Struck, strike, survived } from '../faults/strike.ts';
import { type AgentsLoad, startAgentsLoad } from './load.ts';
import { type Outside, startOutside } from './outside.ts';
import { type AgentsVerdict, recordedIn, verdictOn } from './verdict.ts';

export interface AgentsChaosReport extends Struck {
  readonly seed: string;
  readonly driver: string;
  readonly seconds: number;
  /** Gateways that were killed, beside the faults that were struck. */
  readonly gateways: number;
  readonly processesStarted: number;
  readonly revived: number;
  readonly verdict: AgentsVerdict;
  /** Notices to approvers; one may come twice, none may be missing. */
  readonly notices: number;
  readonly missingNotices: number;
  /** Folder with the logs of every process; kept when the run failed. */
  readonly dir: string;
}

const READY_MS = 300_000;
const NOTICE_MS = 60_000;
const FAULTS_PER_GATEWAY = 5;

/**
 * Starts a platform with two processes of all processors and two of the tool worker and the approval notifier, runs agents
 * with irreversible calls that people decide on, injects faults into these processes, kills gateways, and compares what was
 * paid outside with the answers and the log at the end.
 */
export async function runAgentsChaos(options: ChaosOptions): Promise<AgentsChaosReport> {
  const { seed, faults, driver, plants = [], onLine = () => undefined } = options;
  const began = Date.now();
  const dir = path.join(projectRoot, '.khipu', 'chaos', `agents-${seed}-${process.pid}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  // As root, Postgres runs under its own user and needs access to its folder.
  chmodSync(dir, 0o755);
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const outside = await startOutside();
    closing.push(() => outside.close());
    const attacked = await startAttackedPlatform({
      ...{ dir, driver, plants, onLine, closing },
      env: {
        ...{ KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1', KHIPU_APPROVALS_WEBHOOK_URL: `http://${outside.host}/notices` },
        KHIPU_APPROVALS_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      },
      roles: ({ name }) => ['gateway', 'projection', 'worker-slm'].includes(name),
      workers: ['tool-worker', 'approval-notifier'],
    });
    const { platform, members } = attacked;
    const load = await prepared(platform, outside, seed);
    await survived(load, 0);
    onLine(`${((Date.now() - began) / 1_000).toFixed(1)} s: the first run has ended`);
    const gateways = Math.max(1, Math.floor(faults / FAULTS_PER_GATEWAY));
    // A short run leaves the broker to the chaos of jobs: a restart takes longer than all of it.
    const plan = planOver(seed, faults - gateways, Math.round(faults / 60));
    const [struck] = await Promise.all([
      strike(plan, attacked.field, { load, what: 'runs', onLine }),
      killGateways(platform, gateways, load, onLine),
    ]);
    const ran = await load.stop();
    onLine(`${struck.struck} faults and ${gateways} gateways; ${ran.length} runs have ended`);
    const revived = attacked.settle();
    const { verdict, missing } = await judged(platform, ran, outside);
    return {
      ...{ ...struck, gateways, seed, driver, dir, revived, verdict, missingNotices: missing },
      ...{ notices: outside.notices.size, processesStarted: members.starts, seconds: (Date.now() - began) / 1_000 },
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Defines the tools, makes a key for the agent, and starts the load. */
async function prepared(platform: TestPlatform, outside: Outside, seed: string): Promise<AgentsLoad> {
  const admin = new ApiClient(platform);
  const manifests = [
    weatherManifest(outside),
    paymentManifest(outside, { approval: { required: 1 } }),
    paymentManifest(outside, { name: 'quick' }),
  ];
  for (const manifest of manifests) {
    const body = signedTool(manifest, `${platform.dir}/keys`);
    // A definition whose answer came too late is refused when it is sent again: its version is there.
    const isThere = ({ status }: { readonly status: number }): boolean => [200, 201, 409].includes(status);
    await until(() => admin.call('PUT', `/v1/tools/${manifest.name}`, { body }), isThere, READY_MS);
  }
  const of = { tenantId: 'demo', name: 'agent', capabilities: ['agents:*', 'slm:*', 'tool:*'] };
  const { key } = createApiKey({ keysDir: `${platform.dir}/keys`, ...of });
  const agent = new ApiClient({ url: platform.url, apiKey: key });
  // A gateway looks for new keys once a second.
  await until(
    () => agent.call('GET', '/v1/tools/weather'),
    ({ status }) => status === 200,
    READY_MS,
  );
  return startAgentsLoad(agent, admin, seed);
}

async function killGateways(
  platform: TestPlatform,
  times: number,
  load: AgentsLoad,
  onLine: (line: string) => void,
): Promise<void> {
  for (let nth = 1; nth <= times; nth += 1) {
    await killProcess(platform, 'gateway');
    onLine(`gateway killed, ${nth}/${times}; ${load.count()} runs ended`);
    await survived(load, Date.now());
  }
}

async function judged(
  platform: TestPlatform,
  ran: Awaited<ReturnType<AgentsLoad['stop']>>,
  outside: Outside,
): Promise<{ readonly verdict: AgentsVerdict; readonly missing: number }> {
  const kafka = await connectKafka(loadConfig(platform.env), 'chaos', createLogger('chaos', 'silent'));
  try {
    const recorded = await recordedIn(kafka.log, kafka.decoder);
    // An edit makes a notice of its own, so there are at least as many as approvals.
    const untilMs = Date.now() + NOTICE_MS;
    while (outside.notices.size < recorded.asked.size && Date.now() < untilMs) await sleep(200);
    const missing = Math.max(0, recorded.asked.size - outside.notices.size);
    return { verdict: verdictOn(ran, outside.paid, recorded), missing };
  } finally {
    await kafka.close();
  }
}
