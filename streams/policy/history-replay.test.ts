import { beforeEach, describe, expect, it } from 'vitest';
import type { ConstitutionDocument, GovernedCommand } from '../../schemas/constitution.ts';
import { anEmbedding } from '../testing.ts';
import { explain } from './flip.ts';
import { type Hindsight, look } from './hindsight.ts';
import { decideAgain, flipUnder } from './replay.ts';
import { failedTests } from './self-test.ts';
import { subjectOf } from './subject.ts';
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

describe('a decision on a history', () => {
  it('is made again, equal to the one in the log', () => {
    platform.asked(mail(), turn('go on'), outside(), mail(), outside({ sessionId: 'session-2' }));
    platform.driver.append(activated('3'));
    platform.asked(mail({ sessionId: 'session-3' }));
    const embedding = anEmbedding({ credential: { sessionId: 'session-3', issuedAt: NOW } });
    expect(platform.asked(embedding)).toEqual(['TAINTED']);
    expect(platform.decisions()).toHaveLength(7);
    for (const decision of platform.decisions())
      expect(decideAgain(historyEngine.rule, known, decision)).toEqual(decision.record);
  });

  it('is another one when the history was changed', () => {
    platform.asked(mail(), outside());
    const [, second] = platform.decisions();
    if (second === undefined) throw new Error('two were asked');
    const data = { ...second.record.data, history: { labels: [], sequences: [], room: 1_000 } };
    expect(decideAgain(historyEngine.rule, known, { ...second, record: { ...second.record, data } })).not.toEqual(
      second.record,
    );
  });

  it('is explained by the step that the session had reached, and by what would turn it', () => {
    platform.asked(mail(), outside());
    const [first, second] = platform.decisions();
    const { history = null, commandId = '', command } = second?.record.data ?? {};
    const constitution = statusOf('1');
    if (constitution.status !== 'verified') throw new Error('it is');
    const subject = subjectOf(command as GovernedCommand);
    const { sequences, flips } = explain(historyEngine.rule, constitution, subject, 'demo', { history, commandId });
    expect(sequences).toEqual([{ sequence: 'leaves', reached: 1, steps: 2, commands: [first?.record.data.commandId] }]);
    expect(flips.map(({ what }) => what)).toEqual(['name the model small', 'name no model']);
  });

  it('names a label that was declared as what would turn it', () => {
    const twice = { ...leaves, steps: [{ labels: ['a'] }, { labels: ['b'] }] };
    const constitution = { ...verified, document: { ...document, sequences: [twice] } };
    const history = { labels: [], sequences: [{ sequence: 'leaves', commands: ['c'] }], room: 1_000 };
    const { flips } = explain(permitAll, constitution, subjectOf(turn('x', { labels: ['b', 'z'] })), 'demo', {
      history,
      commandId: 'd',
    });
    expect(flips.map(({ what }) => what)).toEqual(['declare no label b']);
  });

  it('is held against another constitution as if it had been in force all along', () => {
    platform.driver.append(activated('2'));
    platform.asked(mail(), outside(), outside({ sessionId: 'session-2' }));
    const candidate = statusOf('1');
    if (candidate.status !== 'verified') throw new Error('it is');
    const hindsight: Hindsight = new Map();
    for (const decision of platform.decisions()) look(candidate, hindsight, decision);
    const flips = platform.decisions().map((decision) => flipUnder(historyEngine.rule, candidate, decision, hindsight));
    expect(flips).toMatchObject([null, { from: 'allow', to: 'deny', reasonAfter: 'PERSONAL_DATA_LEAVES' }, null]);
  });
});

describe('the tests of a constitution', () => {
  const failed = (...tests: ConstitutionDocument['tests']) =>
    failedTests(permitAll, { ...verified, document: { ...document, labels, sequences: [leaves], tests } });
  const denied = { outcome: 'deny', reason: 'PERSONAL_DATA_LEAVES' } as const;
  const large = { type: 'InferText', model: 'large' } as const;

  it('say what was before, and what callers declare', () => {
    expect(
      failed(
        { name: 'a', before: [{ type: 'SubmitTurn', prompt: 'to a@b' }], command: large, expect: denied },
        { name: 'b', before: [{ type: 'StartSession', labels: ['personal_data'] }], command: large, expect: denied },
        { name: 'c', command: large, expect: { outcome: 'allow', reason: 'PERMITTED' } },
      ),
    ).toEqual([]);
  });

  it('fail when what was before would not have been let in', () => {
    const before = [{ type: 'SubmitTurn', prompt: 'gold' }] as const;
    expect(failed({ name: 'a', before, command: large, expect: { outcome: 'allow', reason: 'PERMITTED' } })).toEqual([
      { name: 'a', expected: 'allow PERMITTED', actual: 'before 1: deny MODERATION_GOLD' },
    ]);
  });
});
