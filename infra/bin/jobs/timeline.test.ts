import { expect, test } from 'vitest';
import type { Schemas } from '../../client/api.ts';
import { styleOf } from '../show/style.ts';
import { spanText, timelineText } from './timeline.ts';

const plain = styleOf(process.stdout, { NO_COLOR: '1' });
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

const step = (more: Partial<Schemas['JobStepSummary']>): Schemas['JobStepSummary'] => ({
  ...{ path: '', name: 'fetch', nth: 1, kind: 'step', status: 'completed', attempts: 1, generation: 1, code: null },
  ...{ detail: null, waits_for: null, output_bytes: 2, started_at: at(0), ended_at: at(8) },
  ...more,
});

const job = (more: Partial<Schemas['Job']> = {}): Schemas['Job'] => ({
  ...{ job_id: 'j', type: 'report', version: 1, status: 'waiting', lane: 'standard', tags: [], principal: 'p' },
  ...{ parent_id: null, schedule_id: null, batch: null, due_at: null, generation: 2, attempt: 1, attempts_max: 5 },
  ...{ code: null, detail: null, run_at: null },
  progress: { percent: 40, message: '2 of 5', at: at(8) },
  ...{ next_run_at: null, deadline: null, created_at: at(0), started_at: at(0), ended_at: null, updated_at: at(8) },
  ...{ input: {}, input_content: null, result: null, result_content: null, as_of: null, forked_from: null },
  ...{ simulated: false, constitution_digest: null, simulation: null },
  steps: [
    step({ attempts: 2 }),
    step({
      path: 'left',
      name: 'send',
      nth: 2,
      status: 'failed',
      code: 'BUSY',
      detail: 'try later',
      started_at: at(8),
      ended_at: at(16),
    }),
    step({
      ...{ name: 'approved', kind: 'signal', status: 'waiting', started_at: at(16), ended_at: null },
      waits_for: { until: null, signal: 'approved', child_type: null },
    }),
  ],
  ...more,
});

test('a timeline has a bar per step and wait, with attempts, reasons and what it waits for', () => {
  const child = { job_id: 'c', type: 'page', status: 'running' } as Schemas['JobSummary'];
  const lines = timelineText(job(), [child], plain, Date.parse(at(32))).split('\n');
  expect(lines[0]).toBe('report j: waiting for 32.0 s; run 2, attempt 1 of 5');
  expect(lines[1]).toBe('  40 % 2 of 5');
  expect(lines[2]).toMatch(/^ {2}step +fetch +▏█{8} {24}▕ +8\.0 s +✓ ×2/);
  expect(lines[3]).toMatch(/left\/send#2 +▏ {8}█{8} {16}▕ +8\.0 s +✗ +BUSY: try later$/);
  expect(lines[4]).toMatch(/^ {2}signal +approved +▏ {16}░{16}▕ +16\.0 s +… +for signal approved$/);
  expect(lines[5]).toBe('  child c page: running');
});

test('a job that has ended shows its code, and every bar is at least one character wide', () => {
  const failed = job({ status: 'failed', code: 'BROKEN', detail: 'it broke', ended_at: at(3_600), progress: null });
  const lines = timelineText(failed, [], plain, 0).split('\n');
  expect(lines.slice(0, 2)).toEqual(['report j: failed after 1 h 0 min; run 2, attempt 1 of 5', '  BROKEN: it broke']);
  expect(lines[2]).toMatch(/▏█ {31}▕/);
});

test('a fork shows the job and the step that it comes from', () => {
  const from = (step: Schemas['Job']['forked_from']) => timelineText(job({ forked_from: step }), [], plain, 0);
  expect(from({ job_id: 'a', step: { path: 'left/1', name: 'send', nth: 2 } })).toContain(
    '\n  forked from a at left/1/send#2\n',
  );
  expect(from({ job_id: 'a', step: null })).toContain('\n  forked from a\n');
});

test('time spans are short', () => {
  const spans = [0, 999, 1_500, 65_000, 3_720_000, 180_000_000].map(spanText);
  expect(spans).toEqual(['0 ms', '999 ms', '1.5 s', '1 min 5 s', '1 h 2 min', '2 d 2 h']);
});

test('a simulated job shows its constitution, and the decisions that differ', () => {
  const difference = {
    ...{
      step: { path: '', name: 'model', nth: 2 },
      kind: 'model',
      outcome: 'deny',
      code: 'POLICY_DENIED',
      detail: 'no',
    },
    ...{ reasons: ['MODEL_NOT_ALLOWED'], clauses: ['models'], recorded_outcome: 'allow', decision_id: 'd' },
  };
  const simulation = { constitution_version: '2', constitution_digest: 'abc', source_id: 's', decisions: 3 };
  const simulated = job({
    ...{ simulated: true, constitution_digest: 'abc', simulation: { ...simulation, differences: [difference] } },
  });
  expect(timelineText(simulated, [], plain, 0).split('\n').slice(1, 3)).toEqual([
    '  simulated under constitution 2 (abc): 1 of 3 decisions differ',
    '    model#2: deny MODEL_NOT_ALLOWED; the record has allow',
  ]);
});
