import { describe, expect, it } from 'vitest';
import { constitutionActivated, sessionRefused, timeOutTurn, turnFailed } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type AnyRecord, type Processor, processor, type RecordOf, table, worker } from '../kernel.ts';
import { aFailure, anAnswer, aStart, aTurn, decisionOn, SESSION } from '../testing.ts';
import { createDriver } from './driver.ts';
import { emittedBy } from './step.ts';
import { metaFor, scenarios } from './testing.ts';

const failed = (code: string): RecordOf<'TurnFailed'> =>
  turnFailed({ sessionId: SESSION, turnId: 'turn', sequence: 1, code, detail: '', refusal: null });

/** Counts the decisions of a session in events; finished after three. */
const counter = processor({
  name: 'conversation',
  inputs: [topics.policyDecisions],
  outputs: [topics.conversationEvents],
  state: topics.conversationState,
  initial: { seen: 0 },
  key: ({ data }) => data.subjectId,
  decide: ({ seen }) => [failed(`SEEN_${seen}`)],
  evolve: ({ seen }) => ({ seen: seen + 1 }),
  finished: ({ seen }) => seen === 3,
});
const byKey = { ...topics.policyDecisions, partitionedBy: 'key' as const };
const codesIn = (records: readonly { readonly record: AnyRecord }[]): unknown[] =>
  records.flatMap(({ record }) => (record.type === 'TurnFailed' ? [record.data.code] : []));

/** A processor without outputs that notes each call. */
const noting = (name: string, taken: string[]): Processor => ({
  ...counter,
  name,
  state: null,
  decide() {
    taken.push(name);
    return [];
  },
});

