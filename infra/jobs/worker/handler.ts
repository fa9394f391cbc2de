import type { JobRunOutcome } from '../../../schemas/contexts/jobs.ts';
import { switchesOver } from '../../../schemas/contexts/kill-switch.ts';
import {
  endJobRun,
  type JobEntry,
  type KillSwitchMode,
  type RunJob,
  recordJobProgress,
  recordJobStep,
  recordJobWait,
  type StopJobRun,
} from '../../../schemas/generated/records.ts';
import { type AnyRecord, assertNever, type RecordOf, type WorkContext } from '../../../streams/kernel.ts';
import { aborted } from '../../kit/aborted.ts';
import type { Clock } from '../../kit/clock.ts';
import { messageOf } from '../../kit/errors.ts';
import { StoppedByKillSwitch, type Switches, watchSwitches } from '../../runner/kill-switches.ts';
import type { Report, RunEnd, RunGiven } from '../engine/contract.ts';
import { execute } from '../engine/execute.ts';
import { type PayloadFiles, payloadsIn } from '../files/payloads.ts';
import type { AnyJob } from '../sdk/job.ts';
import { ActiveRuns } from './active-runs.ts';
import type { JobMetrics } from './metrics.ts';
import { Pages } from './pages.ts';

export type JobWork = RecordOf<'RunJob' | 'LoadJobEntries' | 'StopJobRun'>;

/** Longest wait of a run for its journal, in ms: both are written in one transaction. */
export const PAGES_MS_MAX = 30_000;
/** The same when an earlier owner may have read the journal: then it does not come again. */
export const INHERITED_PAGES_MS_MAX = 2_000;

export interface JobRunnerOptions {
  /** Only runs of this queue are run. */
  readonly queue: string;
  readonly jobs: readonly AnyJob[];
  readonly switches: Switches;
  /** Where payloads above 64 KiB are. */
  readonly files: PayloadFiles;
  readonly clock: Clock;
  readonly metrics: JobMetrics;
}

/** Runs the work of one queue. */
export interface JobRunner {
  /** Runs one record: a run to its end, a page, a request to end a run. Rejects only when the run was aborted or fenced. */
  handle(record: JobWork, context: WorkContext): Promise<void>;
  /** Reports a run that is not begun again as lost. */
  abandon(record: JobWork, context: WorkContext, error: unknown): Promise<void>;
}

type End = Omit<RunEnd, 'outcome' | 'reports'> & { readonly outcome: JobRunOutcome };
const NOTHING = { output: null, code: null, detail: null, retryable: true } as const;

/** Returns the handler of a job-runner worker. */
export function createJobRunner({ queue, jobs, switches, files, clock, metrics }: JobRunnerOptions): JobRunner {
  const known = new Map(jobs.map((job) => [job.name, job]));
  const pages = new Pages(clock);
  const active = new ActiveRuns();

  const finish = (
    { data: { jobId, generation, type } }: RecordOf<'RunJob'>,
    context: WorkContext,
    end: End,
    reports: readonly Report[] = [],
  ) => {
    metrics.runs.inc({ type, outcome: end.outcome });
    const { outcome, output, code, detail, retryable } = end;
    context.end(
      ...reports.map((report) => recordOf({ jobId, generation }, report)),
      endJobRun({ jobId, generation, outcome, output, code, detail, retryable }),
    );
  };

  async function runJob(record: RecordOf<'RunJob'>, context: WorkContext): Promise<void> {
    const { data } = record;
    // What an earlier attempt has recorded is not in the journal that came with this record: another run will have it.
    // The first record that a run commits counts the attempt in its transaction.
    if (context.attempt > 1) return finish(record, context, { ...NOTHING, outcome: 'lost' });
    const timeoutMs = context.inherited ? INHERITED_PAGES_MS_MAX : PAGES_MS_MAX;
    const parts = await pages.take(data, timeoutMs, context.signal);
    context.signal.throwIfAborted();
    if (parts === null) return finish(record, context, { ...NOTHING, outcome: 'lost' });
    const job = known.get(data.type);
    const unknown = unknownOf(data, job);
    if (job === undefined || unknown !== null)
      return finish(record, context, { ...NOTHING, outcome: 'failed', ...unknown });
    await Promise.race([switches.ready, aborted(context.signal)]);
    context.signal.throwIfAborted();
    const { jobId, generation, input, isBatch, type } = data;
    const { entries, simulation } = journalIn(data, parts);
    const watch = watchJob(switches, context.meta.tenantId, type);
    const held = watch.stopped();
    if (held !== undefined) {
      watch.end();
      return finish(record, context, suspendedBy(held));
    }
    const run = active.begin(jobId, generation);
    const began = clock.now();
    metrics.queueSeconds.observe({ type }, Math.max(0, began - context.meta.timeMs) / 1_000);
    try {
      const { reports, ...end } = await execute(
        job,
        { jobId, tenantId: context.meta.tenantId, generation, input, isBatch, entries, simulation },
        {
          clock,
          payloads: payloadsIn(files, context.meta.tenantId),
          stop: AbortSignal.any([context.signal, run.stop.signal, watch.stop]),
          finishSteps: AbortSignal.any([run.finishSteps.signal, watch.finishSteps]),
          commit: async (committed) => {
            for (const report of committed)
              if (report.kind === 'entry' && report.entry.kind === 'step' && simulation === null)
                metrics.steps.inc({ type, outcome: report.entry.outcome });
            await context.commit(...committed.map((report) => recordOf(data, report)));
          },
        },
      );
      context.signal.throwIfAborted();
      const stopped = end.outcome === 'stopped' ? watch.stopped() : undefined;
      finish(record, context, stopped === undefined ? end : suspendedBy(stopped), reports);
    } finally {
      watch.end();
      metrics.seconds.observe({ type }, (clock.now() - began) / 1_000);
      active.end(jobId, generation);
    }
  }

  return {
    async handle(record, context) {
      switch (record.type) {
        case 'LoadJobEntries':
          return pages.add(record.data);
        case 'StopJobRun':
          return active.stop(record.data.jobId, record.data.generation, modeOf(record.data));
        case 'RunJob':
          if (record.data.queue === queue) return runJob(record, context);
          return pages.forget(record.data.jobId, record.data.generation);
        default:
          return assertNever(record);
      }
    },
    async abandon(record, context) {
      if (record.type === 'RunJob' && record.data.queue === queue)
        finish(record, context, { ...NOTHING, outcome: 'lost' });
    },
  };
}

