import { beforeEach, describe, expect, it } from 'vitest';
import type { ConstitutionDocument } from '../../schemas/contexts/constitution/document.ts';
import { type GovernedCommand, requestOf } from '../../schemas/governed.ts';
import { anEmbedding } from '../testing.ts';
import { explain } from './counterfactual.ts';
import { addDecision, type ReplayedHistories } from './history-replay.ts';
import { decideAgain, verdictChange } from './replay.ts';
import { failedTests } from './self-test.ts';
import {
  activated,
  document,
  historyEngine,
  known,
  labels,
  leaves,
  mail,
  NOW,
  outside,
  permitAll,
  startPolicy,
  statusOf,
  turn,
  verified,
} from './testing.ts';

let platform: ReturnType<typeof startPolicy>;
beforeEach(() => {
  platform = startPolicy();
});

describe('a decision with a history', () => {
  it('is recomputed, equal to the one in the log', () => {
    platform.asked(mail(), turn('go on'), outside(), mail(), outside({ sessionId: 'session-2' }));
    platform.driver.append(activated('3'));
    platform.asked(mail({ sessionId: 'session-3' }));
    const embedding = anEmbedding({ credential: { sessionId: 'session-3', issuedAt: NOW } });
    expect(platform.asked(embedding)).toEqual(['TAINTED']);
    expect(platform.decisions()).toHaveLength(7);
    for (const decision of platform.decisions())
      expect(decideAgain(historyEngine.rule, known, decision)).toEqual(decision.record);
  });

  it('differs when the history was changed', () => {
    platform.asked(mail(), outside());
    const [, second] = platform.decisions();
    if (second === undefined) throw new Error('two were asked');
    const data = { ...second.record.data, history: { labels: [], sequences: [], origins: [], room: 1_000 } };
    expect(decideAgain(historyEngine.rule, known, { ...second, record: { ...second.record, data } })).not.toEqual(
      second.record,
    );
  });

  it('is explained by the reached step of the session, and by its counterfactuals', () => {
    platform.asked(mail(), outside());
    const [first, second] = platform.decisions();
    const { history = null, commandId = '', command } = second?.record.data ?? {};
    const constitution = statusOf('1');
    if (constitution.status !== 'verified') throw new Error('it is');
    const subject = requestOf(command as GovernedCommand);
    const { sequences, counterfactuals } = explain(historyEngine.rule, constitution, subject, 'demo', {
      history,
      commandId,
      persona: null,
      classifier: null,
    });
    expect(sequences).toEqual([{ sequence: 'leaves', reached: 1, steps: 2, commands: [first?.record.data.commandId] }]);
    expect(counterfactuals.map(({ what }) => what)).toEqual(['name the model small', 'name no model']);
  });

  it('names a declared label as counterfactual', () => {
    const twice = { ...leaves, steps: [{ labels: ['a'] }, { labels: ['b'] }] };
    const constitution = { ...verified, document: { ...document, sequences: [twice] } };
    const history = { labels: [], sequences: [{ sequence: 'leaves', commands: ['c'] }], origins: [], room: 1_000 };
    const { counterfactuals } = explain(permitAll, constitution, requestOf(turn('x', { labels: ['b', 'z'] })), 'demo', {
      history,
      commandId: 'd',
      persona: null,
      classifier: null,
    });
    expect(counterfactuals.map(({ what }) => what)).toEqual(['declare no label b']);
  });

  it('is evaluated under another constitution as if it had always been active', () => {
    platform.driver.append(activated('2'));
    platform.asked(mail(), outside(), outside({ sessionId: 'session-2' }));
    const candidate = statusOf('1');
    if (candidate.status !== 'verified') throw new Error('it is');
    const histories: ReplayedHistories = new Map();
    for (const decision of platform.decisions()) addDecision(candidate, histories, decision);
    const counterfactuals = platform
      .decisions()
      .map((decision) => verdictChange(historyEngine.rule, candidate, decision, histories));
    expect(counterfactuals).toMatchObject([
      null,
      { from: 'allow', to: 'deny', reasonAfter: 'PERSONAL_DATA_LEAVES' },
      null,
    ]);
  });
});

describe('the tests of a constitution', () => {
  const failed = (...tests: ConstitutionDocument['tests']) =>
    failedTests(permitAll, { ...verified, document: { ...document, labels, sequences: [leaves], tests } });
  const denied = { outcome: 'deny', reason: 'PERSONAL_DATA_LEAVES' } as const;
  const large = { type: 'InferText', model: 'large' } as const;

  it('contain earlier commands and declared labels', () => {
    expect(
      failed(
        { name: 'a', before: [{ type: 'SubmitTurn', prompt: 'to a@b' }], command: large, expect: denied },
        { name: 'b', before: [{ type: 'StartSession', labels: ['personal_data'] }], command: large, expect: denied },
        { name: 'c', command: large, expect: { outcome: 'allow', reason: 'PERMITTED' } },
      ),
    ).toEqual([]);
  });

  it('fail when an earlier command would have been denied', () => {
    const before = [{ type: 'SubmitTurn', prompt: 'gold' }] as const;
    expect(failed({ name: 'a', before, command: large, expect: { outcome: 'allow', reason: 'PERMITTED' } })).toEqual([
      { name: 'a', expected: 'allow PERMITTED', actual: 'before 1: deny MODERATION_GOLD' },
    ]);
  });
});