describe('the driver', () => {
  it('folds state from the processor’s events, and drops it when it is finished', () => {
    const driver = createDriver({ processors: [counter] });
    for (const turn of ['a', 'b']) driver.append(decisionOn(aTurn(turn)));
    expect(driver.run()).toBe(2);
    expect(driver.state('conversation', SESSION)).toEqual({ seen: 2 });
    driver.append(decisionOn(aTurn('c')));
    driver.run();
    expect(driver.state('conversation', SESSION)).toBeUndefined();
    expect(codesIn(driver.records('conversation.events'))).toEqual(['SEEN_0', 'SEEN_1', 'SEEN_2']);
  });

  it('dead-letters a record whose `evolve` changes the state in place: the runner would not write it', () => {
    const mutating: Processor = {
      ...counter,
      initial: { seen: 0 },
      evolve: (state) => {
        (state as { seen: number }).seen += 1;
        return state;
      },
    };
    const driver = createDriver({ processors: [mutating] });
    for (const turn of ['a', 'b']) driver.append(decisionOn(aTurn(turn)));
    driver.run();
    expect(driver.deadLetters.map(({ error }) => String(error))).toEqual([
      'Error: conversation changes its state in place',
      'Error: conversation changes its state in place',
    ]);
  });

  it('gives emitted records the time, tenant and chain of their cause, and an id derived from it', () => {
    const run = () => {
      const driver = createDriver({ processors: [counter], startMs: 5_000 });
      driver.advance(250);
      const cause = driver.append(decisionOn(aStart()), {
        id: 'c0a80101-0000-5000-8000-000000000001',
        tenantId: 'acme',
      });
      driver.run();
      return { cause: cause.meta, emitted: driver.records('conversation.events')[0]?.meta };
    };
    const { cause, emitted } = run();
    expect(emitted).toMatchObject({
      timeMs: 5_250,
      tenantId: 'acme',
      correlationId: cause.id,
      causationId: cause.id,
      key: SESSION,
      partition: cause.partition,
    });
    expect(run().emitted).toEqual(emitted);
  });

  it('carries the digest of the request from cause to effect, and none where there was no request', () => {
    const { meta } = createDriver({ processors: [] }).append(decisionOn(aStart()));
    const out = turnFailed({ sessionId: SESSION, turnId: 't', sequence: 1, code: 'x', detail: 'x', refusal: null });
    expect(emittedBy('counter', { ...meta, requestDigest: 'abc' }, out, 0)).toMatchObject({ requestDigest: 'abc' });
    expect(emittedBy('counter', meta, out, 0)).not.toHaveProperty('requestDigest');
  });

  it.each([
    ['throws', { decide: () => raise('a bug') }, 'a bug'],
    ['writes to a topic it did not declare', { outputs: [topics.sessionsEvents] }, 'may not write TurnFailed'],
    [
      'returns another key than the log’s',
      { inputs: [byKey], key: () => 'another' },
      'state key another, record placed by',
    ],
  ])('dead-letters a record when the processor %s, and continues', (_, fault, message) => {
    const driver = createDriver({ processors: [{ ...counter, ...fault }] });
    driver.append(decisionOn(aStart()));
    driver.append(decisionOn(aTurn('a')));
    driver.run();
    expect(driver.deadLetters.map(({ error }) => String(error))).toEqual([
      expect.stringContaining(message),
      expect.stringContaining(message),
    ]);
  });

  it('skips a record without a key', () => {
    const driver = createDriver({ processors: [{ ...counter, key: () => null }] });
    driver.append(decisionOn(aStart()));
    expect(driver.run()).toBe(1);
    expect(driver.records('conversation.events')).toEqual([]);
  });

  it('reads tables to their end before it decides', () => {
    const versions = table({
      name: 'versions',
      topic: topics.constitutionEvents,
      initial: [] as readonly string[],
      evolve: (known, { type, data }) => (type === 'ConstitutionActivated' ? [...known, data.version] : known),
    });
    const teller = processor({
      name: 'teller',
      inputs: [topics.policyDecisions],
      outputs: [topics.conversationEvents],
      tables: { versions },
      key: ({ data }) => data.subjectId,
      decide: (_, __, ___, tables) => [failed(tables.versions.join(' '))],
    });
    const driver = createDriver({ processors: [teller] });
    driver.append(decisionOn(aStart()));
    const active = (version: string) =>
      constitutionActivated({ slot: 'active', version, digest: '', activatedBy: null });
    for (const version of ['1', '2']) driver.append(active(version));
    driver.run();
    driver.append(active('3'));
    driver.append(decisionOn(aTurn('a')));
    driver.run();
    expect(codesIn(driver.records())).toEqual(['1 2', '1 2 3']);
  });

  it('lets a stand-in answer for a worker, at the time of the clock', () => {
    const echo = worker({
      name: 'echo',
      inputs: [topics.slmResponses],
      outputs: [topics.slmResponses],
      key: (record) => (record.type === 'SlmCompleted' ? record.data.subjectId : null),
      concurrencyMax: 1,
      attemptsMax: 1,
      deadlineMs: 1,
    });
    const respond = () => [aFailure('turn', 'ECHO')];
    const driver = createDriver({ processors: [], standIns: [{ worker: echo, respond }], startMs: 0 });
    driver.append(anAnswer('turn', 'x'));
    driver.append(aFailure('turn'));
    driver.advance(40);
    driver.run();
    const times = driver.records().map(({ record, meta }) => [record.type, meta.timeMs]);
    expect(times).toEqual([
      ['SlmCompleted', 0],
      ['SlmFailed', 0],
      ['SlmFailed', 40],
    ]);
  });

  it('schedules readers round-robin by default', () => {
    const names = ['a', 'b', 'c'];
    const taken: string[] = [];
    const readers = names.map((name) => noting(name, taken));
    const driver = createDriver({ processors: readers });
    for (const turn of ['1', '2']) driver.append(decisionOn(aTurn(turn)));
    driver.run();
    expect(taken).toEqual([...names, ...names]);
  });

  it('lets the given function choose the next reader', () => {
    const taken: string[] = [];
    const readers = ['a', 'b'].map((name) => noting(name, taken));
    const driver = createDriver({ processors: readers, choose: (count) => count - 1 });
    for (const turn of ['1', '2']) driver.append(decisionOn(aTurn(turn)));
    driver.run();
    expect(taken).toEqual(['b', 'b', 'a', 'a']);
  });

  it('keeps no state for a processor that declares none', () => {
    const driver = createDriver({ processors: [{ ...counter, state: null }] });
    driver.append(decisionOn(aStart()));
    driver.run();
    expect(driver.state('conversation', SESSION)).toBeUndefined();
  });

  it('appends with a new trace per record, whose first span is the append', () => {
    const { meta } = createDriver({ processors: [] }).append(aStart(), { id: 'c0a80101-0000-5000-8000-000000000001' });
    expect(meta.traceparent).toBe('00-c0a80101000050008000000000000001-c0a8010100005000-01');
  });

  it('completes a run of exactly the maximum number of steps', () => {
    const driver = createDriver({ processors: [counter] });
    for (const turn of ['1', '2']) driver.append(decisionOn(aTurn(turn)));
    expect(() => driver.run(2)).toThrow('2 steps and no end');
  });

  it('accepts only topics of the catalogue', () => {
    expect(() => createDriver({ processors: [] }).records('unlisted')).not.toThrow();
    const astray = { ...counter, inputs: [{ ...topics.policyDecisions, name: 'unlisted' }] };
    expect(() => createDriver({ processors: [astray] }).step()).toThrow('topic unlisted is not in the catalogue');
  });

  it('has nothing to do when everything was read', () => {
    const driver = createDriver({ processors: [counter] });
    expect(driver.step()).toBe(false);
    expect(driver.run()).toBe(0);
  });

  it('throws in a run in which readers feed each other', () => {
    const parrot = worker({
      name: 'parrot',
      inputs: [topics.slmResponses],
      outputs: [topics.slmResponses],
      key: ({ data }) => data.subjectId,
      concurrencyMax: 1,
      attemptsMax: 1,
      deadlineMs: 1,
    });
    const driver = createDriver({ processors: [], standIns: [{ worker: parrot, respond: (record) => [record] }] });
    driver.append(anAnswer('turn', 'x'));
    expect(() => driver.run(50)).toThrow('50 steps and no end');
  });
});

