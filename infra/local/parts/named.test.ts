import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type PartEvent, startParts } from './parts.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-named-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('all named services that do not answer are reported at once, with the line that unsets them', async () => {
  const events: PartEvent[] = [];
  const env = { KAFKA_BROKERS: '127.0.0.1:1', DATABASE_URL: 'postgres://khipu:hidden@127.0.0.1:1/khipu' };
  const error = await startParts({ dir, env, onEvent: (event) => events.push(event) }).catch((cause: Error) => cause);
  expect(error).toMatchObject({ code: 'PART_UNREACHABLE' });
  const { message } = error as Error;
  expect(message).toContain('KAFKA_BROKERS is set and names 127.0.0.1:1: connect ECONNREFUSED');
  expect(message).toContain('DATABASE_URL is set and names postgres://127.0.0.1:1/khipu: connect ECONNREFUSED');
  expect(message.split('\n').at(-1)).toBe(
    'start these services, or let the platform start its own: unset KAFKA_BROKERS DATABASE_URL',
  );
  expect(message).not.toContain('hidden');
  // None of our own parts was started.
  expect(events.map(({ name, state }) => `${name} ${state}`).sort()).toEqual(['kafka failed', 'postgres failed']);
});
