import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RecordDecoder } from '../../../../infra/kafka/decode.ts';
import { toOutgoing } from '../../../../infra/kafka/envelope.ts';
import type { MemoryLog } from '../../../../infra/kafka/memory/log.ts';
import {
  type AnyRecord,
  endJobRun,
  type JobEntry,
  jobType,
  type RunJob,
  recordJobProgress,
  recordJobStep,
  recordJobWait,
} from '../../../../schemas/generated/records.ts';
import { topics } from '../../../../schemas/topics.ts';
import { noLimits } from '../../../../streams/jobs/admission/limits.ts';
import { type Emitted, emittedBy } from '../../../../streams/kernel/step.ts';
import type { Meta } from '../../../../streams/kernel.ts';
import { type ApiClient, until } from '../../../support/api-client.ts';

const schemaText = (schema: z.ZodType): string => JSON.stringify(z.toJSONSchema(schema));

/** Types of jobs by what a worker does with them. */
const types = {
  /** Records a step, reports progress, and completes with the sum. */
  adding: z.strictObject({ numbers: z.array(z.number()).min(1) }),
  /** Fails its first run for good; a retry completes. */
  failing: z.strictObject({}),
  /** Waits for the signal `approved`, and completes with its payload. */
  asking: z.strictObject({}),
  /** Does nothing until it is asked to stop. */
  idle: z.strictObject({ text: z.string().optional() }),
  /** Records the steps `a`, `b` and `c` that its journal does not have, and completes with the names of those. */
  staged: z.strictObject({ text: z.string().optional() }),
  /** Runs two starts together, and completes with their number and the sum. */
  together: z.strictObject({ number: z.number() }),
} as const;

/** Limits of a type; none for most. */
const limitsOf = (type: string) => (type === 'together' ? { ...noLimits, batchMax: 2, batchWaitMs: 60_000 } : null);

type TypeName = keyof typeof types;

const NAME = 'job-runner';

const entryOf = (name: string, generation: number, output: unknown, atMs: number): JobEntry => ({
  ...{ path: '', name, nth: 1, generation, kind: 'step', outcome: 'completed', output: JSON.stringify(output) },
  ...{ code: null, detail: null, generation: 1, attempts: 1, startedAt: atMs, endedAt: atMs },
});

const ended = { output: null, code: null, detail: null, retryable: true };

const STAGES = ['a', 'b', 'c'];

/** Returns what a worker reports of a run with a journal. */
function reportsOf(
  { type, input, jobId, generation, pages }: RunJob,
  journal: readonly JobEntry[],
): readonly AnyRecord[] {
  const run = { jobId, generation };
  const at = Date.now();
  switch (type as TypeName) {
    case 'adding': {
      const { numbers } = JSON.parse(input) as { readonly numbers: readonly number[] };
      const sum = numbers.reduce((all, each) => all + each, 0);
      return [
        recordJobStep({ ...run, entry: entryOf('add', generation, sum, at) }),
        recordJobProgress({ ...run, percent: 100, message: 'added' }),
        endJobRun({ ...run, ...ended, outcome: 'completed', output: JSON.stringify({ sum }) }),
      ];
    }
    case 'failing':
      return generation === 1
        ? [endJobRun({ ...run, ...ended, outcome: 'failed', code: 'BROKEN', detail: 'it broke', retryable: false })]
        : [endJobRun({ ...run, ...ended, outcome: 'completed', output: '"mended"' })];
    case 'asking': {
      const wait = { path: '', name: 'approved', nth: 1, kind: 'signal', signal: 'approved' };
      return pages > 0
        ? [endJobRun({ ...run, ...ended, outcome: 'completed', output: '"approved"' })]
        : [
            recordJobWait({ ...run, wait: { ...wait, until: null, childType: null, request: null, recorded: null } }),
            endJobRun({ ...run, ...ended, outcome: 'waiting' }),
          ];
    }
    case 'together': {
      const inputs = JSON.parse(input) as readonly { readonly number: number }[];
      const sum = inputs.reduce((all, { number }) => all + number, 0);
      const output = JSON.stringify({ of: inputs.length, sum });
      return [endJobRun({ ...run, ...ended, outcome: 'completed', output })];
    }
    case 'idle':
      return [];
    case 'staged': {
      const { text = null } = JSON.parse(input) as { readonly text?: string };
      const ran = STAGES.filter((name) => !journal.some((entry) => entry.name === name));
      return [
        ...ran.map((name) => recordJobStep({ ...run, entry: entryOf(name, generation, `${name} of ${text}`, at) })),
        endJobRun({ ...run, ...ended, outcome: 'completed', output: JSON.stringify({ ran, text }) }),
      ];
    }
  }
}

