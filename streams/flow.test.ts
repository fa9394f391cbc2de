import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyRecord,
  slmCompleted,
  slmMetered,
  tool,
  toolCallEnded,
  turnDelta,
} from '../schemas/generated/records.ts';
import { topicOf, topics } from '../schemas/topics.ts';
import { agents } from './agents/agents.ts';
import { aRun, weather } from './agents/testing.ts';
import { audit } from './audit/audit.ts';
import { conversation } from './conversation/conversation.ts';
import { TURN_MS_MAX } from './conversation/turn.ts';
import { inference } from './inference/inference.ts';
import { jobs } from './jobs/jobs.ts';
import { createDriver, type Driver, type StandIn } from './kernel/driver.ts';
import type { Logged } from './kernel/driver-log.ts';
import { apart, type TopologyLayout, topology, topologyOf } from './kernel.ts';
import { policy } from './policy/policy.ts';
import { activated, engineWith, options, published } from './policy/testing.ts';
import { sessions } from './sessions/sessions.ts';
import { slm } from './slm/slm.ts';
import { aFailure, anAnswer, anInference, aStart, aTurn, personaRecords, SESSION } from './testing.ts';
import { toolWorker } from './tools/tool-worker.ts';
import { tools } from './tools/tools.ts';

/**
 * A model that answers in two pieces (in a session), fails when the prompt contains `fail`, and never answers when it contains `mute`.
 */
const model: StandIn = {
  worker: slm,
  respond(record) {
    if (record.type !== 'SlmRequested') return [];
    const { subjectId, origin, requestId, messages, sessionId, turnId, turnSequence } = record.data;
    if (messages.at(-1)?.content.includes('mute')) return [];
    const address = { subjectId, origin, requestId };
    const prompt = messages.at(-1)?.content ?? '';
    const end = prompt.includes('fail') ? aFailure(requestId) : anAnswer(requestId, `echo ${prompt}`);
    const metered = slmMetered({
      ...address,
      tenantId: 'demo',
      sessionId: null,
      turnId: null,
      provider: 'test',
      modelId: 'model-1',
      outcome: end.type === 'SlmFailed' ? 'failed' : 'completed',
      tokensConsumed: { prompt: 5, completion: 7 },
      latencyMs: 12,
      timeToFirstTokenMs: 3,
      cost: '0.000002400',
      deltas: null,
      currency: 'USD',
    });
    const answer = { ...end, data: { ...end.data, ...address } } as AnyRecord;
    if (sessionId === null || turnId === null || turnSequence === null) return [answer, metered];
    const turn = { sessionId, turnId, turnSequence, attempt: 1 };
    const first = turnDelta({ ...turn, start: 0, text: 'echo ' });
    return [first, turnDelta({ ...turn, start: 5, text: prompt }), answer, metered];
  },
};

function platform(choose?: (count: number) => number, layout: TopologyLayout = 'chained'): Driver {
  const members = [policy(engineWith(), options), sessions, conversation, inference];
  const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
  const driver = createDriver({
    topologies: [...(layout === 'chained' ? [core] : apart(core)), topologyOf(audit)],
    standIns: [model],
    ...(choose !== undefined && { choose }),
  });
  driver.append(published('1'));
  driver.append(activated('1'));
  for (const each of personaRecords) driver.append(each);
  return driver;
}

const idOf = (nth: number): string => `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`;

/** Commands, and numbers of steps to take before the next command. */
const histories = fc.array(
  fc.oneof(
    fc.integer({ min: 1, max: 12 }),
    fc
      .record({
        session: fc.constantFrom('s-1', 's-2'),
        turn: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        prompt: fc.constantFrom('tell', 'fail', 'mute', 'gold', ''),
      })
      .map(({ session, turn, prompt }) =>
        aTurn(`${session}-${turn}`, { sessionId: session, prompt: prompt === '' ? '' : `${prompt} ${turn}` }),
      ),
    fc
      .record({ session: fc.constantFrom('s-1', 's-2'), prompt: fc.constantFrom(null, 'tell', 'gold') })
      .map(({ session, prompt }) => aStart({ sessionId: session, turnId: `${session}-first`, prompt })),
  ),
  { maxLength: 30 },
);

function play(
  history: readonly (number | AnyRecord)[],
  choices: readonly number[],
  layout: TopologyLayout = 'chained',
): Driver {
  let choice = 0;
  const driver = platform((count) => {
    choice += 1;
    return (choices[choice % choices.length] ?? 0) % count;
  }, layout);
  for (const event of history) {
    if (typeof event !== 'number') driver.append(event);
    else for (let steps = 0; steps < event; steps += 1) driver.step();
  }
  // The history may have left nothing to run while a turn waits for its deadline.
  driver.run();
  // Each deadline may start a queued turn with its own deadline.
  do driver.advance(TURN_MS_MAX);
  while (driver.run() > 0);
  return driver;
}

