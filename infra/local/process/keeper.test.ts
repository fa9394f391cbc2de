import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Child, startChild } from './child.ts';
import { keep } from './keeper.ts';
import { groupMembers } from './pids.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-keeper-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const start = (code: string, more: { input?: string; graceMs?: number } = {}): Promise<Child> =>
  startChild({ name: 'it', command: process.execPath, args: ['-e', code], log: path.join(dir, 'it.log'), ...more });

const forever = 'setInterval(() => {}, 1000)';

test('a process that dies is restarted, and the restart is counted', async () => {
  const events: string[] = [];
  const keeper = keep(
    await start('process.exit(3)'),
    () => start(forever),
    (event) => events.push(event.state),
  );
  while (keeper.restarts() === 0) await sleep(20);
  expect(events).toEqual(['restarting', 'restarted']);
  expect(keeper.child().isRunning()).toBe(true);
  await keeper.stop();
  expect(keeper.child().isRunning()).toBe(false);
});

test('a stop during the pause prevents the restart', async () => {
  let starts = 0;
  const again = (): Promise<Child> => {
    starts += 1;
    return start(forever);
  };
  const first = await start('process.exit(0)');
  const keeper = keep(first, again, () => {});
  await first.exited;
  await keeper.stop();
  expect(starts).toBe(0);
});

test('a process that ignores its stop signal is killed, and its own children with it', async () => {
  const child = await start(
    `process.on('SIGTERM', () => {});
     require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}]);
     console.log('up'); ${forever}`,
    { graceMs: 100 },
  );
  while (!readFileSync(child.log, 'utf8').includes('up')) await sleep(20);
  expect(groupMembers(child.pid).length).toBe(2);
  await child.stop();
  expect((await child.exited).signal).toBe('SIGKILL');
  while (groupMembers(child.pid).length > 0) await sleep(10);
});

test('standard input reaches the child', async () => {
  const child = await start('process.stdin.pipe(process.stdout)', { input: 'secret settings' });
  expect(await child.exited).toEqual({ code: 0, signal: null });
  expect(readFileSync(child.log, 'utf8')).toBe('secret settings');
});

test('an unknown command is reported', async () => {
  const options = { name: 'it', command: '/missing/it', args: [], log: path.join(dir, 'it.log') };
  const child = await startChild(options).catch((error: Error) => error);
  if (child instanceof Error) expect(child.message).toContain('it cannot be run');
  else expect((await child.exited).code).not.toBe(0);
});
