import { expect, test } from 'vitest';
import type { RunRecord } from '../../local/process/run-record.ts';
import { ignoredFlags, refusePort } from './second-start.ts';

const part = (name: string) =>
  ({ name, kind: 'part', mark: undefined, address: '', restarts: 0, log: undefined }) as const;
const run: RunRecord = {
  supervisor: { pid: 9090, startedAt: '1' },
  startedAt: '2026-11-28T00:00:00.000Z',
  state: 'ready',
  url: 'http://127.0.0.1:26506',
  provider: 'deterministic',
  model: 'khipu-deterministic-1',
  providerNote: '',
  processes: [part('kafka'), part('postgres')],
};

test('a port other than that of the running platform is refused, with its supervisor', () => {
  expect(() => refusePort(run, { port: 27_777 })).toThrow(
    expect.objectContaining({ code: 'ALREADY_RUNNING', message: expect.stringMatching(/26506.*pid 9090.*npm stop/) }),
  );
  expect(() => refusePort({ ...run, url: '' }, { port: 27_777 })).toThrow(/pid 9090/);
});

test('the same port, or none, is accepted', () => {
  expect(() => refusePort(run, { port: 26_506 })).not.toThrow();
  expect(() => refusePort(run, {})).not.toThrow();
});

test('a flag without effect on the running platform is reported', () => {
  expect(ignoredFlags(run, { provider: 'local', brokers: 3 })).toEqual([
    '--provider local is ignored: it runs with deterministic',
    '--brokers 3 is ignored: it runs with 1',
  ]);
  expect(ignoredFlags(run, { provider: 'deterministic', brokers: 1 })).toEqual([]);
  expect(ignoredFlags(run, {})).toEqual([]);
});
