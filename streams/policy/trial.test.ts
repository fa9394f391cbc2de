import { describe, expect, it } from 'vitest';
import { type AnyRecord, type TryCommand, tryCommand } from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { aStart, aSwitch, aTurn, personaRecords } from '../testing.ts';
import { policy } from './policy.ts';
import { activated, engineWith, options, published } from './testing.ts';

const { given } = scenarios(policy(engineWith(), options), { startMs: Date.UTC(2026, 0, 1), places: 1 });
const inForce = [...personaRecords, published('1'), activated('1')];
const asks = (prompt: string, changes: Partial<TryCommand> = {}) =>
  tryCommand({
    ...{ trialId: 'trial-1', principal: 'user:ana', capabilities: ['constitution:try'] },
    ...{ command: aTurn('turn-1', { prompt }), commandId: 'command-1', history: null, persona: null },
    ...{ constitutionVersion: null, recorded: false, ...changes },
    classifier: null,
  });
const answer = (record: AnyRecord, ...before: readonly AnyRecord[]) => given(...before).when(record);

describe('a trial', () => {
  it('has the verdict and its clauses, and leaves nothing behind', () => {
    const { records, state } = answer(asks('wool'), ...inForce);
    expect(records).toMatchObject([
      {
        type: 'TrialDecided',
        data: {
          ...{ trialId: 'trial-1', commandType: 'khipu.sessions.SubmitTurn', changes: [] },
          decision: { outcome: 'allow', reasons: ['PERMITTED'], constitutionVersion: '1' },
          features: [{ name: 'prompt_safety', value: 1 }, { name: 'capability_fit' }],
        },
      },
    ]);
    const untouched = given(...inForce).when(asks('wool', { constitutionVersion: '9' }));
    expect(state).toEqual(untouched.state);
  });

  it('of a denied prompt has a change that would reverse it', () => {
    expect(answer(asks('gold for all'), ...inForce).records).toMatchObject([
      {
        data: {
          decision: { outcome: 'deny', reasons: expect.arrayContaining(['MODERATION_GOLD']) },
          changes: [
            { input: 'prompt', what: 'remove what rule no-gold matches' },
            { input: 'prompt', what: 'cut the text to 3 characters' },
          ],
        },
      },
    ]);
  });

  it('looks up the persona of a new command, and takes that of a recorded one from its decision', () => {
    const start = (persona: string) => asks('', { command: aStart({ persona }) });
    expect(answer(start('teacher'), ...inForce).records).toMatchObject([{ data: { decision: { outcome: 'allow' } } }]);
    expect(answer(start('nobody'), ...inForce).records).toMatchObject([
      { data: { decision: { outcome: 'deny', reasons: ['PERSONA_UNKNOWN'] } } },
    ]);
    const recorded = { name: 'teacher', entryId: 'e', version: 0, instructions: '', temperature: 0 };
    const asked = asks('', { command: aStart({ persona: 'teacher' }), recorded: true, persona: recorded });
    expect(answer(asked, ...inForce).records).toMatchObject([
      { data: { decision: { outcome: 'deny', reasons: ['PERSONA_UNKNOWN'] } } },
    ]);
  });

  it('is decided by the named version, and refused when it is not published', () => {
    const asked = asks('wool', { constitutionVersion: '2' });
    expect(answer(asked, ...inForce, published('2')).records).toMatchObject([
      { data: { decision: { constitutionVersion: '2' } } },
    ]);
    expect(answer(asked, ...inForce).records).toMatchObject([
      { type: 'TrialRefused', data: { code: 'CONSTITUTION_UNKNOWN' } },
    ]);
  });

  it('of a new command is denied under a kill switch; that of a recorded one is explained by its constitution', () => {
    const stopped = [...inForce, aSwitch('global')];
    expect(answer(asks('wool'), ...stopped).records).toMatchObject([
      { data: { decision: { outcome: 'deny', reasons: ['KILL_SWITCH'], constitutionVersion: '' } } },
    ]);
    expect(answer(asks('wool', { recorded: true }), ...stopped).records).toMatchObject([
      { data: { decision: { outcome: 'allow' } } },
    ]);
  });

  it('takes the capability, and a governed command', () => {
    expect(answer(asks('wool', { capabilities: ['constitution:review'] }), ...inForce).records).toMatchObject([
      { type: 'TrialRefused', data: { code: 'CAPABILITY_MISSING' } },
    ]);
    expect(answer(asks('wool', { command: published('1') }), ...inForce).records).toMatchObject([
      { type: 'TrialRefused', data: { code: 'REQUEST_INVALID' } },
    ]);
  });

  it('without a verified constitution denies, as a decision would', () => {
    expect(answer(asks('wool')).records).toMatchObject([
      { data: { decision: { outcome: 'deny', reasons: ['CONSTITUTION_UNVERIFIED', 'CONSTITUTION_NOT_ACTIVATED'] } } },
    ]);
  });
});