const ended = new Set(['TurnCompleted', 'TurnFailed', 'TurnRefused']);
const choicesOf = fc.array(fc.nat({ max: 63 }), { minLength: 1, maxLength: 40 });
const eventsOf = (driver: Driver, session: string): readonly AnyRecord[] =>
  driver.records('conversation.events').flatMap(({ record, meta }) => (meta.key === session ? [record] : []));

describe('a governed turn', () => {
  it('runs from the command to the completed answer, in the chain of the command', () => {
    const driver = platform();
    const { meta } = driver.append(aStart({ turnId: 'turn-1', prompt: 'hello' }));
    driver.run();
    const chain = driver.records().filter((logged) => logged.meta.correlationId === meta.id);
    const aside = ['AuditRecorded', 'SessionStarted'];
    expect(chain.map(({ record }) => record.type).filter((type) => !aside.includes(type))).toEqual([
      'StartSession',
      'PolicyDecided',
      'ConversationOpened',
      'TurnQueued',
      'TurnStarted',
      'SlmRequested',
      'TurnDelta',
      'TurnDelta',
      'SlmCompleted',
      'SlmMetered',
      'TurnCompleted',
    ]);
    expect(chain.filter(({ record }) => record.type === 'SessionStarted')).toHaveLength(1);
    expect(driver.deadLetters).toEqual([]);
  });

  it('fails at its deadline when no model answers, in the chain of its command', () => {
    const driver = platform();
    const { meta } = driver.append(aStart({ turnId: 'turn-1', prompt: 'mute' }));
    driver.run();
    driver.advance(TURN_MS_MAX);
    driver.run();
    const late = driver.records().filter((logged) => logged.meta.timeMs === meta.timeMs + TURN_MS_MAX);
    expect(late.map(({ record }) => record.type)).toEqual([
      'TimeOutTurn',
      'CancelSlmRequest',
      'TurnFailed',
      'AuditRecorded',
      'AuditRecorded',
    ]);
    for (const logged of late) expect(logged.meta.correlationId).toBe(meta.id);
  });

  it('answers single inferences alongside sessions', () => {
    const driver = platform();
    driver.append(anInference());
    driver.append(anInference({ requestId: 'request-2', prompt: 'gold' }));
    driver.run();
    expect(
      driver
        .records('inference.events')
        .map(({ record }) => record.type)
        .sort(),
    ).toEqual(['InferenceCompleted', 'InferenceRefused', 'InferenceStarted']);
  });

  it('leaves one audit record per event of the other topics, and none of a delta', () => {
    const driver = platform();
    driver.append(aStart({ turnId: 'turn-1', prompt: 'hello' }));
    driver.append(aTurn('turn-2', { prompt: 'gold' }));
    driver.run();
    const events = driver
      .records()
      .filter(({ meta }) => !/\.commands$|^audit\.events$|^conversation\.deltas$|^personas\.current$/.test(meta.topic));
    const audited = driver
      .records('audit.events')
      .map(({ record }) => (record.type === 'AuditRecorded' ? record.data.eventId : ''));
    expect(audited.sort()).toEqual(events.map(({ meta }) => meta.id).sort());
    expect(new Set(audited).size).toBe(audited.length);
  });

  it('refuses every command without a constitution', () => {
    const driver = createDriver({
      processors: [policy(engineWith(), options), sessions, conversation],
      standIns: [model],
    });
    driver.append(aStart({ turnId: 'turn-1', prompt: 'hello' }));
    driver.run();
    expect(driver.records('slm.requests')).toEqual([]);
    expect(driver.records('sessions.events').map(({ record }) => record.type)).toEqual(['SessionRefused']);
    expect(eventsOf(driver, SESSION)).toEqual([]);
  });
});

