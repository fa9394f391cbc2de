import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromium } from '../support/chromium.ts';
import { KEY, problem, signedIn, startConsole, type TestConsole } from './support/console.ts';

describe.skipIf(chromium === null)('sign-in to the console', () => {
  let tested: TestConsole;

  beforeAll(async () => {
    tested = await startConsole();
  });
  afterEach(() => tested.server.answer({}));
  afterAll(() => tested.close());

  test('takes a key, and keeps nothing of it in the page', async () => {
    tested.server.answer({ 'GET /session': problem(401, 'UNAUTHENTICATED', 'Sign in') });
    const { page, faults } = await tested.open('/console/sessions');
    await page.getByLabel('API key').fill('khp_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('TOKEN_INVALID').waitFor();

    await page.getByLabel('API key').fill(KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
    expect(kept).toBe('[{},{},""]');
    expect(await page.content()).not.toContain(KEY);
    expect(faults).toEqual([]);
  });

  test('offers the identity provider, with the page to return to', async () => {
    tested.server.answer({
      'GET /session': problem(401, 'UNAUTHENTICATED', 'Sign in'),
      'GET /sign-in': { body: { identity_provider: { name: 'login.example.com' } } },
    });
    const { page } = await tested.open('/console/constitution');
    const link = page.getByRole('link', { name: 'Sign in with login.example.com' });
    expect(await link.getAttribute('href')).toBe(
      '/console/api/sign-in/identity-provider?return_to=%2Fconsole%2Fconstitution',
    );
  });

  test('says why a sign-in at the identity provider failed', async () => {
    tested.server.answer({ 'GET /session': problem(401, 'UNAUTHENTICATED', 'Sign in') });
    const { page } = await tested.open('/console/sign-in?error=SIGN_IN_EXPIRED');
    await page.getByRole('status').getByText('The sign-in took too long').waitFor();
  });

  test('is asked for again when any answer says that the session has ended', async () => {
    const { page } = await tested.open('/console/sessions');
    await page.getByRole('table').waitFor();
    tested.server.answer({ 'GET /v1/sessions': problem(401, 'CONSOLE_SESSION_ENDED', 'The session has ended') });
    await page.getByText('Your session has ended').waitFor();
    expect(await page.getByRole('table').count()).toBe(0);
  });

  test('ends with the sign-out, which proves that this page sent it, and the page forgets what it showed', async () => {
    const { page } = await tested.open('/console/');
    await page.getByText('Name three things').first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out').waitFor();
    expect(await page.content()).not.toContain('Name three things');
    expect(tested.server.seen.findLast(({ path }) => path === '/sign-out')?.csrf).toBe('csrf-1');
  });

  test('shows each caller the pages that its capabilities allow', async () => {
    const shownTo = async (...capabilities: string[]): Promise<readonly string[]> => {
      tested.server.answer({ 'GET /session': { body: signedIn(capabilities) } });
      const { page } = await tested.open('/console/');
      const links = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
      await links.first().waitFor();
      return links.allInnerTexts();
    };
    const everyones = ['Live', 'Sessions', 'Jobs', 'Workflows', 'Schedules', 'Agents', 'Tenants & budgets'];
    expect(await shownTo('slm:invoke:*')).toEqual(everyones);
    expect(await shownTo('approval:read', 'tool:read', 'memory:recall:shared', 'capsules:read')).toEqual(
      everyones.toSpliced(-1, 0, 'Approvals', 'Tools', 'Memory', 'Capsules'),
    );
  });
});
