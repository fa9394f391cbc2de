import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Schemas } from '../../../infra/client/api.ts';
import {
  agentRun,
  approval,
  approvalId,
  approvalPage,
  childRunPage,
  grant,
  grantPage,
  memoryDetail,
  memoryId,
  memoryPage,
  programRun,
  programRunId,
  recalled,
  runId,
  runPage,
  tool,
  toolCallPage,
  toolHealth,
  toolPage,
  toolVersionPage,
} from '../recorded/agents.ts';
import { anomalyPage, anomalySeries } from '../recorded/anomalies.ts';
import { attestationPage, capsuleList, install, installPage, newer, pinned, waiting } from '../recorded/capsules.ts';
import { evaluationPage, evaluations, goldenSetPage } from '../recorded/evaluations.ts';
import {
  busy,
  childPage,
  diff,
  job,
  jobId,
  jobPage,
  jobStepPage,
  jobTypes,
  letters,
  schedule,
  schedulePage,
  shadowDifferences,
  trial,
  withShadow,
} from '../recorded/made.ts';
import { credit, figures, invoices, usage } from '../recorded/money.ts';
import {
  template,
  templateBody,
  templatePage,
  templatePlan,
  templateVersionPage,
  workflowRun,
  workflowRunId,
  workflowRunPage,
} from '../recorded/workflows.ts';
import { buildConsole, type CheckedPage, openPage, startBrowser } from './chromium-page.ts';
import { type Answered, type Answers, type ConsoleServer, type Seen, startConsoleServer } from './console-server.ts';

type Recorded = Readonly<Record<string, { readonly status: number; readonly body: unknown }>>;

const recorded = JSON.parse(
  readFileSync(new URL('../recorded/generated/answers.json', import.meta.url), 'utf8'),
) as Recorded;

/** Key that the recorded console accepts. */
export const KEY = 'khp_recorded';

/** The signed-in caller of the recorded console. */
export const signedIn = (capabilities: readonly string[] = ['*']): object => ({
  ...{ principal: 'api_key:dev', tenant_id: 'demo', capabilities, csrf_token: 'csrf-1' },
  ...{ expires_at: '2030-01-01T00:00:00Z', idle_seconds: 1_800, signed_in_with: 'api_key' },
});

/** A problem of the API. */
export const problem = (status: number, code: string, detail: string): Answered => ({
  status,
  body: {
    type: `urn:khipu:problem:${code}`,
    title: code,
    status,
    detail,
    instance: '/',
    code,
    request_id: 'request-7',
  },
});

const EMPTY_PAGE: Answered = { body: { items: [], next_cursor: null } };

const isKey = ({ body }: Seen): boolean => (body as { readonly api_key?: string }).api_key === KEY;

/** Recorded sessions, the first that was asked first. */
export const sessionIds = (recorded['GET /v1/sessions'] as { body: { items: { session_id: string }[] } }).body.items
  .map(({ session_id: id }) => id)
  .reverse();