/** Types that come with the platform: the harness runs them. */
const builtIn = [
  ...['anomalies.what-if', 'audit.export', 'capsule.upgrade-check', 'inference.batch', 'persona.check'],
  ...['persona.recheck', 'workflow.run'],
];

/** Waits until the gateway knows every type: of this worker, and of the platform. */
export async function typesKnown(api: ApiClient): Promise<void> {
  await until(
    () => api.call<{ readonly items: readonly { readonly type: string }[] }>('GET', '/v1/job-types'),
    ({ body }) => [...Object.keys(types), ...builtIn].every((type) => body.items.some((item) => item.type === type)),
  );
}

/** A worker that does as its types say, for tests of the gateway: the engine of jobs has tests of its own. */
export async function startJobWorker(log: MemoryLog, decoder: RecordDecoder): Promise<{ close(): Promise<void> }> {
  const appender = await log.appender();
  const append = (emitted: readonly Emitted[]) =>
    appender.append(emitted.map((each) => toOutgoing(decoder.codec, each)));
  const cause: Meta = {
    ...{ id: randomUUID(), type: 'JobType', key: '', tenantId: 'platform', place: null },
    ...{ correlationId: randomUUID(), causationId: randomUUID(), timeMs: Date.now() },
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    ...{ topic: topics.jobsTypes.name, partition: 0, offset: 0, value: new Uint8Array() },
  };
  const registrations = Object.entries(types).map(([type, input]) =>
    jobType({
      ...{ type, version: 1, queue: 'default', title: `A job that is ${type}` },
      ...{ inputSchema: schemaText(input), outputSchema: '{}', registeredAt: Date.now(), limits: limitsOf(type) },
      retry: { attemptsMax: 3, firstDelayMs: 10, delayMaxMs: 100 },
    }),
  );
  await append(registrations.map((record, at) => emittedBy(NAME, cause, record, at)));
  /** Parts of journals by job and run; a run begins when all of its parts have come. */
  const parts = new Map<string, JobEntry[][]>();
  const idOf = ({ jobId, generation }: Pick<RunJob, 'jobId' | 'generation'>) => `${jobId}/${generation}`;
  const held = new Map<string, { readonly work: RunJob; readonly meta: Meta }>();
  const reported = async ({ work, meta }: { readonly work: RunJob; readonly meta: Meta }): Promise<void> => {
    const journal = parts.get(idOf(work)) ?? [];
    if (journal.length < work.pages) {
      held.set(idOf(work), { work, meta });
      return;
    }
    held.delete(idOf(work));
    const reports = reportsOf(work, journal.flat());
    await append(reports.map((report, at) => emittedBy(NAME, meta, report, at, Date.now())));
  };
  return log.tail({
    topics: [topics.jobsWork.name],
    from: 'beginning',
    onCrash: () => undefined,
    onBatch: async ({ records }) => {
      for (const each of records) {
        const { record, meta } = await decoder.decode(each);
        if (record.type === 'RunJob') await reported({ work: record.data, meta });
        if (record.type === 'StopJobRun')
          await append([
            emittedBy(NAME, meta, endJobRun({ ...record.data, ...ended, outcome: 'stopped' }), 0, Date.now()),
          ]);
        if (record.type !== 'LoadJobEntries') continue;
        const id = idOf(record.data);
        parts.set(id, [...(parts.get(id) ?? []), [...record.data.entries]]);
        const waiting = held.get(id);
        if (waiting !== undefined) await reported(waiting);
      }
    },
  });
}