/**
 * A decision sets two timers of a session; each timer that fires is recorded and clears the due list, except `stays`.
 */
const alarm = processor({
  name: 'conversation',
  inputs: [topics.policyDecisions, topics.conversationTimers],
  outputs: [topics.conversationEvents],
  state: topics.conversationState,
  initial: { due: [] as readonly (readonly [string, number])[] },
  key: (record) => ('sessionId' in record.data ? record.data.sessionId : record.data.subjectId),
  decide: (_, record, { timeMs }) =>
    record.type === 'TimeOutTurn' ? [failed(record.data.turnId)] : [failed(`set ${timeMs}`)],
  evolve: ({ due }, { data }) => {
    const [verb, at] = 'code' in data ? data.code.split(' ') : [];
    if (verb === 'set')
      return {
        due: [
          ['second', Number(at) + 200] as const,
          ['first', Number(at) + 100] as const,
          ['stays', Number(at) + 150] as const,
        ],
      };
    return { due: due.filter(([name]) => name !== verb || name === 'stays') };
  },
  timers: {
    topic: topics.conversationTimers,
    due: ({ due }, sessionId) => due.map(([turnId, atMs]) => ({ atMs, record: timeOutTurn({ sessionId, turnId }) })),
  },
});

describe('timers', () => {
  const set = () => {
    const driver = createDriver({ processors: [alarm], startMs: 1_000 });
    const cause = driver.append(decisionOn(aStart()), { tenantId: 'acme' });
    driver.run();
    return { driver, cause };
  };
  const fired = (driver: ReturnType<typeof createDriver>) =>
    driver
      .records('conversation.timers')
      .map(({ record, meta }) => [record.type === 'TimeOutTurn' && record.data.turnId, meta.timeMs]);

  it('fire when the clock has reached them, in time order, with their due time', () => {
    const { driver } = set();
    driver.advance(99);
    expect(driver.run()).toBe(0);
    driver.advance(1);
    driver.run();
    expect(fired(driver)).toEqual([['first', 1_100]]);
    driver.advance(5_000);
    driver.run();
    expect(fired(driver)).toEqual([
      ['first', 1_100],
      ['stays', 1_150],
      ['second', 1_200],
    ]);
  });

  it('fire once, although their state still lists them', () => {
    const { driver } = set();
    driver.advance(10_000);
    driver.run();
    driver.advance(10_000);
    expect(driver.run()).toBe(0);
    expect(codesIn(driver.records('conversation.events'))).toEqual(['set 1000', 'first', 'stays', 'second']);
  });

  it('continue the chain of the record that set them, with an id derived from key, command and time', () => {
    const { driver, cause } = set();
    driver.advance(100);
    driver.run();
    const [meta] = driver.records('conversation.timers').map((logged) => logged.meta);
    expect(meta).toMatchObject({
      key: SESSION,
      tenantId: 'acme',
      correlationId: cause.meta.correlationId,
      causationId: cause.meta.id,
    });
    const other = createDriver({ processors: [alarm], startMs: 1_000 });
    other.append(decisionOn(aTurn('another')), { id: 'c0a80101-0000-5000-8000-000000000002' });
    other.run();
    other.advance(100);
    other.run();
    expect(other.records('conversation.timers')[0]?.meta.id).toBe(meta?.id);
  });

  it('are dropped when their state no longer lists them', () => {
    const driver = createDriver({ processors: [{ ...alarm, finished: () => true }], startMs: 1_000 });
    driver.append(decisionOn(aStart()));
    driver.run();
    driver.advance(1_000);
    expect(driver.run()).toBe(0);
  });

  it.each([
    ['of another key', { atMs: 1, record: timeOutTurn({ sessionId: 'another', turnId: 't' }) }, 'timer of key another'],
    [
      'at an invalid time',
      { atMs: Number.NaN, record: timeOutTurn({ sessionId: SESSION, turnId: 't' }) },
      'a timer at NaN',
    ],
  ])('%s are a bug of the processor: the record that set them is dead-lettered', (_, timer, message) => {
    const driver = createDriver({
      processors: [{ ...alarm, timers: { topic: topics.conversationTimers, due: () => [timer] } }],
    });
    driver.append(decisionOn(aStart()));
    driver.run();
    expect(driver.deadLetters.map(({ error }) => String(error))).toEqual([expect.stringContaining(message)]);
    expect(driver.records('conversation.events')).toEqual([]);
  });

  it.each([
    ['keeps no state', { state: null }, 'must keep state'],
    ['does not read them back', { inputs: [topics.policyDecisions] }, 'must read conversation.timers'],
    ['does not own their topic', { timers: { ...alarm.timers, topic: topics.policyDecisions } }, 'alone writes'],
    [
      'reads another number of partitions',
      { inputs: [topics.constitutionEvents, ...alarm.inputs] },
      'as many partitions',
    ],
  ])('are rejected for a processor that %s', (_, fault, message) => {
    const { state, ...rest } = { ...alarm, ...fault } as typeof alarm;
    expect(() => processor({ ...rest, ...(state !== null && { state }) } as never)).toThrow(message);
  });
});