describe('a run of an agent', () => {
  /** Asks for one call, then answers; every answer costs. */
  const scripted: StandIn = {
    worker: slm,
    respond(record) {
      if (record.type !== 'SlmRequested') return [];
      const { subjectId, origin, requestId, messages } = record.data;
      const isFirst = messages.at(-1)?.role !== 'tool';
      const answer = anAnswer(requestId, isFirst ? '' : 'done').data;
      const call = { id: 'c', name: 'weather', arguments: '{"city":"Cusco"}' };
      return [slmCompleted({ ...answer, subjectId, origin, toolCalls: isFirst ? [call] : [] })];
    },
  };
  const outside: StandIn = {
    worker: toolWorker,
    respond: (record) =>
      record.type === 'RunToolCall'
        ? [
            toolCallEnded({
              ...{
                callId: record.data.callId,
                attempt: 1,
                outcome: 'succeeded',
                code: null,
                detail: '',
                output: '{}',
                preview: null,
                check: null,
              },
              ...{ verified: false, tier: 'declared', walls: [], latencyMs: 1, requests: [], cost: '0.000000000' },
              labels: ['untrusted'],
              rate: null,
            }),
          ]
        : [],
  };
  const envelope = JSON.stringify({
    ...{ name: 'weather', version: '1', tier: 'declared', effect: 'read', cost: '0.000000000', labelsIn: null },
  });

  it.each(['chained', 'apart'] as const)('decides each step and call, in the chain of its start (%s)', (layout) => {
    const engine = engineWith();
    const members = [
      ...[policy(engine, options), inference, jobs],
      ...[
        agents(() => []),
        tools(
          (text) => ({ status: 'valid', facts: JSON.parse(text), digest: weather.digest, manifest: text }),
          (published) => engine.verify(published),
        ),
      ],
    ];
    const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
    const driver = createDriver({
      topologies: layout === 'chained' ? [core] : apart(core),
      standIns: [scripted, outside],
    });
    for (const each of [published('1'), activated('1'), ...personaRecords]) driver.append(each);
    const of = { toolId: 'demo/weather', tenantId: 'demo', status: 'active', version: 1, digest: weather.digest };
    driver.append(tool({ ...of, manifest: envelope, envelope, changedAt: 0, place: null }), { place: null });
    const { meta } = driver.append(aRun({ tools: [weather], maxTokens: 50 }));
    driver.run();
    const chain = driver.records().filter((logged) => logged.meta.correlationId === meta.id);
    expect(chain.map(({ record }) => record.type).filter((type) => /^Agent|^Call|^Slm|^PolicyD/.test(type))).toEqual([
      ...['PolicyDecided', 'AgentRunStarted', 'PolicyDecided', 'AgentStepStarted', 'SlmRequested', 'SlmCompleted'],
      ...['AgentStepCompleted', 'CallTool', 'PolicyDecided', 'AgentCallEnded', 'PolicyDecided', 'AgentStepStarted'],
      ...['SlmRequested', 'SlmCompleted', 'AgentStepCompleted', 'AgentRunCompleted'],
    ]);
    expect(new Set(chain.map((logged) => logged.meta.place))).toEqual(new Set([meta.place]));
    expect(driver.deadLetters).toEqual([]);
  });
});

