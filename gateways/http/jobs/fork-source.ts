import { setTimeout as delay } from 'node:timers/promises';
import { JobResults, keptEntry } from '../../../projections/jobs/queries/results.ts';
import { namedIn } from '../../../schemas/contexts/jobs/payload.ts';
import { type StepName, stepKey, stepText } from '../../../schemas/contexts/jobs/step-name.ts';
import {
  forkBytesOf,
  JOB_CONTENT_BYTES_MAX,
  JOB_FORK_BYTES_MAX,
  JOB_FORK_ENTRIES_MAX,
} from '../../../schemas/contexts/jobs.ts';
import type { JobAccepted, JobEntry, JobStepCompleted } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { contentTextOf } from '../../shared/contents.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { eventsOfJournal, eventsOfKey, type JobServices, jobOrUnknown } from './find.ts';
import { inputOf, typeOf } from './input.ts';

/** Longest wait for the events of this moment, in ms; for a journal in the read model, and the pause between its reads. */
const CATCH_UP_MS = 1_000;
const REACH_MS = 3_000;
const PAUSE_MS = 100;

/** What a fork takes of a job: how it was started, and its results, in the order in which they were kept. */
export interface ForkSource {
  readonly accepted: JobAccepted;
  /** Those before the step. */
  readonly entries: readonly JobEntry[];
  /** The others, to answer a simulated job; empty for a fork that runs. */
  readonly recorded: readonly JobEntry[];
}

async function lifeOf({ jobs, readModel }: JobServices, tenantId: string, jobId: string): Promise<JobResults> {
  const life = new JobResults();
  const here = jobs.whole(tenantId, jobId);
  for (const event of here ?? []) life.add(event);
  if (here !== undefined) return life;
  for await (const events of eventsOfKey({ readModel }, tenantId, { topic: topics.jobsEvents.name, key: jobId }))
    for (const event of events) life.add(event);
  return life;
}

/** Resolves with the entries of these results that the read model has, by key. */
async function entriesOf(
  services: JobServices,
  tenantId: string,
  jobId: string,
  results: ReadonlyMap<string, JobStepCompleted>,
): Promise<ReadonlyMap<string, JobEntry>> {
  const found = new Map<string, JobEntry>();
  if (results.size === 0) return found;
  for await (const events of eventsOfJournal(services, tenantId, jobId)) {
    for (const event of events) {
      const entry = keptEntry(event);
      const result = entry === null ? undefined : results.get(stepKey(entry));
      // An earlier result of the key was replaced.
      if (entry !== null && result?.endedAt === entry.endedAt && result.outcome === entry.outcome)
        found.set(stepKey(entry), entry);
    }
    if (found.size === results.size) break;
  }
  return found;
}

