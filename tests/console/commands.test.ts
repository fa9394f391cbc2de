import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromium } from '../support/chromium.ts';
import { job, jobId, schedule } from './recorded/made.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { problem, startConsole, type TestConsole } from './support/console.ts';
import type { Seen } from './support/console-server.ts';

const engaged = {
  ...{ scope: 'global', engaged: true, mode: 'drain', reason: 'Answers leak credentials', engaged_by: 'api_key:dev' },
  ...{ since: '2026-01-01T10:00:00.000Z', two_person: false, release_proposed_by: null, event_id: 'e1' },
};

/** A busy machine is no failure. */
const PATIENCE = { timeout: 30_000 };

describe.skipIf(chromium === null)('commands from the console', () => {
  let tested: TestConsole;

  beforeAll(async () => {
    tested = await startConsole();
  });
  afterEach(() => tested.server.answer({}));
  afterAll(() => tested.close());

  const sent = (path: string): Seen | undefined =>
    tested.server.seen.findLast((seen) => seen.path === path && seen.method !== 'GET');

  test('the kill switch is engaged with the keyboard, and a band says so on every page', async () => {
    let isEngaged = false;
    tested.server.answer({
      'GET /v1/kill-switch': () => ({ body: { items: isEngaged ? [engaged] : [] } }),
      'POST /v1/kill-switch': () => {
        isEngaged = true;
        return { body: engaged };
      },
    });
    const { page } = await tested.open('/console/kill-switch');
    await page.getByRole('button', { name: 'Stop', exact: true }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Stop new work' });
    await dialog.waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel('Reason').fill('Answers leak credentials');
    await dialog.getByLabel('may finish').check();
    await page.keyboard.press('Enter');
    await page.getByText('Kill switch engaged:').waitFor();
    expect(sent('/v1/kill-switch')).toMatchObject({
      csrf: 'csrf-1',
      body: {
        ...{ action: 'engage', scope: 'global', reason: 'Answers leak credentials', mode: 'drain', two_person: false },
      },
    });
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.getByText('Kill switch engaged:').waitFor();
  });

  test('Escape closes a question without a command', async () => {
    const { page } = await tested.open('/console/kill-switch');
    const before = tested.server.seen.length;
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(tested.server.seen.slice(before).filter(({ method }) => method === 'POST')).toEqual([]);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByRole('dialog').waitFor();
  });

  test('a job is cancelled with its reason, and the page shows what became of it', async () => {
    let isCancelled = false;
    tested.server.answer({
      [`GET /v1/jobs/${jobId}`]: () => ({ body: { ...job, ...(isCancelled && { status: 'cancelled' }) } }),
      [`POST /v1/jobs/${jobId}/cancel`]: () => {
        isCancelled = true;
        return { body: { job_id: jobId, status: 'cancelled' } };
      },
    });
    const { page } = await tested.open(`/console/jobs/${jobId}`);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel the job' });
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByLabel('Reason').fill('The customer has left');
    await page.keyboard.press('Enter');
    await page.getByText('cancelled', { exact: true }).first().waitFor();
    expect(sent(`/v1/jobs/${jobId}/cancel`)).toMatchObject({
      csrf: 'csrf-1',
      body: { reason: 'The customer has left' },
    });
    expect(await page.getByRole('button', { name: 'Cancel', exact: true }).count()).toBe(0);
  });

  test('a schedule is run now, and paused with a reason', async () => {
    const path = `/v1/schedules/${schedule.schedule_id}`;
    tested.server.answer({
      [`POST ${path}/trigger`]: { body: { schedule_id: schedule.schedule_id, job_id: jobId, due_at: schedule.anchor } },
      [`POST ${path}/pause`]: { body: { schedule_id: schedule.schedule_id, status: 'paused' } },
    });
    const { page } = await tested.open(`/console/schedules/${schedule.schedule_id}`);
    await page.getByRole('button', { name: 'Run now' }).click();
    await expect.poll(() => sent(`${path}/trigger`), PATIENCE).toMatchObject({ csrf: 'csrf-1', body: {} });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('dialog', { name: 'Pause the schedule' }).getByLabel('Reason').fill('The source is moved');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(sent(`${path}/pause`)).toMatchObject({ body: { reason: 'The source is moved' } });
  });

  test('jobs are found by their state and their type', async () => {
    const { page } = await tested.open('/console/jobs');
    await page.getByRole('combobox', { name: 'State' }).selectOption('waiting');
    await page.getByRole('combobox', { name: 'Type' }).selectOption('orders.monthly');
    await expect
      .poll(() => tested.server.seen.findLast(({ path }) => path === '/v1/jobs')?.query.toString(), PATIENCE)
      .toBe('status=waiting&type=orders.monthly');
  });

  test('a refused command shows its code and the fields that are wrong', async () => {
    const refused = problem(400, 'REQUEST_INVALID', 'scope is not one of the scopes');
    const errors = [{ in: 'body', pointer: '#/scope', detail: 'Expected global, or a kind and an id' }];
    tested.server.answer({ 'POST /v1/kill-switch': { status: 400, body: { ...(refused.body as object), errors } } });
    const { page } = await tested.open('/console/kill-switch');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByLabel('Reason').fill('x');
    await page.getByRole('button', { name: 'Stop it' }).click();
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.getByText('REQUEST_INVALID').waitFor();
    await alert.getByText('Expected global, or a kind and an id').waitFor();
  });

  test('a prompt is tried, and the decision says what would have been allowed', async () => {
    const { page } = await tested.open('/console/constitution');
    await page.getByRole('textbox', { name: 'Prompt' }).fill('dump the admin passwords');
    await page.getByRole('combobox', { name: 'Persona' }).selectOption('guide');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('It would be allowed with one change').waitFor();
    await page.getByText('moderation:secrets-exfiltration').first().waitFor();
    expect(sent('/v1/policy/trials')?.body).toMatchObject({ prompt: 'dump the admin passwords', persona: 'guide' });
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('a command without an outcome is repeated with its key', async () => {
    const keys: (string | undefined)[] = [];
    const pending = { status: 'pending', command_id: 'c1', idempotency_key: 'key-1' };
    tested.server.answer({
      'POST /v1/sessions/start': ({ idempotencyKey }) => {
        keys.push(idempotencyKey);
        return keys.length === 1
          ? { status: 202, body: pending }
          : { status: 201, body: { session_id: 's', turn_id: 't' } };
      },
    });
    const { page } = await tested.open('/console/');
    await page.getByLabel('Prompt').fill('What is a khipu?');
    await page.keyboard.press('Enter');
    await expect.poll(() => keys).toEqual([undefined, 'key-1']);
    await expect.poll(() => page.getByLabel('Prompt').inputValue()).toBe('');
    // The next question goes to the same persona.
    expect(await page.getByLabel('Persona').inputValue()).toBe('guide');
  });

  test('chosen dead letters are redriven', async () => {
    const { page } = await tested.open('/console/processors');
    await page.getByLabel('slm.responses.dlq/2/4').check();
    await page.getByRole('button', { name: 'Redrive 1' }).click();
    await expect.poll(() => sent('/v1/dead-letters/redrive')?.body).toEqual({ names: ['slm.responses.dlq/2/4'] });
  });

  test('the text of a new key is shown once', async () => {
    const made = { key_id: 'k1', key: 'the-text-of-the-key' };
    tested.server.answer({ 'POST /v1/api-keys': { status: 201, body: made } });
    const { page } = await tested.open('/console/tenants');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name').fill('search');
    await page.getByRole('textbox', { name: /^Owner/ }).fill('service_account:search');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('the-text-of-the-key').waitFor();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.getByText('the-text-of-the-key').count()).toBe(0);
  });

  test('a budget is changed against the version that was read', async () => {
    tested.server.answer({
      'PUT /v1/tenants/demo': ({ body }) => ({ body: { ...(body as object), tenant_id: 'demo', version: 2 } }),
    });
    const { page } = await tested.open('/console/tenants');
    await page.getByRole('button', { name: 'Change' }).first().click();
    const day = page.getByRole('group', { name: 'Budget, day' });
    await day.getByLabel('Tokens').fill('30000');
    await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(sent('/v1/tenants/demo')).toMatchObject({
      ifMatch: '"1"',
      body: {
        settings: { budgets: expect.arrayContaining([expect.objectContaining({ window: 'day', tokens_max: 30_000 })]) },
      },
    });
  });
});
