import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromium } from '../support/chromium.ts';
import { approvalId, memoryId, programRunId, runId, tool } from './recorded/agents.ts';
import { evaluationId } from './recorded/evaluations.ts';
import { jobId, schedule } from './recorded/made.ts';
import { template, workflowRunId } from './recorded/workflows.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { problem, sessionIds, startConsole, type TestConsole } from './support/console.ts';
import { begin, complete, delta, turnEvent } from './support/turn-events.ts';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));

interface PageCase {
  readonly name: string;
  readonly path: string;
  /** Text that is there when the page has its data. */
  readonly shows: string | RegExp;
  /** Route whose failure the page shows. */
  readonly route: string;
}

const denied = sessionIds[2] ?? '';

const pages: readonly PageCase[] = [
  { name: 'live', path: '/console/', shows: 'Name three things that a khipu could record.', route: '/v1/turns' },
  { name: 'sessions', path: '/console/sessions', shows: 'PERMITTED', route: '/v1/sessions' },
  { name: 'session', path: `/console/sessions/${denied}`, shows: 'PolicyDecided', route: `/v1/sessions/${denied}` },
  { name: 'jobs', path: '/console/jobs', shows: 'customer-42', route: '/v1/jobs' },
  { name: 'job', path: `/console/jobs/${jobId}`, shows: 'for signal approved', route: `/v1/jobs/${jobId}` },
  { name: 'workflows', path: '/console/workflows', shows: 'WORKFLOW_BUDGET_EXCEEDED', route: '/v1/runs' },
  {
    ...{ name: 'workflow-run', path: `/console/workflows/runs/${workflowRunId}`, shows: 'Waits for a review' },
    route: `/v1/runs/${workflowRunId}`,
  },
  {
    ...{ name: 'template', path: `/console/workflows/templates/${template}`, shows: 'There is no tool mail.' },
    route: `/v1/templates/${template}/plan`,
  },
  { name: 'schedules', path: '/console/schedules', shows: 'Europe/Berlin', route: '/v1/schedules' },
  {
    ...{ name: 'schedule', path: `/console/schedules/${schedule.schedule_id}`, shows: 'skipped' },
    route: `/v1/schedules/${schedule.schedule_id}`,
  },
  { name: 'agents', path: '/console/agents', shows: 'treasurer', route: '/v1/agents/runs' },
  {
    ...{ name: 'agent-run', path: `/console/agents/${runId}`, shows: 'waits for an approval, 1 of 2 given' },
    route: `/v1/agents/runs/${runId}`,
  },
  {
    ...{ name: 'program-run', path: `/console/agents/${programRunId}`, shows: 'paused at call 2' },
    route: `/v1/agents/runs/${programRunId}`,
  },
  { name: 'approvals', path: '/console/approvals', shows: 'irreversible', route: '/v1/approvals' },
  {
    ...{ name: 'approval', path: `/console/approvals/${approvalId}`, shows: 'Calls pay once; it cannot be undone.' },
    route: `/v1/approvals/${approvalId}`,
  },
  { name: 'tools', path: '/console/tools', shows: 'quarantined', route: '/v1/tools' },
  {
    ...{ name: 'tool', path: `/console/tools/${tool.name}`, shows: 'TOOL_QUARANTINED' },
    route: `/v1/tools/${tool.name}/audit`,
  },
  { name: 'memory', path: '/console/memory', shows: 'The office in Cusco', route: '/v1/memory/memories' },
  {
    ...{ name: 'one-memory', path: `/console/memory/${memoryId}`, shows: 'supports' },
    route: `/v1/memory/memories/${memoryId}`,
  },
  { name: 'capsules', path: '/console/capsules', shows: 'research-brief', route: '/v1/marketplace/capsules' },
  {
    ...{ name: 'capsule', path: '/console/capsules/acme/invoice-desk/1.1.0', shows: 'provenance' },
    route: '/v1/marketplace/capsules/acme/invoice-desk/1.1.0/attestations',
  },
  {
    ...{ name: 'capsule-install', path: '/console/capsules/installs/invoice-desk', shows: 'runs are refused' },
    route: '/v1/marketplace/installs/invoice-desk',
  },
  { name: 'evaluations', path: '/console/evaluations', shows: 'guide-basics', route: '/v1/evaluations/runs' },
  {
    ...{ name: 'evaluation', path: `/console/evaluations/${evaluationId}`, shows: 'not in it' },
    route: `/v1/evaluations/runs/${evaluationId}`,
  },
  { name: 'anomalies', path: '/console/anomalies', shows: 'tool:demo/pay', route: '/v1/anomalies' },
  { name: 'money', path: '/console/money', shows: 'Credit left', route: '/v1/credit' },
  { name: 'figures', path: '/console/figures', shows: 'prompt_safety', route: '/v1/analytics/policies' },
  { name: 'constitution', path: '/console/constitution', shows: 'prompt_safety', route: '/v1/constitutions' },
  { name: 'kill-switch', path: '/console/kill-switch', shows: 'No kill switch is engaged', route: '/v1/kill-switch' },
  { name: 'topology', path: '/console/topology', shows: 'policy.decisions', route: '/v1/topology' },
  { name: 'processors', path: '/console/processors', shows: 'RECORD_UNDECODABLE', route: '/v1/dead-letters' },
  { name: 'tenants', path: '/console/tenants', shows: 'search in production', route: '/v1/budgets' },
];

