import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromium } from '../support/chromium.ts';
import { sessionIds, startConsole, type TestConsole } from './support/console.ts';
import { measureFrames } from './support/frames.ts';
import { begin, complete, delta, sessionOf, turnEvent } from './support/turn-events.ts';

/** Limit of the issue for a frame with 1,000 live turns. */
const FRAME_MS_MAX = 50;
const TURNS = 1_000;
/** Deltas of each turn per second: a model of 135 million parameters writes some ten tokens a second. */
const DELTAS_PER_SECOND = 2;
const SECONDS = 8;
const TICK_MS = 50;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.skipIf(chromium === null)('the live page', () => {
  let tested: TestConsole;

  beforeAll(async () => {
    tested = await startConsole();
  });
  afterEach(() => tested.server.answer({}));
  afterAll(() => tested.close());

  test('begins with the latest turns, then shows events as they arrive', async () => {
    const { page, faults } = await tested.open('/console/');
    await page.getByRole('option').filter({ hasText: 'Name three things' }).waitFor();
    tested.server.emit(begin(1, 'How were knots read?'));
    const row = page.getByRole('option').filter({ hasText: 'How were knots read?' });
    await row.getByText('running').waitFor();
    tested.server.emit([delta(1, 0, 'By touch'), delta(1, 8, ' and by sight.')]);
    await row.getByText('By touch and by sight.').waitFor();
    tested.server.emit([complete(1, 'By touch and by sight.')]);
    await row.getByText('completed').waitFor();
    await row.getByText('43 tokens').waitFor();
    expect(faults).toEqual([]);
  });

  test('shows the growing answer and the records of the selected turn', async () => {
    const { page } = await tested.open('/console/');
    await page.getByRole('option').filter({ hasText: 'Name three things' }).click();
    const detail = page.getByRole('region', { name: 'Selected turn' });
    await detail.getByText('PolicyDecided').waitFor();
    expect(await detail.getByText(/^policy\.decisions\/\d+\/\d+$/).count()).toBe(1);
    await detail
      .getByText(/^conversation\.events\/\d+\/\d+$/)
      .first()
      .waitFor();
  });

  test('shows texts of models as text, with any markup in them', async () => {
    const { page, faults } = await tested.open('/console/');
    await page.getByText('live', { exact: true }).waitFor();
    const text = '<img src=x onerror="document.title=1"><script>document.title=2</script> & <b>bold</b>';
    tested.server.emit([...begin(2, text), delta(2, 0, text)]);
    // Turns of earlier sessions may come between: it is found by its text.
    await page.getByRole('option').filter({ hasText: '<b>bold</b>' }).first().click();
    await page.getByRole('region', { name: 'Selected turn' }).getByText('<b>bold</b>').first().waitFor();
    expect(await page.locator('main img, main script, main b').count()).toBe(0);
    expect(await page.title()).toBe('Live turns · Khipu');
    expect(faults).toEqual([]);
  });

  test('is used with the keyboard alone', async () => {
    const { page } = await tested.open('/console/');
    await page.getByRole('option').filter({ hasText: 'Name three things' }).waitFor();
    tested.server.emit([...begin(3, 'Older'), ...begin(4, 'Newer')]);
    await page.getByRole('option').filter({ hasText: 'Newer' }).waitFor();
    await page.getByRole('listbox').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.getByRole('option', { selected: true, name: 'Older' }).count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/console/sessions/${sessionOf(3)}`);
  });

  test('resumes after a cut stream, with the turns that it missed', async () => {
    const { page } = await tested.open('/console/');
    await page.getByRole('option').filter({ hasText: 'Name three things' }).waitFor();
    tested.server.cut();
    await page.getByText('reconnecting').waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    tested.server.emit(begin(5, 'After the cut'));
    await page.getByRole('option').filter({ hasText: 'After the cut' }).waitFor();
    expect(sessionIds.length).toBeGreaterThan(0);
  });

  test(`stays at ${FRAME_MS_MAX} ms a frame with ${TURNS} live turns`, async () => {
    const { page } = await tested.open('/console/', { viewport: { width: 1280, height: 860 } });
    await page.getByText('live', { exact: true }).waitFor();
    for (let turn = 0; turn < TURNS; turn += 1) tested.server.emit(begin(10_000 + turn, `Question ${turn}`));
    await page.getByText(`Question ${TURNS - 1}`, { exact: true }).waitFor();
    await page.getByRole('option').first().click();

    const length = new Int32Array(TURNS);
    let sent = 0;
    const times = await measureFrames(page, async () => {
      const stop = Date.now() + SECONDS * 1_000;
      const perTick = (TURNS * DELTAS_PER_SECOND * TICK_MS) / 1_000;
      while (Date.now() < stop) {
        const events = Array.from({ length: perTick }, () => {
          const turn = sent % TURNS;
          const text = ` word${sent}`;
          const event = delta(10_000 + turn, length[turn] ?? 0, text);
          length[turn] = (length[turn] ?? 0) + text.length;
          sent += 1;
          return event;
        });
        tested.server.emit(events);
        await pause(TICK_MS);
      }
    });
    console.log(`${TURNS} live turns, ${Math.round(sent / SECONDS)} events/s: ${JSON.stringify(times)}`);
    await page
      .getByRole('option')
      .first()
      .getByText(/word\d+/)
      .waitFor();
    expect(await page.getByRole('option').count()).toBeLessThan(60);
    expect(times.frames).toBeGreaterThan(SECONDS * 10);
    expect(times.p95).toBeLessThanOrEqual(FRAME_MS_MAX);
  });

  test('shows a refused turn with its code and its detail', async () => {
    const { page } = await tested.open('/console/');
    await page.getByText('live', { exact: true }).waitFor();
    const refused = { code: 'BUDGET_EXCEEDED', detail: 'The day has 12 tokens left, 40 are needed', decision: null };
    tested.server.emit([...begin(6, 'Too much'), turnEvent('refused', 6, refused)]);
    const row = page.getByRole('option').filter({ hasText: 'Too much' });
    await row.getByText('BUDGET_EXCEEDED The day has 12 tokens left').waitFor();
  });
});