function requireSmall(count: number, bytes: number): void {
  if (count <= JOB_FORK_ENTRIES_MAX && bytes <= JOB_FORK_BYTES_MAX) return;
  const detail = `${count} results of ${bytes} bytes come before the step; at most ${JOB_FORK_ENTRIES_MAX} of ${JOB_FORK_BYTES_MAX} bytes are taken`;
  throw new Problem('JOB_FORK_TOO_LARGE', detail);
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

const unknownStep = (step: StepName): Problem =>
  new Problem('JOB_STEP_UNKNOWN', `The job has no step or wait ${stepText(step)}`, {
    errors: [{ in: 'body', pointer: '#/from_step', detail: 'Expected a step or wait of the job' }],
  });

const behind = (): Problem =>
  new Problem('READ_MODEL_BEHIND', 'The read model does not have all results before the step yet');

/**
 * Resolves with the start of a job, its results before a step, and all that it has. A step that is not there may be one of
 * this moment.
 */
async function recordedBefore(services: JobServices, tenantId: string, jobId: string, step: StepName | null) {
  for (let isCaughtUp = false; ; isCaughtUp = true) {
    const life = await lifeOf(services, tenantId, jobId);
    const results = step === null ? new Map<string, JobStepCompleted>() : life.before(step);
    if (life.accepted !== null && results !== null) return { accepted: life.accepted, results, all: life.recorded };
    if (isCaughtUp) throw life.accepted === null || step === null ? behind() : unknownStep(step);
    await services.jobs.catchUp(CATCH_UP_MS);
  }
}

/**
 * Resolves with what a fork takes of a job of the tenant; `step` null is its beginning. Takes what a simulated job is answered
 * from as well when `isSimulated`, or when the other job is simulated. Waits up to 3 s for a journal that the read model does
 * not have whole yet. Rejects with Problem RESOURCE_UNKNOWN, JOB_STEP_UNKNOWN, JOB_FORK_TOO_LARGE, READ_MODEL_BEHIND, and
 * READ_MODEL_UNAVAILABLE when the database does not answer.
 */
export async function forkSource(
  services: JobServices,
  tenantId: string,
  jobId: string,
  { step, isSimulated }: { readonly step: StepName | null; readonly isSimulated: boolean },
): Promise<ForkSource> {
  await jobOrUnknown(services, tenantId, jobId);
  const { accepted, results, all } = await recordedBefore(services, tenantId, jobId, step);
  const wanted = isSimulated || accepted.simulation !== null ? withRecorded(accepted, results, all) : results;
  requireSmall(wanted.size, sumOf([...wanted.values()].map(({ outputBytes }) => outputBytes)));
  for (const stop = performance.now() + REACH_MS; ; await delay(PAUSE_MS)) {
    const found = await entriesOf(services, tenantId, jobId, wanted);
    const carried = await carriedRecord(services, tenantId, accepted);
    if (found.size === wanted.size && carried.length === (accepted.simulation?.results ?? 0)) {
      const entries = [...results.keys()].flatMap((key) => found.get(key) ?? []);
      const own = [...wanted.keys()].filter((key) => !results.has(key)).flatMap((key) => found.get(key) ?? []);
      const recorded = [...own, ...carried.filter((entry) => !results.has(stepKey(entry)))];
      requireSmall(entries.length + recorded.length, sumOf([...entries, ...recorded].map(forkBytesOf)));
      return { accepted, entries, recorded };
    }
    // A fork without one of them would run its step again.
    if (performance.now() >= stop) throw behind();
  }
}

type Results = ReadonlyMap<string, JobStepCompleted>;

/**
 * Returns results together with those that a simulated fork is answered from. What a simulated job has found itself is no
 * record: of one, only what it took from the other job counts.
 */
const withRecorded = ({ simulation }: JobAccepted, results: Results, all: Results): Results =>
  new Map([
    ...results,
    ...[...all].filter(([key, { generation }]) => !results.has(key) && isTaken(simulation, generation)),
  ]);

const isTaken = (simulation: JobAccepted['simulation'], generation: number): boolean =>
  simulation === null || generation <= 0;

/** Resolves with the record that a simulated job carries, as far as the read model has it; empty for one that runs. */
async function carriedRecord(
  services: JobServices,
  tenantId: string,
  { jobId, simulation }: JobAccepted,
): Promise<readonly JobEntry[]> {
  const entries: JobEntry[] = [];
  if (simulation === null) return entries;
  for await (const events of eventsOfJournal(services, tenantId, `${jobId}/record`))
    entries.push(...events.flatMap((event) => keptEntry(event) ?? []));
  return entries;
}

/**
 * Resolves with the input of the other job for its fork, as the record has it. Rejects with Problem JOB_INPUT_INVALID when it
 * does not fit the type any more, JOB_TYPE_UNKNOWN, READ_MODEL_BEHIND.
 */
export async function sameInput(
  services: JobServices & Pick<GatewayServices, 'tables'>,
  tenantId: string,
  { type, input }: Pick<JobAccepted, 'type' | 'input'>,
): Promise<string> {
  const content = namedIn(input);
  const json = content === null ? input : await contentTextOf(services, tenantId, content);
  inputOf(typeOf(services.tables, type), JSON.parse(json), 'input', JOB_CONTENT_BYTES_MAX);
  return input;
}
