import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timeOutTurn, turnFailed } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { processor } from '../kernel.ts';
import { aStart, decisionOn } from '../testing.ts';
import { createDriver } from './driver.ts';
import { metaFor } from './testing.ts';
import { causeOf, markOf, NO_TIMERS, type SetTimer, type TimerMark, timersOf } from './timers.ts';

const START_MS = 1_000_000;
type Delays = readonly number[];

/** A processor whose first record of a session sets all its timers at once; each stays listed after it has fired. */
const clockwork = (delaysOf: (sessionId: string) => Delays) =>
  processor({
    name: 'conversation',
    inputs: [topics.policyDecisions, topics.conversationTimers],
    outputs: [topics.conversationEvents],
    state: topics.conversationState,
    initial: { due: [] as Delays },
    key: (record) => ('sessionId' in record.data ? record.data.sessionId : record.data.subjectId),
    decide: (_, record, { key }) =>
      record.type === 'TimeOutTurn'
        ? []
        : [turnFailed({ sessionId: key, turnId: '', sequence: 1, code: 'SET', detail: '', refusal: null })],
    evolve: (_, { data }) => ({ due: 'sessionId' in data ? delaysOf(data.sessionId) : [] }),
    timers: {
      topic: topics.conversationTimers,
      due: ({ due }, sessionId) =>
        due.map((delay, index) => ({ atMs: START_MS + delay, record: timeOutTurn({ sessionId, turnId: `${index}` }) })),
    },
  });

const delays = fc.array(fc.nat(1_000), { maxLength: 12 });
const sessions = fc.array(delays, { minLength: 1, maxLength: 4 });
const advances = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 12 });

it('any timers of any keys fire once each, in time order, as soon as the clock has reached them and never before', () => {
  fc.assert(
    fc.property(sessions, advances, (all, steps) => {
      const delaysOf = (sessionId: string): Delays => all[Number(sessionId)] ?? [];
      const driver = createDriver({ processors: [clockwork(delaysOf)], startMs: START_MS });
      for (const sessionId of all.keys()) driver.append(decisionOn(aStart({ sessionId: `${sessionId}` })));
      let nowMs = START_MS;
      let fired = 0;
      for (const step of [0, ...steps, 1_000]) {
        driver.advance(step);
        nowMs += step;
        driver.run();
        const times = driver.records('conversation.timers').map(({ meta }) => meta.timeMs);
        const due = all.flat().filter((delay) => START_MS + delay <= nowMs);
        expect(times.length).toBe(due.length);
        const fresh = times.slice(fired);
        expect(fresh).toEqual([...fresh].sort((a, b) => a - b));
        fired = times.length;
      }
      const names = driver
        .records('conversation.timers')
        .map(({ record, meta }) => `${meta.key}/${'turnId' in record.data && record.data.turnId}/${meta.timeMs}`);
      expect([...names].sort()).toEqual(
        all.flatMap((own, session) => own.map((delay, turn) => `${session}/${turn}/${START_MS + delay}`)).sort(),
      );
      expect(new Set(driver.records('conversation.timers').map(({ meta }) => meta.id)).size).toBe(names.length);
      expect(driver.deadLetters).toEqual([]);
    }),
  );
});

it('no timer is lost or fires again over any number of restarts: the stored marks are JSON', () => {
  const deeds = fc.array(fc.oneof(fc.constant('restart' as const), fc.nat(11)), { maxLength: 40 });
  const cause = causeOf(metaFor(aStart()));
  const later = causeOf(metaFor(aStart(), { id: 'c0a80101-0000-5000-8000-000000000001' }));
  fc.assert(
    fc.property(delays, deeds, (own, history) => {
      const timed = clockwork(() => own);
      const state = { due: own };
      const set = timersOf(timed, 'key', state, NO_TIMERS, cause);
      expect(set.map(({ atMs }) => atMs)).toEqual(own.map((delay) => START_MS + delay));
      const fired = new Set<string>();
      let timers: readonly SetTimer[] = set;
      for (const deed of history) {
        if (deed === 'restart') {
          const kept = JSON.parse(JSON.stringify(timers.map(markOf))) as readonly TimerMark[];
          timers = timersOf(timed, 'key', JSON.parse(JSON.stringify(state)), kept, null);
        } else {
          const id = timers[deed]?.id;
          if (id !== undefined) fired.add(id);
          timers = timers.map((timer) => (timer.id === id ? { ...timer, fired: true } : timer));
          // A later record finds the timers unchanged and is not their cause.
          timers = timersOf(timed, 'key', state, timers.map(markOf), later);
        }
        expect(timers).toEqual(set.map((timer) => ({ ...timer, fired: fired.has(timer.id) })));
      }
    }),
  );
});
