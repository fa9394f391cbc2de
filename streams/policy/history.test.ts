import { beforeEach, describe, expect, it } from 'vitest';
import { constitutionShadowed } from '../../schemas/generated/records.ts';
import { anEmbedding, anInference, aStart, aTenant } from '../testing.ts';
import { asksForHistory, SESSION_LABELS_MAX } from './history.ts';
import { bytesOf, HISTORY_BYTES_MAX, HISTORY_MS } from './history-store.ts';
import { policy } from './policy.ts';
import { decideAgain } from './replay.ts';
import { initial } from './state.ts';
import {
  activated,
  document,
  historyEngine,
  known,
  mail,
  NOW,
  options,
  outside,
  startPolicy,
  turn,
} from './testing.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Returns the history of a session with one label, and one step of one sequence. */
const ordinary = {
  labels: ['personal_data'],
  sequences: [{ sequence: 'personal-data-leaves', commands: ['00000000-0000-4000-8000-000000000000'] }],
};

let platform: ReturnType<typeof startPolicy>;
beforeEach(() => {
  platform = startPolicy();
});

describe('a sequence over the history of a session', () => {
  it('denies the last of two turns sent at once, with the code and the clause of the sequence', () => {
    expect(platform.asked(mail(), outside())).toEqual(['PERMITTED', 'PERSONAL_DATA_LEAVES']);
    const [first, second] = platform.decisions();
    expect(second?.record.data.decision).toMatchObject({ outcome: 'deny', clauses: ['sequence:leaves'] });
    expect([first, second].map((each) => each?.record.data.labels)).toEqual([['personal_data'], []]);
    expect(second?.record.data.history).toMatchObject({
      labels: [],
      sequences: [{ sequence: 'leaves', commands: [first?.record.data.commandId] }],
    });
  });

  it('is written only in the transaction of the decision that advances it', () => {
    platform.asked(turn('nothing of note'), mail(), mail(), outside());
    const [, second] = platform.decisions();
    expect(platform.memory()).toMatchObject([
      {
        type: 'SessionRemembered',
        data: {
          place: 'demo/0',
          sessionId: 'session-1',
          decisionId: second?.record.data.decision.decisionId,
          shadow: false,
          labels: [],
          until: NOW + HISTORY_MS,
        },
      },
    ]);
  });

  it('belongs to one session', () => {
    const other = { sessionId: 'session-2' };
    expect(platform.asked(mail(), outside(other), mail(other), outside(other))).toEqual([
      ...['PERMITTED', 'PERMITTED', 'PERMITTED'],
      'PERSONAL_DATA_LEAVES',
    ]);
  });

  it('counts requests with the token of the session, and none outside sessions', () => {
    const credential = { sessionId: 'session-1', issuedAt: NOW };
    const large = anInference({ model: 'large', credential });
    expect(platform.asked(anInference({ prompt: 'to a@b' }), large)).toEqual(['PERMITTED', 'PERMITTED']);
    expect(platform.asked(anEmbedding({ input: ['a@b'], credential }), large)).toEqual([
      'PERMITTED',
      'PERSONAL_DATA_LEAVES',
    ]);
    expect(platform.asked(anInference({ model: 'large' }))).toEqual(['PERMITTED']);
  });

  it('is not advanced by a denied command, whether by a rule or by a budget', () => {
    expect(platform.asked(mail({ prompt: 'gold for a@b' }), outside())).toEqual(['MODERATION_GOLD', 'PERMITTED']);
    platform.driver.append(aTenant([{ window: 'day', tokensMax: 1, costMax: null }]));
    expect(platform.asked(mail())).toEqual(['BUDGET_TOO_SMALL']);
    platform.driver.append(aTenant());
    expect(platform.asked(outside())).toEqual(['PERMITTED']);
    expect(platform.memory()).toEqual([]);
  });

  it('uses declared labels, from the start of the session on', () => {
    expect(platform.asked(aStart({ labels: ['personal_data'] }), outside())).toEqual([
      'PERMITTED',
      'PERSONAL_DATA_LEAVES',
    ]);
  });

  it('applies while its constitution is active: across an activation, a rollback and a restart', () => {
    expect(platform.asked(mail())).toEqual(['PERMITTED']);
    platform.driver.append(activated('2'));
    expect(platform.asked(outside())).toEqual(['PERMITTED']);
    platform.driver.append(activated('1'));
    expect(platform.asked(outside())).toEqual(['PERSONAL_DATA_LEAVES']);
    const restarted = platform
      .memory()
      .reduce<unknown>(policy(historyEngine, options).evolve, policy(historyEngine, options).initial);
    expect(restarted).toEqual(platform.state());
  });

  it('is not evaluated when no constitution uses it, and costs no record and no state', () => {
    platform.driver.append(activated('2'));
    expect(platform.asked(mail(), outside())).toEqual(['PERMITTED', 'PERMITTED']);
    expect(platform.decisions().map(({ record }) => record.data.history)).toEqual([null, null]);
    expect(platform.memory()).toEqual([]);
    expect(platform.state()).toEqual(initial);
  });
});

