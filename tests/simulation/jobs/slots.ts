import type { JobAdmission } from '../../../schemas/generated/records.ts';
import { isKept } from '../../../streams/jobs/state.ts';
import { Violation } from '../violation.ts';
import type { World } from './world.ts';

/** What the log says of one job with limits. */
interface Limited extends JobAdmission {
  readonly jobId: string;
  isPaused: boolean;
  hasRun: boolean;
}

/**
 * No more jobs of a key than its limit are between their first run and what ends or holds them, in the order of the log; of a key
 * whose slots belong to runs, no more runs.
 */
export function checkSlots(world: World): void {
  checkGrants(world);
  const limited = new Map<string, Limited>();
  const busy = new Map<string, Set<string>>();
  const holdersOf = ({ slotKey }: JobAdmission): Set<string> => {
    const holders = busy.get(slotKey) ?? new Set();
    busy.set(slotKey, holders);
    return holders;
  };
  for (const { record } of world.driver.records('jobs.events')) {
    const { jobId } = record.data as { readonly jobId: string };
    if (record.type === 'JobAccepted' && record.data.admission !== null)
      limited.set(jobId, { ...record.data.admission, jobId, isPaused: false, hasRun: false });
    const job = limited.get(jobId);
    if (job === undefined) continue;
    const holders = holdersOf(job);
    switch (record.type) {
      case 'JobRunStarted': {
        job.hasRun = true;
        holders.add(jobId);
        const { max } = job.limits;
        if (max !== null && holders.size > max)
          throw new Violation('slots-never-more', `${[...holders].join(', ')} run at once with ${job.slotKey}: ${max}`);
        break;
      }
      case 'JobRunEnded':
      case 'JobRunFailed':
        job.hasRun = false;
        if (job.isPaused || job.limits.isPerRun) holders.delete(jobId);
        break;
      case 'JobPaused':
        job.isPaused = true;
        if (!job.hasRun) holders.delete(jobId);
        break;
      case 'JobResumed':
        job.isPaused = false;
        break;
      case 'JobSuspended':
      case 'JobCompleted':
      case 'JobFailed':
      case 'JobDead':
      case 'JobCancelled':
        job.isPaused = false;
        job.hasRun = false;
        holders.delete(jobId);
        break;
      default:
        break;
    }
  }
}

/** A job whose slots belong to its runs is granted one for each run: none is kept while it waits. A takeover goes on with its own. */
function checkGrants(world: World): void {
  const granted = new Map<string, number>();
  for (const { record } of world.driver.records('jobs.grants'))
    if (record.type === 'GrantJobSlot') granted.set(record.data.jobId, (granted.get(record.data.jobId) ?? 0) + 1);
  /** Of jobs with such slots: runs that began after another had ended, and whether one goes on. */
  const runs = new Map<string, { begun: number; isOn: boolean }>();
  for (const { record } of world.driver.records('jobs.events')) {
    const { jobId } = record.data as { readonly jobId: string };
    if (record.type === 'JobAccepted' && record.data.admission?.limits.isPerRun === true)
      runs.set(jobId, { begun: 0, isOn: false });
    const job = runs.get(jobId);
    if (job === undefined) continue;
    if (record.type === 'JobRunStarted' && !job.isOn) {
      job.begun += 1;
      job.isOn = true;
      const grants = granted.get(jobId) ?? 0;
      if (job.begun > grants)
        throw new Violation('slots-never-leak', `${jobId} begins run ${job.begun} with ${grants} grants of its slot`);
    }
    if (record.type === 'JobRunEnded' || record.type === 'JobRunFailed') job.isOn = false;
  }
}

/** At rest, the jobs that hold a slot of a key or wait for one are those that need it: nothing leaks, nothing is forgotten. */
export function checkHolders(world: World): void {
  const wanted = new Map<string, { readonly held: string[]; readonly asked: string[] }>();
  for (const { record } of world.driver.records('jobs.events')) {
    if (record.type !== 'JobAccepted' || record.data.admission === null) continue;
    const { jobId, admission } = record.data;
    const { held, asked } = wanted.get(admission.slotKey) ?? { held: [], asked: [] };
    const state = world.state(jobId);
    const is = state !== undefined && isKept(state) ? state.slot?.is : 'free';
    if (is === 'held') held.push(jobId);
    if (is === 'asked') asked.push(jobId);
    wanted.set(admission.slotKey, { held, asked });
  }
  const textOf = (jobIds: readonly string[]): string => [...jobIds].sort().join(', ');
  for (const [slotKey, { held, asked }] of wanted) {
    const slots = world.slots(slotKey);
    const idsOf = (of: readonly { readonly jobId: string }[] | undefined) =>
      textOf((of ?? []).map(({ jobId }) => jobId));
    if (idsOf(slots?.held) !== textOf(held))
      throw new Violation('slots-never-leak', `${slotKey} is held by ${idsOf(slots?.held)}, not by ${textOf(held)}`);
    if (idsOf(slots?.queue) !== textOf(asked))
      throw new Violation(
        'slots-never-leak',
        `${slotKey} is queued by ${idsOf(slots?.queue)}, not by ${textOf(asked)}`,
      );
  }
}
