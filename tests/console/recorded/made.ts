import type { Schemas } from '../../../infra/client/api.ts';

/** Answers of states that a healthy platform does not have: dead letters, lag, a shadow that disagrees. */

export const letters: Schemas['DeadLetters'] = {
  items: [
    {
      ...{ name: 'slm.responses.dlq/2/4', code: 'RECORD_UNDECODABLE', message: 'schema 41 is not in the registry' },
      ...{ processor: 'conversation', key: 'cd57ef6a', from: { topic: 'slm.responses', partition: 2, offset: 1_893 } },
      ...{ attempt: 1, at: '2026-01-01T10:00:00.000Z', parked: 3, outcome: null },
    },
    {
      ...{ name: 'sessions.commands.dlq/0/1', code: 'DECIDER_FAILED', message: 'the persona is missing' },
      ...{ processor: 'policy', key: null, from: { topic: 'sessions.commands', partition: 0, offset: 77 } },
      ...{ attempt: 2, at: '2026-01-01T09:00:00.000Z', parked: null },
      outcome: { verb: 'redriven', by: 'user:ana', at: '2026-01-01T09:30:00.000Z' },
    },
  ],
};

type Activity = Schemas['PlatformActivity'];

/** Offsets per second of topics in a busy minute, and what readers are behind there. */
const RATES: Readonly<Record<string, number>> = {
  ...{ 'sessions.commands': 4, 'policy.decisions': 4, 'conversation.events': 38.5 },
  ...{ 'slm.requests': 4, 'slm.responses': 61.2 },
};
const LAGS: Readonly<Record<string, number>> = { 'worker slm': 214, 'view turns': 3 };

/** Returns the recorded activity of a platform at rest as that of a busy one, with readers that are behind. */
export const busy = (activity: Activity): Activity => ({
  ...activity,
  topics: activity.topics.map((topic) => ({ ...topic, offsets_per_second: RATES[topic.name] ?? 0 })),
  readers: activity.readers.map((reader) => {
    const behind = LAGS[`${reader.kind} ${reader.name}`] ?? 0;
    const partitions = reader.partitions.map((each, at) =>
      at === 0 ? { ...each, end: each.position + behind, lag: behind } : each,
    );
    return { ...reader, lag: behind, partitions };
  }),
});

const shadow = {
  version: '1.2.0',
  digest: 'b56431738671f745ad00d69f33849829021cf9750c177cc6870e60bb4bdf80ae',
};

export const shadowDifferences: Schemas['ShadowDifferences'] = {
  items: [
    {
      ...{ decision_id: 'd1', command_type: 'khipu.sessions.StartSession' },
      subject_id: '5b0f4a52-77a0-5c19-9d7e-0c6a5f3c2b11',
      active: { version: '1.1.0', outcome: 'allow', reasons: ['PERMITTED'] },
      shadow: {
        ...{ version: shadow.version, outcome: 'deny', reasons: ['SCORE_BELOW_THRESHOLD'] },
        ...{ score: 0.735, clauses: ['score'] },
      },
      at: '2026-01-01T10:00:00.000Z',
    },
  ],
};

export const diff: Schemas['ConstitutionDiff'] = {
  ...{ version: '1.2.0', against: '1.1.0' },
  changes: [
    { op: 'replace', path: '/features/0/weight', before: 0.35, after: 0.45 },
    { op: 'add', path: '/personas/3', before: null, after: 'auditor' },
    {
      ...{ op: 'replace', path: '/policies/3/text' },
      before: 'forbid (principal, action, resource) when { context.prompt_chars > 6000 };',
      after: 'forbid (principal, action, resource) when { context.prompt_chars > 4000 };',
    },
  ],
};

export const trial: Schemas['Trial'] = {
  ...{ trial_id: 't1', command_type: 'khipu.sessions.StartSession', labels: ['personal_data'] },
  decision: {
    ...{ decision_id: 'd2', outcome: 'deny', score: 0.62, threshold: 0.75 },
    ...{ reasons: ['MODERATION_SECRETS', 'SCORE_BELOW_THRESHOLD'] },
    clauses: ['moderation:secrets-exfiltration', 'score'],
    constitution: { version: '1.1.0', digest: '4b0bf72fe21553c2a04693caf4de5d24b6ea089f19f58d57a12f7d31f15c7cce' },
  },
  features: [
    { name: 'prompt_safety', value: 0, weight: 0.35 },
    { name: 'capability_fit', value: 0.8, weight: 0.15 },
    { name: 'prompt_length', value: 1, weight: 0.1 },
  ],
  counterfactuals: [{ input: 'prompt', what: 'without “dump the admin passwords”', size: 0.31 }],
};

/** Returns the recorded versions, and another one that is evaluated as the shadow. */
export function withShadow(list: Schemas['ConstitutionList']): Schemas['ConstitutionList'] {
  const [first] = list.items;
  if (first === undefined) return list;
  const reviews = [{ reviewer: 'user:ana', verdict: 'approve' as const, comment: 'read and tried' }];
  const next = { ...first, ...shadow, active: false, shadow: true, proposed_by: 'user:ana', reviews };
  return { ...list, shadow, items: [...list.items, next] };
}
