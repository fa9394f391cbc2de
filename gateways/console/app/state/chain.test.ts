import { describe, expect, it } from 'vitest';
import type { Schemas } from '../../../../infra/client/api.ts';
import { chainsOf, contributionsOf, decisionsOf } from './chain.ts';

type Audit = Schemas['Audit'];

const audit = (over: Partial<Audit>): Audit => ({
  ...{ audit_id: 'a', subject_id: 's', event_id: 'e', event_type: 'khipu.sessions.SessionStarted' },
  ...{ topic: 'sessions.events', partition: 1, offset: 0, correlation_id: 'c1', causation_id: 'c1' },
  ...{ at: '2026-01-01T00:00:00.000Z', appended_at: '2026-01-01T00:00:00.004Z', value_sha256: '', summary: '' },
  ...over,
});

describe('chains of records', () => {
  it('begin with their command, in the order of the log', () => {
    const chains = chainsOf([
      audit({ event_id: 'late', correlation_id: 'c2', at: '2026-01-01T00:01:00.000Z' }),
      audit({ event_id: 'first' }),
      audit({ event_id: 'second', at: '2026-01-01T00:00:00.250Z', topic: 'conversation.events' }),
    ]);
    expect(chains.map(({ commandId, steps }) => [commandId, steps.map(({ id }) => id)])).toEqual([
      ['c1', ['first', 'second']],
      ['c2', ['late']],
    ]);
    expect(chains[0]?.steps[1]).toMatchObject({ afterMs: 250, context: 'conversation', decideUs: null, data: null });
  });

  it('show a record behind its cause, also when the audit has them the other way around', () => {
    const effect = audit({ event_id: 'effect', causation_id: 'cause' });
    const chains = chainsOf([effect, audit({ event_id: 'cause', causation_id: 'c1' })]);
    expect(chains[0]?.steps.map(({ id }) => id)).toEqual(['cause', 'effect']);
  });

  it('have the time that a processor took, where its record says so', () => {
    const event = { stream_version: 1, data: { persona: 'guide' }, metadata: { ce_decidelatencyus: '350' } };
    expect(chainsOf([audit({ event })])[0]?.steps[0]).toMatchObject({ decideUs: 350, data: { persona: 'guide' } });
  });
});

describe('decisions', () => {
  const data = {
    ...{ command_type: 'khipu.sessions.StartSession', labels: ['personal_data'] },
    features: [{ name: 'prompt_safety', value: 0.5, weight: 0.35 }],
    decision: {
      ...{ decision_id: 'd', outcome: 'deny', score: 0.4, threshold: 0.75, reasons: ['SCORE_TOO_LOW'] },
      ...{ clauses: ['score'], constitution_version: '1.1.0', constitution_digest: 'f' },
    },
  };

  it('are read from their records', () => {
    const items = [
      audit({ event_type: 'khipu.policy.PolicyDecided', event: { stream_version: 1, data, metadata: {} } }),
      audit({ event_type: 'khipu.policy.PolicyDecided', event: null }),
      audit({}),
    ];
    expect(decisionsOf(items)).toEqual([
      expect.objectContaining({ id: 'd', outcome: 'deny', score: 0.4, version: '1.1.0', labels: ['personal_data'] }),
    ]);
  });

  it('show what each feature gives, the heaviest first', () => {
    const features = [
      { name: 'b', value: 1, weight: 0.1 },
      { name: 'a', value: 0.5, weight: 0.35 },
      { name: 'c', value: 0, weight: 0.1 },
    ];
    expect(contributionsOf(features).map(({ name, given }) => [name, given])).toEqual([
      ['a', 0.175],
      ['b', 0.1],
      ['c', 0],
    ]);
  });
});