const looks: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light', { colorScheme: 'light', viewport: { width: 1280, height: 860 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1280, height: 860 } }],
  ['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
];

/** Fills the live page, so that its picture has turns in every state. */
async function someTurns(tested: TestConsole, page: Page): Promise<void> {
  await page.getByText('live', { exact: true }).waitFor();
  const questions = ['Who kept the khipus of a town?', 'Which colour stood for gold?', 'How long was the longest one?'];
  for (const [turn, question] of questions.entries())
    tested.server.emit([...begin(turn, question), delta(turn, 0, 'The ')]);
  tested.server.emit([
    delta(0, 4, 'khipukamayuq, who learned it in four years'),
    complete(1, 'Yellow stood for gold, and white for silver.'),
    turnEvent('refused', 2, { code: 'BUDGET_EXCEEDED', detail: 'The day has 12 tokens left, 40 are needed' }),
  ]);
  await page.getByText('BUDGET_EXCEEDED The day').waitFor();
  await page.getByRole('option').filter({ hasText: 'Name three things' }).click();
  await page.getByRole('region', { name: 'Selected turn' }).getByText('PolicyDecided').waitFor();
}

describe.skipIf(chromium === null)('every page of the console', () => {
  let tested: TestConsole;

  beforeAll(async () => {
    tested = await startConsole();
  });
  afterEach(() => tested.server.answer({}));
  afterAll(() => tested.close());

  test.each(pages.flatMap((one) => looks.map(([look, options]) => [one.name, look, one, options] as const)))(
    '%s is accessible in its %s look',
    async (name, look, one, options) => {
      const { page, faults } = await tested.open(one.path, options);
      await page.getByText(one.shows).first().waitFor();
      if (name === 'live') await someTurns(tested, page);
      expect(await accessibilityFaults(page)).toEqual([]);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow).toBe(0);
      expect(faults).toEqual([]);
      // The pictures of the documentation: every page in light, the first one in each look.
      if (process.env['KHIPU_SCREENSHOTS'] !== 'true' || (look !== 'light' && name !== 'live')) return;
      mkdirSync(images, { recursive: true });
      await page.screenshot({ path: join(images, `console-${name}-${look}.png`) });
    },
  );

  test.each(pages.map((one) => [one.name, one] as const))(
    '%s shows a problem with its code, and recovers',
    async (_name, one) => {
      const away = problem(503, 'READ_MODEL_UNAVAILABLE', 'Postgres does not answer');
      tested.server.answer({ [`GET ${one.route}`]: away });
      const { page } = await tested.open(one.path);
      const alert = page.getByRole('alert').first();
      await alert.getByText('READ_MODEL_UNAVAILABLE').waitFor();
      await alert.getByText('Postgres does not answer').waitFor();
      tested.server.answer({});
      const retry = alert.getByRole('button', { name: 'Try again' });
      if (await retry.isVisible()) await retry.click();
      await page.getByText(one.shows).first().waitFor();
    },
  );

  test('a page that does not exist says so', async () => {
    const { page } = await tested.open('/console/nothing-here');
    await page.getByRole('heading', { name: 'No such page' }).waitFor();
  });

  test('a link opens its page without loading the console again, and the title has the focus', async () => {
    const { page } = await tested.open('/console/sessions');
    await page.evaluate('window.isSame = true');
    await page.getByRole('link', { name: 'Topology' }).click();
    await page.getByRole('heading', { name: 'Topology' }).waitFor();
    expect(await page.evaluate('[window.isSame, document.activeElement.textContent]')).toEqual([true, 'Topology']);
  });
});