describe('scenarios', () => {
  const { given, when } = scenarios(counter);

  it('start from records that the processor wrote, or that it read', () => {
    given(failed('x'), failed('y')).when(decisionOn(aStart())).then(failed('SEEN_2'));
    given(decisionOn(aTurn('a')))
      .when(decisionOn(aStart()))
      .then(failed('SEEN_1'));
    expect(when(decisionOn(aStart())).state).toEqual({ seen: 1 });
  });

  it('fail when something else follows', () => {
    expect(() => when(decisionOn(aStart())).then()).toThrow();
    expect(() => when(decisionOn(aStart())).then(failed('OTHER'))).toThrow();
  });

  it('fail with what the processor threw', () => {
    expect(() => scenarios({ ...counter, decide: () => raise('a bug') }).when(decisionOn(aStart()))).toThrow('a bug');
  });

  it('return the meta of a single record', () => {
    const refused = sessionRefused({
      sessionId: SESSION,
      principal: 'p',
      code: 'X',
      detail: '',
      requestDigest: '',
      decision: decisionOn(aStart()).data.decision,
      shortfall: null,
    });
    expect(metaFor(refused, { tenantId: 'acme' })).toMatchObject({ key: SESSION, tenantId: 'acme', offset: 0 });
  });
});

it('a processor that keeps state writes exactly one topic of events', () => {
  const { state: _, timers: __, ...rest } = counter;
  expect(() =>
    processor({ ...rest, state: topics.sessionsState, inputs: [], outputs: [], key: () => null, decide: () => [] }),
  ).toThrow('exactly one topic of events');
});

function raise(message: string): never {
  throw new Error(message);
}
