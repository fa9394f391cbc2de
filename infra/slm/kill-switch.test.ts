import { describe, expect, it } from 'vitest';
import { type SlmRequested, slmRequested } from '../../schemas/generated/records.ts';
import { type KillSwitches, switchesOver } from '../../schemas/kill-switch.ts';
import { metaFor } from '../../streams/kernel/testing.ts';
import type { AnyRecord, WorkContext } from '../../streams/kernel.ts';
import { aSwitch } from '../../streams/testing.ts';
import { createDeterministicProvider } from '../providers/deterministic.ts';
import { createSlmHandler } from './handler.ts';
import type { Switches } from './kill-switch.ts';

const provider = createDeterministicProvider({ delayMs: 0, timeoutMs: 5_000, firstTokenTimeoutMs: 5_000 });

/** Switches that a test sets by hand. */
function board(ready: Promise<void> = Promise.resolve()) {
  let held: KillSwitches = new Map();
  const listeners = new Set<() => void>();
  const switches: Switches = {
    ready,
    over: (work) => switchesOver(held, work),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    switches,
    listeners,
    set: (...all: readonly ReturnType<typeof aSwitch>[]) => {
      held = new Map(all.map(({ data }) => [data.scope, data]));
      for (const listener of listeners) listener();
    },
  };
}

function aRun(changes: Partial<SlmRequested> = {}, attempt = 1, ready?: Promise<void>) {
  const request = slmRequested({
    subjectId: 'session-1',
    origin: 'conversation',
    requestId: 'turn-1',
    principal: 'key-1',
    model: null,
    messages: [{ role: 'user', content: 'What is a khipu?' }],
    maxTokens: 64,
    temperature: 0.7,
    seed: 7,
    decisionId: 'decision-1',
    ...changes,
  });
  const emitted: AnyRecord[] = [];
  const abort = new AbortController();
  const context: WorkContext = {
    meta: metaFor(request, { tenantId: 'acme' }),
    attempt,
    signal: abort.signal,
    idempotencyKey: 'k',
    async emit(...records) {
      emitted.push(...records);
    },
    end(...records) {
      emitted.push(...records);
    },
  };
  const { switches, listeners, set } = board(ready);
  const run = () =>
    createSlmHandler(provider, {
      pricePerMillionTokens: '0.200',
      currency: 'USD',
      switches,
      now: () => 1_000,
    }).handle(request, context);
  return { run, emitted, abort, listeners, set, end: () => emitted.find(({ type }) => /Failed|Completed/.test(type)) };
}
const slow = { messages: [{ role: 'user', content: '[[delay:60000]]' }] } as const;
const stopped = { type: 'SlmFailed', data: { code: 'KILL_SWITCH', detail: expect.stringContaining('switch') } };

describe('under a kill switch', () => {
  it.each(['global', 'tenant:acme', 'model:default', `model:${provider.modelId}`])(
    'of mode stop over %s a request that waited is refused, at no cost',
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

  it('of mode stop a request that runs ends within a moment, and is not run again', async () => {
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
  ])('of mode %s it runs to its end', async (_, held) => {
    const { run, set, end, listeners } = aRun();
    set(held);
    await run();
    expect(end()).toMatchObject({ type: 'SlmCompleted' });
    expect(listeners.size).toBe(0);
  });

  it('over the model that answers, which policy cannot know, what has not begun is refused even in mode drain', async () => {
    const scope = `model:${provider.modelId}`;
    const [fresh, again, named] = [aRun(), aRun({}, 2), aRun({ model: 'large' })];
    for (const { run, set } of [fresh, again, named]) {
      set(aSwitch(scope, { mode: 'drain' }));
      await run();
    }
    expect(fresh.end()).toMatchObject(stopped);
    expect(again.end()).toMatchObject({ type: 'SlmCompleted' });
    expect(named.end()).toMatchObject({ type: 'SlmCompleted' });
  });

  it('that comes while the run is cancelled from outside, the run has no end: another owner meets the switch', async () => {
    const { run, set, abort, emitted } = aRun(slow);
    const running = run();
    abort.abort(new Error('the partition was lost'));
    set(aSwitch('global'));
    await expect(running).rejects.toBeDefined();
    expect(emitted).toEqual([]);
  });
});

it('nothing runs before the switches were read, and a run that is cancelled does not wait for them', async () => {
  const never = new Promise<void>(() => undefined);
  const { run, abort, emitted } = aRun({}, 1, never);
  const running = run();
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(emitted).toEqual([]);
  abort.abort(new Error('stopping'));
  await expect(running).rejects.toMatchObject({ code: 'SLM_CANCELLED' });
  expect(emitted).toEqual([]);
});
