import { expect, test } from 'vitest';
import { agentRun, programRun, runId } from '../../../../tests/console/recorded/agents.ts';
import { forkedAt, programCalls, waitsAtCall, writtenAnswer } from './program.ts';

test('calls of a program have their number, the manifest of their tool and the paused state', () => {
  const [weather, pay] = programCalls(programRun);
  const { digest } = programRun.tools[0] ?? {};
  expect(weather).toMatchObject({ call: 1, toolDigest: digest, snapshot: { bytes: 2_048 } });
  expect(pay).toMatchObject({ call: 2, of: { tool: 'pay', status: 'asked' }, snapshot: { bytes: 2_100 } });
});

test('a program that runs waits at the call without an answer', () => {
  expect(waitsAtCall(programRun)).toBe(2);
  expect(waitsAtCall({ ...programRun, status: 'cancelled' })).toBeNull();
});

test('a fork names the run and the call at which it began', () => {
  expect(forkedAt(programRun)).toEqual({ run: runId, call: '1' });
  expect(forkedAt(agentRun)).toBeNull();
});

test('an answer is any JSON value, and null is one', () => {
  expect(writtenAnswer('null')).toEqual({ answer: null });
  expect(writtenAnswer('{')).toBeNull();
});