const answers: Answers = {
  ...recorded,
  'GET /session': { body: signedIn() },
  'GET /sign-in': { body: { identity_provider: null } },
  'POST /sign-in': (seen) =>
    isKey(seen) ? { body: signedIn() } : problem(401, 'TOKEN_INVALID', 'The API key is not valid'),
  'POST /sign-out': { status: 204 },
  'GET /v1/audit': ({ query }) => recorded[`GET /v1/audit?session_id=${query.get('session_id')}`] ?? EMPTY_PAGE,
  'GET /v1/topology/activity': {
    body: busy(recorded['GET /v1/topology/activity']?.body as Schemas['PlatformActivity']),
  },
  'GET /v1/jobs': ({ query }) => ({ body: query.has('parent_id') ? childPage : jobPage }),
  'GET /v1/job-types': { body: jobTypes },
  [`GET /v1/jobs/${jobId}`]: { body: job },
  [`GET /v1/jobs/${jobId}/steps`]: { body: jobStepPage },
  [`POST /v1/jobs/${jobId}/pause`]: { body: { job_id: jobId, status: 'paused' } },
  [`POST /v1/jobs/${jobId}/cancel`]: { body: { job_id: jobId, status: 'cancelled' } },
  'GET /v1/templates': { body: templatePage },
  [`GET /v1/templates/${template}`]: { body: templateBody },
  [`GET /v1/templates/${template}/plan`]: { body: templatePlan },
  [`GET /v1/templates/${template}/versions`]: { body: templateVersionPage },
  'GET /v1/runs': { body: workflowRunPage },
  [`GET /v1/runs/${workflowRunId}`]: { body: workflowRun },
  [`GET /v1/jobs/${workflowRunId}`]: { body: { ...job, job_id: workflowRunId, principal: 'user:bob', input: null } },
  'GET /v1/schedules': { body: schedulePage },
  [`GET /v1/schedules/${schedule.schedule_id}`]: { body: schedule },
  'GET /v1/agents/runs': ({ query }) => ({ body: query.has('parent_id') ? childRunPage : runPage }),
  [`GET /v1/agents/runs/${runId}`]: { body: agentRun },
  [`GET /v1/agents/runs/${programRunId}`]: { body: programRun },
  'GET /v1/approvals': { body: approvalPage },
  [`GET /v1/approvals/${approvalId}`]: { body: approval },
  'GET /v1/approval-grants': { body: grantPage },
  [`DELETE /v1/approval-grants/${grant.grant_id}`]: { status: 204 },
  'GET /v1/tools': { body: toolPage },
  [`GET /v1/tools/${tool.name}`]: { body: tool },
  [`GET /v1/tools/${tool.name}/health`]: { body: toolHealth },
  'GET /v1/tools/pay/health': { body: { ...toolHealth, tool: 'pay', status: 'healthy', detail: '20 of 20' } },
  [`GET /v1/tools/${tool.name}/versions`]: { body: toolVersionPage },
  [`GET /v1/tools/${tool.name}/audit`]: { body: toolCallPage },
  'GET /v1/memory/memories': { body: memoryPage },
  [`GET /v1/memory/memories/${memoryId}`]: { body: memoryDetail },
  'POST /v1/memory/recall': { body: recalled },
  'GET /v1/marketplace/capsules': ({ query }) => ({ body: capsuleList(query) }),
  ...Object.fromEntries(
    [pinned, newer, waiting].flatMap((capsule) => {
      const path = `GET /v1/marketplace/capsules/${capsule.publisher}/${capsule.name}/${capsule.version}`;
      return [
        [path, { body: capsule }],
        [`${path}/attestations`, { body: attestationPage }],
      ];
    }),
  ),
  'GET /v1/marketplace/installs': { body: installPage },
  [`GET /v1/marketplace/installs/${install.install}`]: { body: install },
  'GET /v1/evaluations/golden-sets': { body: goldenSetPage },
  'GET /v1/evaluations/runs': { body: evaluationPage },
  ...Object.fromEntries(evaluations.map((each) => [`GET /v1/evaluations/runs/${each.evaluation_id}`, { body: each }])),
  'GET /v1/anomalies': { body: anomalyPage },
  'GET /v1/anomalies/series': { body: anomalySeries },
  'GET /v1/usage': { body: usage },
  'GET /v1/credit': { body: credit },
  ...invoices,
  'GET /v1/analytics/personas': { body: figures(['guide', 'teacher']) },
  'GET /v1/analytics/tools': { body: figures(['demo/pay']) },
  'GET /v1/analytics/policies': { body: figures(['prompt_safety', 'score']) },
  'GET /v1/analytics/models': { body: figures(['smollm2']) },
  'GET /v1/analytics/capsules': { body: figures(['demo/research-brief@1.0.0']) },
  'GET /v1/dead-letters': { body: letters },
  'POST /v1/dead-letters/redrive': ({ body }) => ({
    body: { verb: 'redrive', settled: (body as { names: string[] }).names, parked: [] },
  }),
  'GET /v1/constitutions/shadow/differences': { body: shadowDifferences },
  'GET /v1/constitutions': { body: withShadow(recorded['GET /v1/constitutions']?.body as Schemas['ConstitutionList']) },
  'GET /v1/constitutions/1.3.0/diff': { body: diff },
  'POST /v1/policy/trials': { body: trial },
};

/** The built console with recorded answers, in a browser. */
export interface TestConsole {
  readonly server: ConsoleServer;
  readonly browser: Browser;
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<CheckedPage>;
  /** Returns the last command to a path, which is no GET. */
  readonly sent: (path: string) => Seen | undefined;
  readonly close: () => Promise<void>;
}

/** Builds the console, and starts its server and a browser. */
export async function startConsole(): Promise<TestConsole> {
  const folder = mkdtempSync(join(tmpdir(), 'khipu-console-'));
  const server = await startConsoleServer(await buildConsole(folder), answers);
  const browser = await startBrowser();
  return {
    server,
    browser,
    sent: (path) => server.seen.findLast((seen) => seen.path === path && seen.method !== 'GET'),
    open: async (path, options) => {
      // An earlier page would go on to ask, and to draw what this one is sent.
      for (const context of browser.contexts()) await context.close();
      const opened = await openPage(browser, options);
      await opened.page.goto(`${server.url}${path}`);
      return opened;
    },
    close: async () => {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
