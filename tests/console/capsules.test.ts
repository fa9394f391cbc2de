import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { capsuleManifestSchema } from '../../infra/capsules/manifest.ts';
import { chromium } from '../support/chromium.ts';
import { runId } from './recorded/agents.ts';
import { install, newer, pinned, upgradeCheck, waiting } from './recorded/capsules.ts';
import { accessibilityFaults } from './support/accessibility.ts';
import { problem, signedIn, startConsole, type TestConsole } from './support/console.ts';

/** A busy machine is no failure. */
const PATIENCE = { timeout: 30_000 };
const installPath = `/v1/marketplace/installs/${install.install}`;
const pathOf = (version: string): string => `/v1/marketplace/capsules/acme/invoice-desk/${version}`;
const pageOf = (version: string): string => `/console/capsules/acme/invoice-desk/${version}`;
const installPage = `/console/capsules/installs/${install.install}`;

test('the recorded manifests are ones that the platform accepts', () => {
  for (const { manifest } of [pinned, newer, waiting])
    expect(capsuleManifestSchema.safeParse(manifest)).toMatchObject({ success: true });
});

describe.skipIf(chromium === null)('capsules in the console', () => {
  let tested: TestConsole;

  beforeAll(async () => {
    tested = await startConsole();
  });
  afterEach(() => tested.server.answer({}));
  afterAll(() => tested.close());

  const sent = (path: string) => tested.sent(path);

  test('the catalogue is searched by words, and marks what is installed', async () => {
    const { page } = await tested.open('/console/capsules');
    const catalogue = page.getByRole('region', { name: 'Catalogue' });
    await catalogue.getByText('installed').waitFor();
    const cards = catalogue.getByRole('listitem');
    expect(await cards.filter({ hasText: 'installed' }).allInnerTexts()).toEqual([expect.stringContaining('1.1.0')]);
    await catalogue.getByLabel('Words').fill('brief');
    await page.keyboard.press('Enter');
    await expect.poll(() => cards.count(), PATIENCE).toBe(1);
    await cards.getByText('free').waitFor();
    await catalogue.getByLabel('Words').fill('weaving');
    await catalogue.getByRole('button', { name: 'Search' }).click();
    await catalogue.getByText('No such capsule is listed.').waitFor();
  });

  test('the queue has what waits of the publishers that a capability names, and of one that is asked for', async () => {
    tested.server.answer({ 'GET /session': { body: signedIn(['capsules:read', 'capsules:review:acme']) } });
    const { page } = await tested.open('/console/capsules');
    const queue = page.getByRole('region', { name: 'Review queue' });
    await queue.getByRole('link', { name: 'invoice-desk 1.3.0' }).waitFor();
    await queue.getByLabel('Publisher').fill('weavers');
    await queue.getByRole('button', { name: 'Show' }).click();
    await queue.getByText('Nothing of weavers waits for a review.').waitFor();
  });

  test('a capsule is approved with a note, bound to the digest that was looked at', async () => {
    let isListed = false;
    const path = pathOf('1.3.0');
    tested.server.answer({
      [`GET ${path}`]: () => ({ body: { ...waiting, ...(isListed && { status: 'listed' }) } }),
      [`POST ${path}/reviews`]: () => {
        isListed = true;
        return { body: { ...waiting, status: 'listed' } };
      },
    });
    const { page } = await tested.open(pageOf('1.3.0'));
    await page.getByText('Never pay what you are not sure of.').first().waitFor();
    await page.getByRole('button', { name: 'Approve' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Approve invoice-desk' });
    await dialog.getByLabel(/^Note/).fill('Instructions and limits read');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Install' }).waitFor();
    expect(sent(`${path}/reviews`)).toMatchObject({
      csrf: 'csrf-1',
      body: { digest: waiting.digest, outcome: 'approve', note: 'Instructions and limits read' },
    });
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  });

  test('a capsule is refused; who published it, and a caller without the capability, do not review it', async () => {
    const path = pathOf('1.3.0');
    tested.server.answer({ [`POST ${path}/reviews`]: { body: { ...waiting, status: 'rejected' } } });
    const { page } = await tested.open(pageOf('1.3.0'));
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(sent(`${path}/reviews`)?.body).toMatchObject({ digest: waiting.digest, outcome: 'reject' });
    tested.server.answer({ 'GET /session': { body: { ...signedIn(), principal: waiting.published_by } } });
    const publisher = await tested.open(pageOf('1.3.0'));
    await publisher.page.getByText('Who publishes a capsule does not review it.').waitFor();
    expect(await publisher.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    tested.server.answer({ 'GET /session': { body: signedIn(['capsules:read']) } });
    const reader = await tested.open(pageOf('1.3.0'));
    await reader.page.getByText('A review takes capsules:review:acme.').waitFor();
  });

  test('an install grants a part of what the capsule asks for, and pins the digest', async () => {
    tested.server.answer({ 'POST /v1/marketplace/installs': { status: 201, body: install } });
    const { page, faults } = await tested.open(pageOf('1.1.0'));
    await page.getByRole('button', { name: 'Install' }).click();
    const dialog = page.getByRole('dialog', { name: 'Install invoice-desk' });
    await dialog.getByText('2.5 EUR an install').waitFor();
    // What runs need is chosen at first; the rest is for the tenant to add.
    expect(await dialog.getByLabel(/^memory:recall:shared/).isChecked()).toBe(false);
    await dialog.getByLabel(/^tool:execute:pay/).uncheck();
    await dialog.getByLabel(/^Name/).fill('desk');
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Install' }).click();
    await page.waitForURL(`**${installPage}`);
    expect(faults).toEqual([]);
    expect(sent('/v1/marketplace/installs')).toMatchObject({
      csrf: 'csrf-1',
      body: {
        ...{ capsule: pinned.capsule, digest: pinned.digest, name: 'desk' },
        granted: ['agents:start:invoice-desk', 'slm:invoke:default', 'tool:execute:weather'],
      },
    });
  });

  test('a capsule shows its versions, its workflow and its statements', async () => {
    const { page } = await tested.open(pageOf('1.1.0'));
    const versions = page.getByRole('group', { name: 'Versions' });
    await versions.getByRole('link', { name: '1.3.0' }).waitFor();
    expect((await versions.getByRole('row').allInnerTexts()).slice(1).map((row) => row.split('\t')[1]?.trim())).toEqual(
      [...['submitted', 'listed', 'listed', 'yanked']],
    );
    await page
      .getByRole('region', { name: 'Graph of the workflow' })
      .getByRole('button', { name: /^settle/ })
      .click();
    await page.getByText('/do/1/settle').waitFor();
    const statement = page.getByRole('listitem').filter({ hasText: 'by user:ana' });
    await statement.getByText('What it says').click();
    await statement.getByText('Instruções lidas').waitFor();
    await versions.getByRole('link', { name: '1.2.0' }).click();
    await page.getByRole('heading', { name: 'invoice-desk 1.2.0' }).waitFor();
  });

  test('a publisher yanks its capsule, and it is revoked with a reason', async () => {
    const path = pathOf('1.1.0');
    tested.server.answer({
      'GET /session': { body: { ...signedIn(), tenant_id: 'acme' } },
      [`DELETE ${path}`]: { body: { ...pinned, status: 'yanked' } },
      [`POST ${path}/revocation`]: { body: { ...pinned, status: 'revoked' } },
    });
    const { page } = await tested.open(pageOf('1.1.0'));
    await page.getByRole('button', { name: 'Yank' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Yank' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(sent(path)).toMatchObject({ method: 'DELETE', csrf: 'csrf-1' });
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('It leaks addresses');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(sent(`${path}/revocation`)?.body).toEqual({ reason: 'It leaks addresses' });
  });

  test('an upgrade shows what it changes and newly asks for, is checked, and goes through with a check that passed', async () => {
    const [path, checks] = [`${installPath}/upgrade`, `${installPath}/upgrade-checks`];
    const checked = upgradeCheck('regress');
    const started = { check_id: checked.check_id, install: install.install, status: 'running', url: '/' };
    const running = { ...checked, status: 'running', report: null };
    let shown: object = running;
    let isUpgraded = false;
    const answers = {
      [`GET ${installPath}`]: () => ({
        body: isUpgraded ? { ...install, capsule: newer.capsule, digest: newer.digest } : install,
      }),
      [`GET ${checks}/${checked.check_id}`]: () => ({ body: shown }),
      [`POST ${path}`]: () => {
        isUpgraded = true;
        return { body: { ...install, digest: newer.digest } };
      },
    };
    const invalid = problem(409, 'CAPSULE_GRANT_INVALID', 'The capsule does not ask for it');
    tested.server.answer({ ...answers, [`POST ${checks}`]: invalid });
    const { page } = await tested.open(installPage);
    const upgrade = page.getByRole('region', { name: 'Upgrade' });
    await upgrade.getByLabel('Version').selectOption('1.2.0');
    await upgrade.getByText('tools › mail').waitFor();
    const added = upgrade.getByLabel(/^tool:execute:mail runs are refused without it not asked for before/);
    expect(await added.isChecked()).toBe(false);
    expect(await upgrade.getByLabel(/^tool:execute:pay/).isChecked()).toBe(true);
    await upgrade.getByRole('button', { name: 'Check 1.2.0' }).click();
    await upgrade.getByRole('alert').getByText('CAPSULE_GRANT_INVALID').waitFor();

    tested.server.answer({ ...answers, [`POST ${checks}`]: { status: 201, body: started } });
    await added.check();
    await upgrade.getByLabel(/^Golden set/).fill('triage-cases');
    await upgrade.getByRole('button', { name: 'Check 1.2.0' }).click();
    await upgrade.getByRole('status').getByText('Both versions run').waitFor();
    shown = checked;
    await upgrade.getByText('regress', { exact: true }).waitFor();
    await upgrade.getByText('/invoice must be a string').waitFor();
    expect(await upgrade.getByRole('button', { name: 'Upgrade to 1.2.0' }).isDisabled()).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    const granted = [
      ...['agents:start:invoice-desk', 'slm:invoke:default'],
      ...['tool:execute:pay', 'tool:execute:weather', 'tool:execute:mail'],
    ];
    const asked = { capsule: newer.capsule, digest: newer.digest };
    expect(sent(checks)).toMatchObject({ csrf: 'csrf-1', body: { ...asked, granted, golden_set: 'triage-cases' } });

    // Another grant is another upgrade: the check of before says nothing of it.
    await added.uncheck();
    expect(await upgrade.getByRole('button', { name: 'Upgrade to 1.2.0' }).count()).toBe(0);
    await added.check();
    shown = upgradeCheck('pass');
    await upgrade.getByRole('button', { name: 'Check 1.2.0' }).click();
    await upgrade.getByRole('button', { name: 'Upgrade to 1.2.0' }).click();
    await page.getByRole('link', { name: newer.capsule }).waitFor();
    expect(sent(path)).toMatchObject({ csrf: 'csrf-1', body: { ...asked, granted, check_id: checked.check_id } });
  });

  test('an install is rolled back, and removed', async () => {
    tested.server.answer({
      [`POST ${installPath}/rollback`]: { body: install },
      [`DELETE ${installPath}`]: { body: { ...install, status: 'uninstalled' } },
    });
    const { page } = await tested.open(installPage);
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(sent(`${installPath}/rollback`)).toMatchObject({ csrf: 'csrf-1', body: {} });
    await page.getByRole('button', { name: 'Uninstall' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Uninstall' }).click();
    await page.getByRole('heading', { name: 'Capsules' }).waitFor();
    expect(sent(installPath)).toMatchObject({ method: 'DELETE', csrf: 'csrf-1' });
  });

  test('an install runs with an input, which begins as its first golden one', async () => {
    const path = `${installPath}/run`;
    tested.server.answer({ [`POST ${path}`]: { status: 201, body: { run_id: runId, status: 'running' } } });
    const { page } = await tested.open(installPage);
    await page.getByRole('button', { name: 'Run' }).click();
    const dialog = page.getByRole('dialog', { name: 'Run invoice-desk' });
    const input = dialog.getByRole('textbox', { name: /^Input/ });
    expect(JSON.parse(await input.inputValue())).toEqual({ invoice: 'Inti S.A., 500' });
    await input.fill('[]');
    await dialog.getByRole('button', { name: 'Run' }).click();
    await dialog.getByText('Expected a JSON object.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await input.fill('{"invoice": "Inti S.A., 300"}');
    await dialog.getByRole('button', { name: 'Run' }).click();
    await page.waitForURL(`**/console/agents/${runId}`);
    expect(sent(path)).toMatchObject({ csrf: 'csrf-1', body: { input: { invoice: 'Inti S.A., 300' } } });
  });

  test('a revoked capsule runs no more, and a reader has no commands', async () => {
    tested.server.answer({ [`GET ${pathOf('1.1.0')}`]: { body: { ...pinned, status: 'revoked' } } });
    const { page } = await tested.open(installPage);
    await page.getByText('The capsule was revoked: it runs in no install.').waitFor();
    expect(await page.getByRole('button', { name: 'Run' }).count()).toBe(0);
    tested.server.answer({ 'GET /session': { body: signedIn(['capsules:read']) } });
    const reader = await tested.open(installPage);
    await reader.page.getByText('not granted').waitFor();
    expect(await reader.page.getByRole('button', { name: /Run|Roll back|Uninstall|Upgrade/ }).count()).toBe(0);
  });
});
