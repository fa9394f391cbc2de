import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromium } from '../support/chromium.ts';
import {
  briefDigest,
  reviewedRun,
  reviewId,
  template,
  templateBody,
  workflowRun,
  workflowRunId,
} from './recorded/workflows.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { problem, signedIn, startConsole, type TestConsole } from './support/console.ts';

/** A busy machine is no failure. */
const PATIENCE = { timeout: 30_000 };
const runPath = `/console/workflows/runs/${workflowRunId}`;
const reviewPath = `/v1/runs/${workflowRunId}/reviews/${reviewId}`;

describe.skipIf(chromium === null)('workflows in the console', () => {
  let tested: TestConsole;

  beforeAll(async () => {
    tested = await startConsole();
  });
  afterEach(() => tested.server.answer({}));
  afterAll(() => tested.close());

  const sent = (path: string) => tested.sent(path);

  test('a run is a graph: a task is selected with the keyboard, and shows its use, budget and definition', async () => {
    const { page } = await tested.open(runPath);
    const graph = page.getByRole('region', { name: 'Graph of the run' });
    await graph.getByRole('button', { name: /^publish/ }).waitFor();
    expect((await graph.getByRole('button').allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(
      workflowRun.nodes.map(({ name }) => name),
    );
    const facts = graph.getByRole('button', { name: /^facts/ });
    await facts.focus();
    await page.keyboard.press('Enter');
    expect(await facts.getAttribute('aria-pressed')).toBe('true');
    const panel = page.getByRole('region', { name: 'Selected task' });
    await panel.getByText('1 call, 2,710 tokens, cost 0.0041').waitFor();
    await panel.getByText('3 left of 4').waitFor();
    await panel.getByText('"agent": "researcher"').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('a review is approved with a note, and the graph goes on', async () => {
    let isApproved = false;
    tested.server.answer({
      [`GET /v1/runs/${workflowRunId}`]: () => ({ body: isApproved ? reviewedRun : workflowRun }),
      [`POST ${reviewPath}`]: () => {
        isApproved = true;
        return { body: { run_id: workflowRunId, review_id: reviewId, outcome: 'approve' } };
      },
    });
    const { page } = await tested.open(runPath);
    await page.getByText('The khipu of Laramate has 1,500 cords.').waitFor();
    await page.getByRole('button', { name: 'Approve' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Approve publish' });
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel(/^Note/).fill('The source says so.');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^publish call completed/ }).waitFor();
    expect(sent(reviewPath)).toMatchObject({
      csrf: 'csrf-1',
      body: { outcome: 'approve', note: 'The source says so.' },
    });
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  });

  test('a rejection that is refused shows its code', async () => {
    tested.server.answer({ [`POST ${reviewPath}`]: problem(409, 'JOB_ENDED', 'The run has ended') });
    const { page } = await tested.open(runPath);
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await page.getByRole('dialog').getByRole('alert').getByText('JOB_ENDED').waitFor();
    expect(sent(reviewPath)?.body).toEqual({ outcome: 'reject', note: '' });
  });

  test('who started a run, and a caller without the capabilities, have no decision to take', async () => {
    tested.server.answer({ 'GET /session': { body: { ...signedIn(), principal: 'user:bob' } } });
    const { page } = await tested.open(runPath);
    await page.getByText('Who started a run does not review it.').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    tested.server.answer({ 'GET /session': { body: signedIn(['workflows:read']) } });
    const other = await tested.open(runPath);
    await other.page.getByText('A decision takes workflows:review and jobs:control.').waitFor();
  });

  test('a run is cancelled as the job that it is', async () => {
    const path = `/v1/jobs/${workflowRunId}/cancel`;
    tested.server.answer({ [`POST ${path}`]: { body: { job_id: workflowRunId, status: 'cancelled' } } });
    const { page } = await tested.open(runPath);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('dialog', { name: 'Cancel the run' }).getByLabel('Reason').fill('The sources are wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(sent(path)).toMatchObject({ csrf: 'csrf-1', body: { reason: 'The sources are wrong' } });
  });

  test('a document is imported, and the place of what is not supported is named', async () => {
    const refused = problem(400, 'WORKFLOW_UNSUPPORTED', '/do/0/a: calls of grpc');
    const errors = [{ in: 'body', pointer: '#/document/do/0/a', detail: 'calls of grpc' }];
    tested.server.answer({
      'POST /v1/templates/import': ({ body }) =>
        JSON.stringify(body).includes('grpc')
          ? { status: 400, body: { ...(refused.body as object), errors } }
          : { status: 201, body: { template, version: '1.1.0', digest: briefDigest, install: null } },
    });
    const { page } = await tested.open('/console/workflows');
    await page.getByRole('button', { name: 'Import' }).click();
    const dialog = page.getByRole('dialog', { name: 'Import a template' });
    const document = dialog.getByRole('textbox', { name: /^Document/ });
    await document.fill('do: [{a: {call: grpc}}]');
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByRole('alert').getByText('#/document/do/0/a').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await document.fill('do: [{a: {set: {}}}]');
    await dialog.getByRole('button', { name: 'Import' }).click();
    await page.getByRole('heading', { name: template }).waitFor();
    expect(sent('/v1/templates/import')).toMatchObject({ csrf: 'csrf-1', body: { document: 'do: [{a: {set: {}}}]' } });
  });

  test('a version is planned and run with an input and a budget', async () => {
    const path = `/v1/templates/${template}/runs`;
    tested.server.answer({ [`POST ${path}`]: { status: 201, body: { run_id: workflowRunId, status: 'queued' } } });
    const { page } = await tested.open(`/console/workflows/templates/${template}`);
    await page.getByRole('button', { name: /^tell call refused/ }).click();
    const panel = page.getByRole('region', { name: 'Selected task' });
    await panel.getByText('tool:execute:mail').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: `Run ${template}` });
    const input = dialog.getByRole('textbox', { name: /^Input/ });
    await input.fill('{"sources":');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await dialog.getByText('Expected JSON.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(sent(path)).toBeUndefined();
    await input.fill('{"sources": ["https://example.com"]}');
    await dialog.getByLabel('At most calls').fill('10');
    await dialog.getByLabel('At most cost').fill('0.50');
    await dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForURL(`**${runPath}`);
    expect(sent(path)).toMatchObject({
      csrf: 'csrf-1',
      body: {
        ...{ input: { sources: ['https://example.com'] }, sha256: briefDigest },
        budget: { calls: 10, cost: '0.50' },
      },
    });
  });

  test('an earlier version is shown by its digest, and a template is removed', async () => {
    const earlier = `0${briefDigest.slice(1)}`;
    const path = `/v1/templates/${template}`;
    tested.server.answer({
      [`GET ${path}`]: ({ query }) => ({
        body: query.get('sha256') === earlier ? { ...templateBody, version: '1.0.0', digest: earlier } : templateBody,
      }),
      [`DELETE ${path}`]: { status: 204 },
    });
    const { page } = await tested.open(`/console/workflows/templates/${template}`);
    await page.getByRole('button', { name: earlier.slice(0, 8) }).click();
    await expect
      .poll(() => tested.server.seen.findLast((seen) => seen.path === `${path}/plan`)?.query.get('sha256'), PATIENCE)
      .toBe(earlier);
    await page
      .locator('[aria-pressed="true"]')
      .filter({ hasText: earlier.slice(0, 8) })
      .waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'Workflows' }).waitFor();
    expect(sent(path)).toMatchObject({ method: 'DELETE', csrf: 'csrf-1' });
  });

  test('a caller who may not read templates sees the runs', async () => {
    tested.server.answer({ 'GET /session': { body: signedIn(['slm:invoke:*']) } });
    const { page } = await tested.open('/console/workflows');
    await page.getByText('WORKFLOW_BUDGET_EXCEEDED').waitFor();
    expect(await page.getByRole('region', { name: 'Templates' }).count()).toBe(0);
  });
});
