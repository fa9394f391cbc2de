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
  version: '1.3.0',
  digest: 'b56431738671f745ad00d69f33849829021cf9750c177cc6870e60bb4bdf80ae',
};

export const shadowDifferences: Schemas['ShadowDifferences'] = {
  items: [
    {
      ...{ decision_id: 'd1', command_type: 'khipu.sessions.StartSession' },
      subject_id: '5b0f4a52-77a0-5c19-9d7e-0c6a5f3c2b11',
      active: { version: '1.2.0', outcome: 'allow', reasons: ['PERMITTED'] },
      shadow: {
        ...{ version: shadow.version, outcome: 'deny', reasons: ['SCORE_BELOW_THRESHOLD'] },
        ...{ score: 0.735, clauses: ['score'] },
      },
      at: '2026-01-01T10:00:00.000Z',
    },
  ],
};

export const diff: Schemas['ConstitutionDiff'] = {
  ...{ version: '1.3.0', against: '1.2.0' },
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
  findings: [
    { rule: 'secrets-exfiltration', category: 'MODERATION_SECRETS', outcome: 'forbid', score: 1, place: 'input' },
    { rule: 'email-address', category: 'personal_data', outcome: 'label', score: 1, place: 'input' },
  ],
  decision: {
    ...{ decision_id: 'd2', outcome: 'deny', score: 0.62, threshold: 0.75 },
    ...{ reasons: ['MODERATION_SECRETS', 'SCORE_BELOW_THRESHOLD'] },
    clauses: ['moderation:secrets-exfiltration', 'score'],
    constitution: { version: '1.2.0', digest: '4b0bf72fe21553c2a04693caf4de5d24b6ea089f19f58d57a12f7d31f15c7cce' },
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

const jobAt = (second: number): string => new Date(Date.UTC(2026, 0, 1, 10, 0, second)).toISOString();

const step = (more: Partial<Schemas['JobStep']>): Schemas['JobStep'] => ({
  ...{ path: '', name: 'model', nth: 1, kind: 'step', status: 'completed', attempts: 1, generation: 1, code: null },
  ...{
    detail: null,
    waits_for: null,
    output_bytes: 60,
    output: null,
    output_content: null,
    started_at: jobAt(0),
    ended_at: jobAt(2),
  },
  ...more,
});

const jobSteps: readonly Schemas['JobStep'][] = [
  step({ name: 'load the orders', attempts: 3 }),
  step({
    ...{ path: 'left', kind: 'model', started_at: jobAt(2), ended_at: jobAt(5) },
    output: {
      text: 'A knot.',
      model: 'khipu-deterministic-1',
      finish_reason: 'stop',
      tokens: { prompt: 12, completion: 3 },
    },
  }),
  step({
    ...{ path: 'right', name: 'send the letters', status: 'attempted', attempts: 2, code: 'MAIL_BUSY' },
    ...{ detail: 'The mail server is busy', started_at: jobAt(2), ended_at: jobAt(4) },
  }),
  step({
    ...{ name: 'approved', kind: 'signal', status: 'waiting', started_at: jobAt(5), ended_at: null },
    waits_for: { until: null, signal: 'approved', child_type: null },
  }),
  step({
    ...{ name: 'invoice', kind: 'child', status: 'waiting', started_at: jobAt(5), ended_at: null },
    waits_for: { until: null, signal: null, child_type: 'orders.invoice' },
  }),
];

/** Id of a job that a page shows whole: it waits for a person and for another job, and a step of it has failed twice. */
export const jobId = '3f0c6c1e-8f1b-5c52-9a46-6a3a4a0f9d11';

const summary: Schemas['JobSummary'] = {
  ...{ job_id: jobId, type: 'orders.monthly', version: 2, status: 'waiting', lane: 'standard', tags: ['customer-42'] },
  ...{
    schedule_id: null,
    batch: null,
    due_at: null,
    simulated: false,
    constitution_digest: null,
    principal: 'user:ana',
    parent_id: null,
    generation: 2,
    attempt: 1,
    attempts_max: 5,
    code: null,
    detail: null,
  },
  progress: { percent: 40, message: '2 of 5 letters', at: jobAt(4) },
  ...{ run_at: null, next_run_at: null, deadline: jobAt(59), created_at: jobAt(0), started_at: jobAt(0) },
  ...{ ended_at: null, updated_at: jobAt(5) },
};

const child: Schemas['JobSummary'] = {
  ...summary,
  ...{ job_id: '9c4a2f7b-1d0e-5b36-8e55-2b7d1c9f0a22', type: 'orders.invoice', status: 'dead', parent_id: jobId },
  ...{ code: 'MAIL_BUSY', detail: 'The mail server is busy', progress: null, tags: [], deadline: null, attempt: 5 },
};

export const job: Schemas['Job'] = {
  ...summary,
  ...{ input: { month: '2026-01' }, input_content: null, result: null, result_content: null },
  ...{ as_of: null, forked_from: null, simulation: null },
  steps: jobSteps.map(({ output: _, output_content: __, ...shown }) => shown),
};
export const jobStepPage: Schemas['JobStepPage'] = { items: [...jobSteps], next_cursor: null };
export const jobPage: Schemas['JobPage'] = { items: [summary, child], next_cursor: null };
export const childPage: Schemas['JobPage'] = { items: [child], next_cursor: null };

export const jobTypes: Schemas['JobTypeList'] = {
  items: [
    {
      ...{ type: 'orders.monthly', version: 2, title: 'Writes to every customer of a month', queue: 'orders' },
      ...{ input_schema: { type: 'object' }, output_schema: {}, registered_at: jobAt(0) },
      retry: { attempts_max: 5, first_delay_ms: 1_000, delay_max_ms: 300_000 },
      limits: null,
    },
  ],
};

const scheduleSummary: Schemas['ScheduleSummary'] = {
  ...{ schedule_id: 'letters-of-the-month', status: 'active', version: 3, type: 'orders.monthly' },
  ...{ cron: '0 6 1 * *', interval_ms: null, time_zone: 'Europe/Berlin', overlap: 'buffer_one' },
  ...{ note: 'Letters to all customers', principal: 'user:ana', next_due_at: '2026-02-01T05:00:00.000Z', waiting: 0 },
  ...{ pause: null, created_at: jobAt(0), updated_at: jobAt(0) },
};

export const schedule: Schemas['Schedule'] = {
  ...scheduleSummary,
  job: {
    ...{ type: 'orders.monthly', input: { month: 'last' }, lane: 'batch', concurrency_key: null, retry: null },
    ...{ deadline_ms: 3_600_000, tags: ['letters'] },
  },
  ...{ anchor: jobAt(0), catch_up_ms: 3_600_000, jitter_ms: 60_000, starts_at: null, ends_at: null, max_runs: null },
  ...{ paused: false, labels: [], next_due_times: ['2026-02-01T05:00:00.000Z', '2026-03-01T05:00:00.000Z'] },
  runs: [
    {
      ...{ run_id: 'letters-of-the-month/2', due_at: jobAt(0), status: 'running', reason: 'due', job_id: jobId },
      ...{ code: null, until: null, fired_at: jobAt(0), ended_at: null },
    },
    {
      ...{ run_id: 'letters-of-the-month/1', due_at: '2025-12-01T05:00:00.000Z', status: 'skipped', reason: 'paused' },
      ...{ job_id: null, code: null, until: null, fired_at: null, ended_at: null },
    },
  ],
};
export const schedulePage: Schemas['SchedulePage'] = { items: [scheduleSummary], next_cursor: null };
