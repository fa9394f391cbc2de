import { expect, it } from 'vitest';
import { capacityOf } from './capacity.ts';
import type { Subject } from './measure-at.ts';
import { QUICK } from './sizes.ts';

const sizes = { ...QUICK, capacityStep: 100, capacityMax: 800, capacitySeconds: 0.1 };

/** A system that answers in time as long as requests are due at least `gapMs` apart. */
function limited(gapMs: number): Subject {
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    ...{ processes: new Map(), adminPorts: [] },
    request: async (dueMs) => {
      const late = dueMs - lastMs < gapMs;
      lastMs = dueMs;
      return { createdMs: late ? 1_000 : 10 };
    },
  };
}

it('finds the rate from which answers are late', async () => {
  const notes: string[] = [];
  expect(await capacityOf(limited(1_000 / 450), sizes, (text) => notes.push(text))).toBe(400);
  expect(notes.at(-1)).toContain('not sustained');
});

it('counts a failed request as one that was never answered', async () => {
  let sent = 0;
  const failing: Subject = {
    ...limited(0),
    request: async () => {
      sent += 1;
      if (sent <= 10 && sent % 5 === 0) throw new Error('refused');
      return { createdMs: 1 };
    },
  };
  expect(await capacityOf(failing, { ...sizes, capacityMax: 100 }, () => undefined)).toBe(0);
});