describe('labels of a session', () => {
  beforeEach(() => {
    platform.driver.append(activated('3'));
  });
  const embedding = (changes: Parameters<typeof anEmbedding>[0] = {}) =>
    anEmbedding({ credential: { sessionId: 'session-1', issuedAt: NOW }, ...changes });

  it('are visible to rules after the first allowed command', () => {
    const oneByOne = [embedding(), mail(), embedding(), turn('go on')].flatMap((command) => platform.asked(command));
    expect(oneByOne).toEqual(['PERMITTED', 'PERMITTED', 'TAINTED', 'PERMITTED']);
    expect(platform.asked(embedding({ credential: { sessionId: 'other', issuedAt: NOW } }))).toEqual(['PERMITTED']);
  });

  it('are those of earlier commands, not its own', () => {
    expect(platform.asked(embedding({ input: ['a@b'] }))).toEqual(['PERMITTED']);
    expect(historyEngine.requests.at(-1)?.context).toMatchObject({ labels: ['personal_data'], session_labels: [] });
  });

  it.each([
    ['context.session_labels.contains("a")', true],
    ['context["session\\u{5f}labels"].contains("a")', true],
    ['context.labels.contains("a")', false],
  ])('are used, or not, by: %s', (condition, asks) => {
    const policies = [{ id: 'p', text: `forbid (principal, action, resource) when { ${condition} };` }];
    expect(asksForHistory({ ...document, policies })).toBe(asks);
  });

  it('are written once', () => {
    platform.asked(mail(), mail(), mail({ labels: ['personal_data', 'customer-data'] }));
    expect(platform.memory()).toMatchObject([
      { data: { labels: ['personal_data'] } },
      { data: { labels: ['personal_data', 'customer-data'] } },
    ]);
  });
});

describe('the histories of policy', () => {
  it('expire when no token of the session can be valid', () => {
    platform.asked(mail());
    platform.driver.advance(DAY);
    expect(platform.asked(outside())).toEqual(['PERSONAL_DATA_LEAVES']);
    platform.driver.advance(HISTORY_MS - DAY);
    expect(platform.asked(outside())).toEqual(['PERMITTED']);
    // Its room is freed when another session needs some.
    platform.asked(mail({ sessionId: 'session-2' }));
    expect(Object.keys(platform.state().histories.sessions)).toEqual(['session-2']);
  });

  it('have room for a bounded number of sessions per place; commands beyond it are refused', () => {
    platform.driver.append(activated('3'));
    let sessions = 0;
    const declared = Array.from({ length: 16 }, (_, n) => `label-${n}`.padEnd(60, '-'));
    const next = () => {
      sessions += 1;
      const sessionId = `00000000-0000-4000-8000-${sessions.toString().padStart(12, '0')}`;
      return turn('x', { sessionId, labels: declared });
    };
    const reasons = platform.asked(...Array.from({ length: 400 }, next));
    expect(reasons.indexOf('SESSION_HISTORY_FULL')).toBeGreaterThan(200);
    expect(platform.state().histories.bytes).toBeLessThanOrEqual(HISTORY_BYTES_MAX);
    expect(Buffer.byteLength(JSON.stringify(platform.state().histories))).toBeLessThanOrEqual(HISTORY_BYTES_MAX);
    const refused = platform
      .decisions()
      .find(({ record }) => record.data.decision.reasons[0] === 'SESSION_HISTORY_FULL');
    expect(refused?.record.data.decision).toMatchObject({ outcome: 'deny', clauses: ['history:place'] });
    if (refused !== undefined) expect(decideAgain(historyEngine.rule, known, refused)).toEqual(refused.record);
    expect(HISTORY_BYTES_MAX / bytesOf(ordinary)).toBeGreaterThan(1_700);
    // Commands that add nothing continue, and so do those of other tenants.
    expect(platform.asked(turn('good morning', { sessionId: 'fresh' }))).toEqual(['PERMITTED']);
    platform.driver.append(mail(), { tenantId: 'acme' });
    platform.driver.run();
    expect(platform.decisions().at(-1)?.record.data.decision.outcome).toBe('allow');
    platform.driver.advance(HISTORY_MS);
    expect(platform.asked(next())).toEqual(['PERMITTED']);
  });

  it('are bounded for one session, too', () => {
    platform.driver.append(activated('3'));
    const many = (from: number, count: number) =>
      turn('x', { labels: Array.from({ length: count }, (_, n) => `label-${from + n}`) });
    expect(platform.asked(many(0, SESSION_LABELS_MAX), many(100, 1), many(0, 3))).toEqual([
      ...['PERMITTED', 'SESSION_HISTORY_FULL', 'PERMITTED'],
    ]);
    expect(platform.decisions()[1]?.record.data.decision.clauses).toEqual(['history:session']);
  });
});

describe('a shadow constitution', () => {
  it('has its own history, and changes nothing', () => {
    platform.driver.append(activated('2'));
    platform.driver.append(constitutionShadowed({ slot: 'shadow', version: '1', digest: 'd1', shadowedBy: 'ana' }));
    expect(platform.asked(mail(), outside())).toEqual(['PERMITTED', 'PERMITTED']);
    expect(platform.driver.records('policy.shadow').map(({ record }) => record.data)).toMatchObject([
      { activeOutcome: 'allow', shadowOutcome: 'deny', shadowReasons: ['PERSONAL_DATA_LEAVES'] },
    ]);
    expect(platform.memory()).toMatchObject([{ data: { shadow: true } }]);
    platform.driver.append(activated('1'));
    expect(platform.asked(outside())).toEqual(['PERMITTED']);
  });
});
