import type {
  ConstitutionDiff,
  DeadLetter,
  PolicyTrial,
  SessionTrace,
  ShadowDifferences,
  TopologyActivity,
  TopologyBody,
} from '../../../gateways/console/app/api/console-paths.ts';
import type { Schemas } from '../../../infra/client/api.ts';

/** Answers of states that a healthy platform does not have: dead letters, lag, a shadow that disagrees. */

export const letters: { items: DeadLetter[] } = {
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

const topic = (name: string, kind: string) => ({ name, kind, records: [], partitions: 6 });

export const topology: TopologyBody = {
  topics: [
    ...[topic('sessions.commands', 'commands'), topic('policy.decisions', 'decisions'), topic('policy.state', 'state')],
    ...[topic('conversation.events', 'events'), topic('slm.requests', 'commands'), topic('slm.responses', 'events')],
  ],
  readers: [
    { name: 'gateway', kind: 'gateway', topology: null, reads: ['conversation.events'], writes: ['sessions.commands'] },
    {
      ...{ name: 'policy', kind: 'processor', topology: 'core' },
      ...{ reads: ['sessions.commands', 'policy.state'], writes: ['policy.decisions', 'policy.state'] },
    },
    {
      ...{ name: 'conversation', kind: 'processor', topology: 'core', reads: ['policy.decisions', 'slm.responses'] },
      writes: ['conversation.events', 'slm.requests'],
    },
    { name: 'slm', kind: 'worker', topology: null, reads: ['slm.requests'], writes: ['slm.responses'] },
    { name: 'turns', kind: 'view', topology: null, reads: ['conversation.events'], writes: [] },
  ],
};

const rate = (name: string, perSecond: number, deadLetters = 0) => ({
  ...{ name, partitions: 6, offsets: 12_000, offsets_per_second: perSecond, dead_letters: deadLetters },
});
const lag = (name: string, kind: string, topicName: string, behind: number) => ({
  ...{ name, kind, lag: behind },
  partitions: [{ topic: topicName, partition: 0, position: 12_000 - behind, end: 12_000, lag: behind }],
});

export const activity: TopologyActivity = {
  ...{ at: '2026-01-01T10:00:00.000Z', watched_ms: 2_000 },
  topics: [
    ...[rate('sessions.commands', 4), rate('policy.decisions', 4), rate('policy.state', 4)],
    ...[rate('conversation.events', 38.5), rate('slm.requests', 4), rate('slm.responses', 61.2, 1)],
  ],
  readers: [
    ...[lag('policy', 'processor', 'sessions.commands', 0), lag('conversation', 'processor', 'slm.responses', 0)],
    ...[lag('slm', 'worker', 'slm.requests', 214), lag('turns', 'view', 'conversation.events', 3)],
  ],
};

export const shadowDifferences: ShadowDifferences = {
  shadow: { version: '1.2.0', digest: 'b56431738671f745ad00d69f33849829021cf9750c177cc6870e60bb4bdf80ae' },
  items: [
    {
      ...{ decision_id: 'd1', command_type: 'khipu.sessions.StartSession', session_id: null },
      active: { version: '1.1.0', outcome: 'allow', reasons: ['PERMITTED'], score: 0.795 },
      shadow: { version: '1.2.0', outcome: 'deny', reasons: ['SCORE_BELOW_THRESHOLD'], score: 0.735 },
      at: '2026-01-01T10:00:00.000Z',
    },
  ],
};

export const diff: ConstitutionDiff = {
  ...{ version: '1.2.0', against: '1.1.0' },
  changes: [
    { op: 'replace', path: '/features/0/weight', before: 0.35, after: 0.45 },
    { op: 'add', path: '/personas/3', after: 'auditor' },
    {
      ...{ op: 'replace', path: '/policies/3/text' },
      before: 'forbid (principal, action, resource) when { context.prompt_chars > 6000 };',
      after: 'forbid (principal, action, resource) when { context.prompt_chars > 4000 };',
    },
  ],
};

export const trial: PolicyTrial = {
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
  counterfactuals: [{ what: 'without “dump the admin passwords”', size: 0.31 }],
};

/** Returns the trace of a session without commands of its own. */
export const trace = (rows: Record<string, number>): SessionTrace => ({ chains: [], rows, complete: true });

/** Returns the recorded versions, and another one that is evaluated as the shadow. */
export function withShadow(list: Schemas['ConstitutionList']): Schemas['ConstitutionList'] {
  const { shadow } = shadowDifferences;
  const [first] = list.items;
  if (first === undefined || shadow === null) return list;
  const reviews = [{ reviewer: 'user:ana', verdict: 'approve' as const, comment: 'read and tried' }];
  const next = { ...first, ...shadow, active: false, shadow: true, proposed_by: 'user:ana', reviews };
  return { ...list, shadow, items: [...list.items, next] };
}
