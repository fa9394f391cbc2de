import { stepKey } from '../../../schemas/contexts/jobs/step-name.ts';
import type { JobEntry } from '../../../schemas/generated/records.ts';
import { isLive } from '../../../streams/jobs/state.ts';
import { Violation } from '../violation.ts';
import { branchesOf } from './program.ts';
import type { Effect, World } from './world.ts';

/** What the log has about one job. */
interface History {
  /** Final entries by key, with the number of the latest run that began before them. */
  readonly final: Map<string, { readonly entry: JobEntry; readonly generation: number }>;
  readonly sleeps: Map<string, number>;
  program: number;
  generation: number;
  end: string | null;
  /** The job that ran its input; null for none. */
  batchId: string | null;
  output: string | null;
}

/** Throws the first violation in the history of a world that has come to rest. */
export function check(world: World): void {
  for (const { error } of world.driver.deadLetters) throw error;
  const histories = readHistories(world);
  for (const effect of world.effects) checkEffect(histories, effect);
  checkOrder(world.effects);
  for (const [jobId, history] of histories) checkEnd(world, jobId, history, histories);
}

function readHistories(world: World): Map<string, History> {
  const histories = new Map<string, History>();
  const of = (jobId: string): History => {
    const history = histories.get(jobId) ?? {
      ...{ final: new Map(), sleeps: new Map(), program: -1, generation: 0, end: null, batchId: null, output: null },
    };
    histories.set(jobId, history);
    return history;
  };
  for (const { record } of world.driver.records()) {
    switch (record.type) {
      case 'JobAccepted':
        of(record.data.jobId).program = Number(record.data.input);
        break;
      case 'JobBatched':
        of(record.data.jobId).batchId = record.data.batchId;
        break;
      case 'JobBatchLeft':
        of(record.data.jobId).batchId = null;
        break;
      case 'JobRunStarted':
        of(record.data.jobId).generation = record.data.generation;
        break;
      case 'JobWaiting': {
        const { jobId, wait } = record.data;
        if (wait.kind === 'sleep') of(jobId).sleeps.set(stepKey(wait), wait.until ?? 0);
        break;
      }
      case 'JobEntryKept':
        keepFinal(of(record.data.jobId), record.data.jobId, record.data.entry);
        break;
      case 'JobCompleted':
        of(record.data.jobId).output = record.data.output;
        of(record.data.jobId).end = record.type;
        break;
      case 'JobCancelled':
      case 'JobFailed':
      case 'JobDead':
      case 'JobSuspended':
        of(record.data.jobId).end = record.type;
        break;
      default:
        break;
    }
  }
  return histories;
}

function keepFinal(history: History, jobId: string, entry: JobEntry): void {
  if (entry.outcome === 'attempted') return;
  const key = stepKey(entry);
  if (history.final.has(key)) throw new Violation('entry-final', `job ${jobId}: ${key} is kept again`);
  // A fork has a result that it took from another job before its first run; a sleep of it was one of that job.
  const isTaken = entry.generation <= 0;
  history.final.set(key, { entry, generation: isTaken ? 0 : history.generation });
  const until = history.sleeps.get(key);
  if (!isTaken && entry.kind === 'sleep' && entry.endedAt !== until)
    throw new Violation('timers-fire-once', `job ${jobId}: ${key} ended at ${entry.endedAt}, not at ${until}`);
}

/** A run does not execute a step whose result was in the journal when it began. */
function checkEffect(histories: Map<string, History>, { jobId, generation, key }: Effect): void {
  const final = histories.get(jobId)?.final.get(stepKey(key));
  if (final !== undefined && final.generation < generation)
    throw new Violation(
      'step-not-again',
      `job ${jobId}: run ${generation} ran ${stepKey(key)}, which has a result since run ${final.generation}`,
    );
}

/** No run executes a step that a step of an earlier run has followed. */
function checkOrder(effects: readonly Effect[]): void {
  for (const { jobId, generation, key, index } of effects)
    for (const later of effects)
      if (later.jobId === jobId && later.key.path === key.path && later.generation < generation && later.index > index)
        throw new Violation(
          'step-not-again',
          `job ${jobId}: run ${generation} ran ${stepKey(key)}, which run ${later.generation} had passed`,
        );
}

function checkEnd(world: World, jobId: string, history: History, all: ReadonlyMap<string, History>): void {
  const state = world.state(jobId);
  if (history.program === -1) return;
  if (state === undefined || (isLive(state) && state.status !== 'suspended'))
    throw new Violation('comes-to-rest', `job ${jobId} is ${state?.status ?? 'gone'} at the end`);
  if (state.status === 'suspended') throw new Violation('comes-to-rest', `job ${jobId} is suspended`);
  if (history.end === null) throw new Violation('comes-to-rest', `job ${jobId} has no end`);
  if (history.output === null) return;
  if (history.batchId !== null) {
    const { output = null } = all.get(history.batchId) ?? {};
    if (output === history.output) return;
    throw new Violation('batch-is-whole', `job ${jobId}: result ${history.output}, that of its batch ${output}`);
  }
  const program = world.programs[history.program];
  const wanted = program === undefined ? [] : branchesOf(program).flatMap((ops) => ops.map(({ key }) => stepKey(key)));
  const results = JSON.stringify(wanted.map((key) => [key, history.final.get(key)?.entry.output ?? null]).sort());
  if (results !== history.output)
    throw new Violation('journal-is-result', `job ${jobId}: journal ${results}, result ${history.output}`);
}