describe('for any commands and any interleaving of the readers', () => {
  it('sequences are dense, every accepted turn ends once, and one turn runs at a time', () => {
    fc.assert(
      fc.property(histories, choicesOf, (history, choices) => {
        const driver = play(history, choices);
        expect(driver.deadLetters).toEqual([]);
        for (const session of ['s-1', 's-2']) {
          const events = eventsOf(driver, session);
          expect(events.map(({ data }) => 'sequence' in data && data.sequence)).toEqual(events.map((_, n) => n + 1));
          const turns = events.flatMap(({ type, data }) => ('turnId' in data ? [{ type, turnId: data.turnId }] : []));
          const taken = new Set(turns.map(({ turnId }) => turnId));
          expect(
            turns
              .filter(({ type }) => ended.has(type))
              .map(({ turnId }) => turnId)
              .sort(),
          ).toEqual([...taken].sort());
          let running: string | null = null;
          for (const { type, turnId } of turns) {
            if (type === 'TurnStarted') {
              expect(running).toBeNull();
              running = turnId ?? null;
            } else if (type === 'TurnCompleted' || type === 'TurnFailed') {
              expect(running).toBe(turnId);
              running = null;
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a session has events of its own exactly when it has a conversation', () => {
    fc.assert(
      fc.property(histories, choicesOf, (history, choices) => {
        const driver = play(history, choices);
        const keysOf = (topic: string, type: string): string[] =>
          driver.records(topic).flatMap(({ record, meta }) => (record.type === type ? [meta.key] : []));
        expect(keysOf('sessions.events', 'SessionStarted').sort()).toEqual(
          keysOf('conversation.events', 'ConversationOpened').sort(),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('a replay of the same log in the same order yields the same bytes, ids and offsets', () => {
    fc.assert(
      fc.property(histories, choicesOf, (history, choices) => {
        const metas = (driver: Driver) => driver.records().map(({ meta }) => meta);
        expect(metas(play(history, choices))).toEqual(metas(play(history, choices)));
      }),
      { numRuns: 20 },
    );
  });

  it('only allowed requests reach a model', () => {
    fc.assert(
      fc.property(histories, choicesOf, (history, choices) => {
        const driver = play(history, choices);
        const allowedIds = driver
          .records('policy.decisions')
          .flatMap(({ record }) =>
            record.type === 'PolicyDecided' && record.data.decision.outcome === 'allow'
              ? [record.data.decision.decisionId]
              : [],
          );
        // A cancelled request reaches no model.
        for (const { record } of driver.records('slm.requests'))
          if (record.type !== 'CancelSlmRequest')
            expect(allowedIds).toContain(record.type === 'SlmRequested' ? record.data.decisionId : '');
      }),
      { numRuns: 40 },
    );
  });

  it('holds in the layout apart as well, and no dead letter is written in either', () => {
    fc.assert(
      fc.property(histories, choicesOf, (history, choices) => {
        for (const layout of ['chained', 'apart'] as const) {
          const driver = play(history, choices, layout);
          expect(driver.deadLetters).toEqual([]);
          for (const session of ['s-1', 's-2']) {
            const events = eventsOf(driver, session);
            expect(events.map(({ data }) => 'sequence' in data && data.sequence)).toEqual(events.map((_, n) => n + 1));
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe('the layouts', () => {
  /** Everything that a record is, without its offset, by topic and key in the order of the log. */
  const contentOf = (driver: Driver): Map<string, readonly unknown[]> => {
    const records = driver.records().filter(({ meta }) => meta.topic !== topics.auditEvents.name);
    const contents = records.map(({ meta }) => {
      const { offset: _, value, ...envelope } = meta;
      return { ...envelope, value: Buffer.from(value).toString('hex') };
    });
    return Map.groupBy(contents, ({ topic, key }) => `${topic} ${key}`);
  };

  it('write the same records, to the byte and in the same order of each key', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const commands = history.filter((event) => typeof event !== 'number');
        const [chained, separate] = (['chained', 'apart'] as const).map((layout) => {
          const driver = platform(undefined, layout);
          for (const command of commands) {
            driver.append(command, { id: idOf(commands.indexOf(command)) });
            driver.run();
          }
          return driver;
        });
        if (chained === undefined || separate === undefined) throw new Error('a layout is missing');
        expect(contentOf(chained)).toEqual(contentOf(separate));
      }),
      { numRuns: 60 },
    );
  });

  it('differ in the steps: chained, a command and all that follows from it are one', () => {
    const steps = (layout: TopologyLayout): number => {
      const driver = platform(undefined, layout);
      driver.run();
      driver.append(aStart({ turnId: 'turn-1', prompt: 'hello' }));
      let count = 0;
      while (driver.records('slm.requests').length === 0 && driver.step()) count += 1;
      return count;
    };
    expect(steps('chained')).toBe(1);
    expect(steps('apart')).toBeGreaterThan(2);
  });
});

describe('the place of a session', () => {
  const placed = (driver: Driver, subject: string): readonly Logged[] =>
    driver.records().filter(({ meta }) => meta.key === subject && topicOf(meta.type).partitionedBy === 'place');

  it('holds all its records, in one partition of every topic that is partitioned by place', () => {
    fc.assert(
      fc.property(histories, choicesOf, (history, choices) => {
        const driver = play(history, choices);
        for (const session of ['s-1', 's-2']) {
          const records = placed(driver, session);
          expect(new Set(records.map(({ meta }) => meta.partition)).size).toBeLessThanOrEqual(1);
          expect(new Set(records.map(({ meta }) => meta.place)).size).toBeLessThanOrEqual(1);
        }
        expect(driver.deadLetters).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('is carried on by every record, through the worker and its key-partitioned topic and back', () => {
    const driver = platform();
    const { meta } = driver.append(aStart({ turnId: 'turn-1', prompt: 'hello' }));
    driver.run();
    const chain = driver.records().filter((logged) => logged.meta.correlationId === meta.id);
    expect(chain.map(({ record }) => record.type)).toEqual(expect.arrayContaining(['SlmRequested', 'TurnCompleted']));
    expect(new Set(chain.map((logged) => logged.meta.place))).toEqual(new Set([meta.place]));
    expect(new Set(placed(driver, SESSION).map((logged) => logged.meta.partition))).toEqual(new Set([meta.partition]));
  });

  it('spreads the sessions of one tenant over all partitions', () => {
    const driver = platform();
    for (let n = 0; n < 40; n += 1) driver.append(aStart({ sessionId: `s-${n}`, turnId: `t-${n}`, prompt: 'hello' }));
    driver.run();
    const ends = driver.records('conversation.events').filter(({ record }) => record.type === 'TurnCompleted');
    expect(ends).toHaveLength(40);
    expect(new Set(ends.map(({ meta }) => meta.partition)).size).toBe(4);
  });
});
