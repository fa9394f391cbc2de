import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyRecord, forgetMemory, keepMemory, rememberMemory } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { createDriver } from '../kernel/driver.ts';
import { topologyOf } from '../kernel.ts';
import { policy } from '../policy/policy.ts';
import { activated, engineWith, options, published } from '../policy/testing.ts';
import { memory } from './memory.ts';

const asked = { space: 'shared', principal: 'key-1', capabilities: ['*'], credential: null, labels: [] };
const content = { source: null, tags: [], metadata: {}, validFrom: null, validTo: null, supersedes: [] };
const remembering = (memoryId: string) =>
  rememberMemory({ ...asked, ...content, memoryId, text: `text of ${memoryId}` });
const forgetting = (memoryId: string) => forgetMemory({ ...asked, memoryId, reason: 'wrong' });
const keeping = (memoryId: string) =>
  keepMemory({
    ...{ ...content, memoryId, callId: 'call-1', place: 'demo/0', principal: 'key-1', space: 'shared', labels: [] },
    text: `text of ${memoryId}`,
  });

const ids = fc.constantFrom('a', 'b', 'c');
const history = fc.array(
  fc.oneof(ids.map(remembering), ids.map(forgetting), ids.map(keeping), fc.integer({ min: 1, max: 6 })),
  { maxLength: 30 },
);

/** Runs policy and memories over a history with any interleaving of partitions. Returns the events of memories. */
function eventsOf(steps: readonly (AnyRecord | number)[], choices: readonly number[]): readonly AnyRecord[] {
  let chosen = 0;
  const driver = createDriver({
    topologies: [topologyOf(policy(engineWith(), options)), topologyOf(memory)],
    choose: (count) => (choices[chosen++ % Math.max(choices.length, 1)] ?? 0) % count,
  });
  driver.append(published('1'));
  driver.append(activated('1'));
  driver.run();
  for (const step of steps) {
    if (typeof step === 'number') for (let nth = 0; nth < step; nth += 1) driver.step();
    else driver.append(step);
  }
  driver.run();
  expect(driver.deadLetters).toEqual([]);
  return driver
    .records()
    .filter(({ record }) => record.type in topics.memoryEvents.records)
    .map(({ record }) => record);
}

describe('memories under policy, in any interleaving', () => {
  it('are kept once each, never after they were forgotten, and forgotten only when they were kept', () => {
    fc.assert(
      fc.property(history, fc.array(fc.nat(9), { maxLength: 12 }), (steps, choices) => {
        const states = new Map<string, string>();
        for (const { type, data } of eventsOf(steps, choices)) {
          if (type !== 'MemoryRemembered' && type !== 'MemoryForgotten') continue;
          expect([type, states.get(data.memoryId)]).toEqual(
            type === 'MemoryRemembered' ? [type, undefined] : [type, 'MemoryRemembered'],
          );
          states.set(data.memoryId, type);
        }
        const kept = steps.flatMap((step) => (typeof step === 'number' || step.type === 'ForgetMemory' ? [] : [step]));
        for (const step of kept) expect(states.has((step.data as { readonly memoryId: string }).memoryId)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