/** Returns the journal of a run from its parts: those of the record of a simulated job are the last ones. */
function journalIn(
  { simulation }: RunJob,
  parts: readonly (readonly JobEntry[])[],
): Pick<RunGiven, 'entries' | 'simulation'> {
  if (simulation === null) return { entries: parts.flat(), simulation };
  const { sourceId, pages } = simulation;
  const at = Math.max(0, parts.length - pages);
  return { entries: parts.slice(0, at).flat(), simulation: { sourceId, record: parts.slice(at).flat() } };
}

/** The watch over one run. */
interface JobWatch {
  /** Aborted by a switch that ends the run at once. */
  readonly stop: AbortSignal;
  /** Aborted by a switch that ends the run after its running steps. */
  readonly finishSteps: AbortSignal;
  /** Returns why the run may not go on; undefined while it may. */
  stopped(): unknown;
  end(): void;
}

/** Watches the switches over a job. One of mode `drain` lets it go on: it was accepted before. */
function watchJob(switches: Switches, tenant: string, type: string): JobWatch {
  const watchMode = (wanted: KillSwitchMode) =>
    watchSwitches(switches, (value) =>
      switchesOver(value, { tenant, resources: [{ type: 'Job', id: type }] }).find(({ mode }) => mode === wanted),
    );
  const watches = [watchMode('stop'), watchMode('finish_step')] as const;
  const [{ signal: stop }, { signal: finishSteps }] = watches;
  return {
    ...{ stop, finishSteps, stopped: () => [stop, finishSteps].find(({ aborted }) => aborted)?.reason },
    end: () => {
      for (const watch of watches) watch.end();
    },
  };
}

/** Returns the end of a run that a kill switch has ended: the job waits until it is resumed. */
const suspendedBy = (reason: unknown): End => ({
  ...{ ...NOTHING, outcome: 'suspended' },
  ...{ code: reason instanceof StoppedByKillSwitch ? reason.code : 'KILL_SWITCH', detail: `${messageOf(reason)}.` },
});

/** An unknown mode is of a later version: ending at once loses no finished step. */
const modeOf = ({ mode }: StopJobRun) => (mode === 'finish_step' ? 'finish_step' : 'stop');

/** Returns why this process cannot run a job; null when it can. Another process of the queue may be newer. */
function unknownOf({ type, version, queue }: RunJob, job: AnyJob | undefined): { code: string; detail: string } | null {
  if (job === undefined)
    return { code: 'JOB_TYPE_UNKNOWN', detail: `The worker of queue ${queue} has no job ${type}.` };
  if (job.version >= version) return null;
  const detail = `The worker of queue ${queue} has version ${job.version} of ${type}; the job needs ${version}.`;
  return { code: 'JOB_VERSION_UNKNOWN', detail };
}

function recordOf(run: Pick<RunJob, 'jobId' | 'generation'>, report: Report): AnyRecord {
  const { jobId, generation } = run;
  switch (report.kind) {
    case 'entry':
      return recordJobStep({ jobId, generation, entry: report.entry });
    case 'wait':
      return recordJobWait({ jobId, generation, wait: report.wait });
    case 'progress': {
      const { percent, message } = report;
      return recordJobProgress({ jobId, generation, percent, message });
    }
    default:
      return assertNever(report);
  }
}
