import { describe, expect, it, vi } from 'vitest';
import { textMessage } from '../../../schemas/contexts/slm/messages.ts';
import type { SlmRequested } from '../../../schemas/generated/records.ts';
import { aSwitch } from '../../../streams/testing.ts';
import { switchBoard } from '../../runner/testing/switches.ts';
import { createSlmHandler } from './handler.ts';
import { deterministic, requested, runOf, servedBy, timed } from './testing.ts';

function aRun(changes: Partial<SlmRequested> = {}, attempt = 1, ready?: Promise<void>) {
  const request = requested(changes);
  const { context, emitted, abort } = runOf(request, attempt);
  const { switches, listeners, set } = switchBoard(ready);
  const run = () => createSlmHandler(servedBy(), { ...timed, switches }).handle(request, context);
  return { run, emitted, abort, listeners, set, end: () => emitted.find(({ type }) => /Failed|Completed/.test(type)) };
}
const slow = { messages: [textMessage('user', '[[delay:60000]]')] };
const stopped = { type: 'SlmFailed', data: { code: 'KILL_SWITCH', detail: expect.stringContaining('switch') } };

describe('under a kill switch', () => {
  it.each(['global', 'tenant:acme', 'model:default', `model:${deterministic.modelId}`])(
    'of mode stop over %s a waiting request is rejected, at no cost',
    async (scope) => {
      const { run, set, emitted } = aRun();
      set(aSwitch(scope));
      await run();
      expect(emitted).toMatchObject([
        stopped,
        { type: 'SlmMetered', data: { outcome: 'failed', cost: '0.000000000' } },
      ]);
    },
  );

  it('of mode stop a running request ends within a moment, and is not run again', async () => {
    const { run, set, end, emitted } = aRun(slow);
    const running = run();
    await new Promise((resolve) => setTimeout(resolve, 10));
    set(aSwitch('global'));
    await running;
    expect(end()).toMatchObject(stopped);
    expect(emitted.map(({ type }) => type)).toEqual(['SlmFailed', 'SlmMetered']);
  });

  it.each([
    ['drain over the tenant', aSwitch('tenant:acme', { mode: 'drain' })],
    ['stop over another model', aSwitch('model:large')],
    ['stop over another tenant', aSwitch('tenant:other')],
    ['stop that was released', aSwitch('global', { engaged: false })],
  ])('of mode %s a request runs to its end', async (_, held) => {
    const { run, set, end, listeners } = aRun();
    set(held);
    await run();
    expect(end()).toMatchObject({ type: 'SlmCompleted' });
    expect(listeners.size).toBe(0);
  });

  it('of mode finish_step a request that waits is rejected, and a running one runs to its end', async () => {
    const held = aSwitch('global', { mode: 'finish_step' });
    const [waiting, begun, running] = [aRun(), aRun({}, 2), aRun({ messages: [textMessage('user', '[[delay:50]]')] })];
    for (const { run, set } of [waiting, begun]) {
      set(held);
      await run();
    }
    const ran = running.run();
    await vi.waitFor(() => expect(running.listeners.size).toBe(1), 30_000);
    running.set(held);
    await ran;
    expect(waiting.end()).toMatchObject(stopped);
    for (const { end } of [begun, running]) expect(end()).toMatchObject({ type: 'SlmCompleted' });
  });

  it('over the served model, which policy does not know, a request that has not begun is rejected even in mode drain', async () => {
    const scope = `model:${deterministic.modelId}`;
    const [fresh, again, named] = [aRun(), aRun({}, 2), aRun({ model: 'large' })];
    for (const { run, set } of [fresh, again, named]) {
      set(aSwitch(scope, { mode: 'drain' }));
      await run();
    }
    expect(fresh.end()).toMatchObject(stopped);
    expect(again.end()).toMatchObject({ type: 'SlmCompleted' });
    expect(named.end()).toMatchObject({ type: 'SlmCompleted' });
  });

  it('set during a cancellation from outside, a run has no end: another owner applies the switch', async () => {
    const { run, set, abort, emitted } = aRun(slow);
    const running = run();
    abort.abort(new Error('the partition was lost'));
    set(aSwitch('global'));
    await expect(running).rejects.toBeDefined();
    expect(emitted).toEqual([]);
  });
});

it('no request runs before the switches are read, and a cancelled run does not wait for them', async () => {
  const never = new Promise<void>(() => undefined);
  const { run, abort, emitted } = aRun({}, 1, never);
  const running = run();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(emitted).toEqual([]);
  abort.abort(new Error('stopping'));
  await expect(running).rejects.toMatchObject({ code: 'SLM_CANCELLED' });
  expect(emitted).toEqual([]);
});
