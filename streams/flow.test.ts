import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyRecord, slmMetered } from '../schemas/generated/records.ts';
import { audit } from './audit/audit.ts';
import { conversation } from './conversation/conversation.ts';
import { TURN_MS_MAX } from './conversation/turn.ts';
import { inference } from './inference/inference.ts';
import { createDriver, type Driver, type StandIn } from './kernel/driver.ts';
import { policy } from './policy/policy.ts';
import { activated, engineWith, options, published } from './policy/testing.ts';
import { sessions } from './sessions/sessions.ts';
import { slm } from './slm/slm.ts';
import { aDelta, aFailure, anAnswer, anInference, aStart, aTurn, SESSION } from './testing.ts';

/** A model that answers in two pieces, fails where the prompt says `fail`, and never answers where it says `mute`. */
const model: StandIn = {
  worker: slm,
  respond(record) {
    if (record.type !== 'SlmRequested') return [];
    const { subjectId, origin, requestId, messages } = record.data;
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
      currency: 'USD',
    });
    return [aDelta(requestId, 0, 'echo '), aDelta(requestId, 1, prompt), end, metered].map(
      (answer) => ({ ...answer, data: { ...answer.data, ...address } }) as AnyRecord,
    );
  },
};

function platform(choose?: (count: number) => number): Driver {
  const driver = createDriver({
    processors: [policy(engineWith(), options), sessions, conversation, inference, audit],
    standIns: [model],
    ...(choose !== undefined && { choose }),
  });
  driver.append(published('1'));
  driver.append(activated('1'));
  return driver;
}

/** Each command, or a number of steps to take before the next one. */
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

function play(history: readonly (number | AnyRecord)[], choices: readonly number[]): Driver {
  let choice = 0;
  const driver = platform((count) => {
    choice += 1;
    return (choices[choice % choices.length] ?? 0) % count;
  });
  for (const event of history) {
    if (typeof event !== 'number') driver.append(event);
    else for (let steps = 0; steps < event; steps += 1) driver.step();
  }
  // Each deadline may start a turn that has one of its own.
  while (driver.run() > 0) driver.advance(TURN_MS_MAX);
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
      'TurnStarted',
      'SlmRequested',
      'SlmDelta',
      'SlmDelta',
      'SlmCompleted',
      'SlmMetered',
      'TurnDelta',
      'TurnDelta',
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

  it('answers single inferences beside sessions', () => {
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

  it('leaves one audit record per event of the other topics', () => {
    const driver = platform();
    driver.append(aStart({ turnId: 'turn-1', prompt: 'hello' }));
    driver.append(aTurn('turn-2', { prompt: 'gold' }));
    driver.run();
    const events = driver
      .records()
      .filter(({ meta }) => !meta.topic.endsWith('.commands') && meta.topic !== 'audit.events');
    const audited = driver
      .records('audit.events')
      .map(({ record }) => (record.type === 'AuditRecorded' ? record.data.eventId : ''));
    expect(audited.sort()).toEqual(events.map(({ meta }) => meta.id).sort());
    expect(new Set(audited).size).toBe(audited.length);
  });

  it('refuses all of it without a constitution', () => {
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

describe('whatever the commands and however the readers interleave', () => {
  it('sequences are dense, every turn that was taken ends once, and one runs at a time', () => {
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
            } else if (type === 'TurnDelta') expect(running).toBe(turnId);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a session exists for its events exactly when it has a conversation', () => {
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

  it('a replay of the same log in the same order yields the same bytes, ids and places', () => {
    fc.assert(
      fc.property(histories, choicesOf, (history, choices) => {
        const metas = (driver: Driver) => driver.records().map(({ meta }) => meta);
        expect(metas(play(history, choices))).toEqual(metas(play(history, choices)));
      }),
      { numRuns: 20 },
    );
  });

  it('only what a decision allowed reaches a model', () => {
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
        // What is taken back reaches no model.
        for (const { record } of driver.records('slm.requests'))
          if (record.type !== 'CancelSlmRequest')
            expect(allowedIds).toContain(record.type === 'SlmRequested' ? record.data.decisionId : '');
      }),
      { numRuns: 40 },
    );
  });
});
