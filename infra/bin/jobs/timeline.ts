import { stepText } from '../../../schemas/contexts/jobs/step-name.ts';
import type { Schemas } from '../../client/api.ts';
import { isWait, stepRemark } from '../../client/job-steps.ts';
import { type Style, table } from '../show/style.ts';

type Job = Schemas['Job'];
type Step = Schemas['JobStepSummary'];

/** Characters of a bar. */
const BAR = 32;
const RUN = '█';
const WAIT = '░';

/** Returns a time span for people: `840 ms`, `12.3 s`, `4 min 5 s`, `3 h 20 min`, `2 d 1 h`. */
export function spanText(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const s = Math.round(ms / 1_000);
  if (s < 3_600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3_600)} h`;
}

const msOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));

interface Scale {
  readonly beginMs: number;
  readonly endMs: number;
}

/** Returns a bar from one time to another, at least one character wide, on a scale. */
function bar(fromMs: number, toMs: number, fill: string, { beginMs, endMs }: Scale): string {
  const per = BAR / Math.max(1, endMs - beginMs);
  const from = Math.min(BAR - 1, Math.max(0, Math.floor((fromMs - beginMs) * per)));
  const to = Math.min(BAR, Math.max(from + 1, Math.ceil((toMs - beginMs) * per)));
  return `${' '.repeat(from)}${fill.repeat(to - from)}${' '.repeat(BAR - to)}`;
}

function markOf({ status, attempts }: Step, style: Style): string {
  const times = (attempts ?? 1) > 1 ? ` ×${attempts}` : '';
  switch (status) {
    case 'completed':
      return style.good(`✓${times}`);
    case 'failed':
      return style.bad(`✗${times}`);
    case 'attempted':
      return style.bad(`↻${times}`);
    default:
      return `…${times}`;
  }
}

function stepRow(step: Step, scale: Scale, style: Style): readonly string[] {
  const { kind, started_at, ended_at } = step;
  const fromMs = msOf(started_at) ?? scale.beginMs;
  const toMs = msOf(ended_at) ?? scale.endMs;
  const drawn = bar(fromMs, toMs, isWait(step) ? WAIT : RUN, scale);
  const remark = stepRemark(step);
  return [kind, stepText(step), `▏${drawn}▕`, spanText(toMs - fromMs), markOf(step, style), style.dim(remark)];
}

const headOf = (job: Job, nowMs: number): string => {
  const began = msOf(job.created_at) ?? nowMs;
  const took = spanText((msOf(job.ended_at) ?? nowMs) - began);
  const verb = job.ended_at === null ? 'for' : 'after';
  return `${job.type} ${job.job_id}: ${job.status} ${verb} ${took}; run ${job.generation}, attempt ${job.attempt} of ${job.attempts_max}`;
};

const decisionText = ({ step, outcome, reasons, recorded_outcome: had }: Schemas['SimulatedDecision']): string =>
  `    ${step === null ? 'start' : stepText(step)}: ${outcome} ${reasons[0] ?? ''}; the record has ${had}`;

/** Returns what another constitution decides of a simulated job; nothing for one that runs. */
function simulationLines({ simulation }: Job, style: Style): readonly string[] {
  if (simulation === null) return [];
  const { constitution_version: version, constitution_digest: digest, decisions, differences } = simulation;
  const told = `${differences.length} of ${decisions} decisions differ`;
  return [
    `  ${style.bad('simulated')} under constitution ${version} (${digest}): ${told}`,
    ...differences.map(decisionText),
  ];
}

/**
 * Returns the timeline of a job: a line per step and wait with a bar from its beginning to its end, on the time from the
 * start of the job to its end, or to now. A solid bar is a step, a light one a wait; `×2` are attempts.
 */
export function timelineText(
  job: Job,
  children: readonly Schemas['JobSummary'][],
  style: Style,
  nowMs: number,
): string {
  const scale = { beginMs: msOf(job.created_at) ?? nowMs, endMs: msOf(job.ended_at) ?? nowMs };
  const fault = job.code === null ? [] : [`  ${style.bad(job.code)}${job.detail === null ? '' : `: ${job.detail}`}`];
  const { progress } = job;
  const percent = progress?.percent == null ? '' : `${Math.round(progress.percent)} % `;
  const shown = progress === null ? [] : [`  ${percent}${progress.message}`];
  const { forked_from: from } = job;
  const forked =
    from === null ? [] : [`  forked from ${from.job_id}${from.step === null ? '' : ` at ${stepText(from.step)}`}`];
  const simulated = simulationLines(job, style);
  const rows = job.steps.map((step) => stepRow(step, scale, style));
  const kin = children.map(({ job_id, type, status }) => `  child ${job_id} ${type}: ${status}`);
  return [
    style.title(headOf(job, nowMs)),
    ...forked,
    ...simulated,
    ...fault,
    ...shown,
    ...(rows.length === 0 ? [] : [table(rows)]),
    ...kin,
  ].join('\n');
}
