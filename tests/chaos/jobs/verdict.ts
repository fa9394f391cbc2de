import type { RecordDecoder } from '../../../infra/kafka/decode.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { topics } from '../../../schemas/topics.ts';
import type { Frozen } from '../faults/member-processes.ts';
import type { Ran } from './load.ts';

/** A line of the file that the jobs write: the beginning of a run (`step` is empty), or an effect. */
export interface Line {
  readonly jobId: string;
  readonly run: string;
  readonly pid: number;
  readonly step: string;
  readonly value: string;
  readonly timeMs: number;
}

/** What the log has about the jobs. */
export interface Recorded {
  /** Times at which the result of a step was recorded, in ms, by job and step. More than one is an error. */
  readonly completed: ReadonlyMap<string, readonly number[]>;
  /** Children by their parent. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Jobs that were accepted, and their ends. */
  readonly accepted: ReadonlySet<string>;
  readonly ended: ReadonlyMap<string, number>;
}

export interface JobsVerdict {
  readonly ok: boolean;
  /** Problems by kind, each with some examples. */
  readonly problems: Readonly<Record<string, readonly string[]>>;
  readonly jobs: number;
  readonly children: number;
  readonly steps: number;
  /** Effects whose result was never recorded: their process died or was cut off. */
  readonly unrecorded: number;
  /** Steps that a process ran again which had been stopped, before it knew that the job was no longer its own. */
  readonly byZombies: number;
}

/** A process that was stopped notices within this time that its partitions have another owner, in ms. */
const ZOMBIE_MS = 20_000;
const STEPS = ['before', 'left', 'right', 'slept', 'retried', 'after'] as const;

export const linesOf = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [jobId = '', run = '', pid = '', step = '', value = '', timeMs = ''] = line.split('\t');
      return { jobId, run, pid: Number(pid), step, value, timeMs: Number(timeMs) };
    });

const push = <V>(map: Map<string, V[]>, key: string, value: V): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
};

/** Reads the life of all jobs from the log. */
export async function recordedIn(log: Log, decoder: RecordDecoder): Promise<Recorded> {
  const completed = new Map<string, number[]>();
  const children = new Map<string, string[]>();
  const accepted = new Set<string>();
  const ended = new Map<string, number>();
  const marks = await log.watermarks([topics.jobsEvents.name]);
  await log.readTo({
    from: marks.map(({ topic, partition, low }) => ({ topic, partition, offset: low })),
    onBatch: async ({ records }) => {
      for (const stored of records) {
        const { record } = await decoder.decode(stored);
        if (record.type === 'JobAccepted') {
          accepted.add(record.data.jobId);
          if (record.data.parentId !== null) push(children, record.data.parentId, record.data.jobId);
        } else if (record.type === 'JobStepCompleted' && record.data.kind === 'step')
          push(completed, `${record.data.jobId} ${record.data.name}`, stored.timestampMs);
        else if (record.type === 'JobCompleted') ended.set(record.data.jobId, (ended.get(record.data.jobId) ?? 0) + 1);
      }
    },
  });
  return { completed, children, accepted, ended };
}

/** Compares what the jobs answered with what they did and what the log has. */
export function verdictOn(
  ran: readonly Ran[],
  lines: readonly Line[],
  recorded: Recorded,
  frozen: readonly Frozen[],
): JobsVerdict {
  const problems: Record<string, string[]> = {};
  const problem = (kind: string, detail: string): void => {
    problems[kind] = [...(problems[kind] ?? []), detail];
  };
  const begun = new Map(lines.filter(({ step }) => step === '').map(({ run, timeMs }) => [run, timeMs]));
  const effects = new Map(lines.filter(({ step }) => step !== '').map((line) => [line.value, line]));
  const counted = new Set<string>();
  const steps = (jobId: string, names: readonly string[], values: Readonly<Record<string, string>>): void => {
    for (const name of names) {
      const effect = effects.get(values[name] ?? '');
      counted.add(values[name] ?? '');
      if (effect === undefined || effect.jobId !== jobId || effect.step !== name)
        problem('a result that no step of the job returned', `${jobId} ${name}`);
      const times = recorded.completed.get(`${jobId} ${name}`)?.length ?? 0;
      if (times !== 1) problem(times === 0 ? 'a lost result' : 'a doubled result', `${jobId} ${name}: ${times}`);
    }
  };

  for (const { jobId, signal, output, ended } of ran) {
    if (output === null) {
      problem('a job without a result', `${jobId} ${ended}`);
      continue;
    }
    if (recorded.ended.get(jobId) !== 1) problem('an end that is not there once', jobId);
    if (output.signal !== signal) problem('another signal', jobId);
    steps(jobId, STEPS, output.steps);
    const children = recorded.children.get(jobId) ?? [];
    if (children.length !== 1) problem('children that are not one', `${jobId}: ${children.length}`);
    for (const child of children) {
      steps(child, ['part'], output.steps);
      if (recorded.ended.get(child) !== 1) problem('an end that is not there once', child);
    }
  }
  for (const jobId of recorded.accepted)
    if (!recorded.ended.has(jobId)) problem('a job that was accepted and did not end', jobId);

  let byZombies = 0;
  for (const { jobId, run, pid, step } of effects.values()) {
    const recordedMs = recorded.completed.get(`${jobId} ${step}`)?.[0] ?? Number.POSITIVE_INFINITY;
    const begunMs = begun.get(run) ?? 0;
    if (begunMs <= recordedMs) continue;
    if (frozen.some((span) => span.pid === pid && begunMs - span.toMs < ZOMBIE_MS && begunMs >= span.toMs - 1))
      byZombies += 1;
    else problem('a finished step that a later run ran again', `${jobId} ${step}: run ${run} of process ${pid}`);
  }
  const children = [...recorded.children.values()].reduce((sum, list) => sum + list.length, 0);
  return {
    ok: Object.keys(problems).length === 0,
    problems: Object.fromEntries(
      Object.entries(problems).map(([kind, all]) => [`${kind} (${all.length})`, all.slice(0, 5)]),
    ),
    ...{ jobs: ran.length, children, steps: counted.size, byZombies },
    unrecorded: [...effects.keys()].filter((value) => !counted.has(value)).length,
  };
}
