import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { uuidV5 } from '../../../schemas/ids.ts';
import { allTopics, deadLetterTopic, keyOf, topicOf, topics } from '../../../schemas/topics.ts';
import { agents } from '../../../streams/agents/agents.ts';
import { jobJournal } from '../../../streams/jobs/job-journal.ts';
import { jobRunner } from '../../../streams/jobs/job-runner.ts';
import { jobs } from '../../../streams/jobs/jobs.ts';
import { type AnyRecord, type RecordName, type RecordOf, topology } from '../../../streams/kernel.ts';
import { jobTypes } from '../../../streams/tables/job-types.ts';
import { decisionOn } from '../../../streams/testing.ts';
import { readWhole } from '../../kafka/contract/testing.ts';
import { toOutgoing } from '../../kafka/envelope.ts';
import { MemoryLog } from '../../kafka/memory/log.ts';
import type { Runner } from '../../runner/lives.ts';
import { runTopology } from '../../runner/processor/runner.ts';
import { followTables } from '../../runner/tables/followed.ts';
import { dependenciesOf, localDecoder } from '../../runner/testing/processors.ts';
import { noSwitches } from '../../runner/testing/switches.ts';
import { runWorker } from '../../runner/worker/runner.ts';
import { MemoryFiles } from '../files/testing.ts';
import type { AnyJob } from '../sdk/job.ts';
import { bindQueue } from './bind.ts';
import { queueWorker } from './module.ts';

const TENANT = 'demo';
const PLACE = `${TENANT}/0`;
const decoder = localDecoder();

/** Waits until `done` returns something; polls every few ms, at most 20 s. */
export async function eventually<T>(done: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const untilMs = Date.now() + 20_000;
  for (;;) {
    const found = await done();
    if (found !== undefined) return found;
    if (Date.now() > untilMs) throw new Error('it did not happen within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/**
 * Starts the processors of jobs on a memory log. Every request of a handler is allowed as soon as it is seen, as policy
 * would. Workers of queues are started and ended by the test; all is closed when the test has finished.
 */
export async function openJobsLog() {
  let point: (at: string) => Promise<void> = async () => undefined;
  const log = new MemoryLog({ yield: (at) => point(at) });
  const created = allTopics.flatMap(({ name, spread }) =>
    [name, deadLetterTopic(name)].map((each) => ({ name: each, partitions: spread === 'single' ? 1 : 2, config: {} })),
  );
  await log.createTopics(created);
  const appender = await log.appender();
  const { dependencies } = dependenciesOf(log, decoder);
  const { logger } = dependencies;
  const core = topology({ name: 'core', members: [jobs, jobJournal, agents(() => [])], redrives: topics.coreRedrive });
  const running: { close(): Promise<unknown> }[] = [runTopology(core, dependencies)];
  const files = new MemoryFiles();
  let isOpen = true;

  /** Appends a record as a gateway, policy or another worker would. */
  const append = (record: AnyRecord, id: string = randomUUID()): Promise<unknown> =>
    appender.append([
      toOutgoing(decoder.codec, {
        ...{ topic: topicOf(record.type).name, key: keyOf(record), record, id, tenantId: TENANT },
        ...{ place: topicOf(record.type).partitionedBy === 'place' ? PLACE : null, correlationId: id, causationId: id },
        ...{ timeMs: Date.now(), source: 'test', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      }),
    ]);

  /** Returns the records of a type, in the order of their partitions. */
  const recordsOf = async <Name extends RecordName>(type: Name): Promise<readonly RecordOf<Name>['data'][]> => {
    const all = (await readWhole(log, topicOf(type).name)).map((each) => decoder.decodeSync(each).record);
    return all.filter((record) => record.type === type).map(({ data }) => data as RecordOf<Name>['data']);
  };

  const answered = new Set<string>();
  const decide = async (): Promise<void> => {
    while (isOpen) {
      for (const each of await readWhole(log, topics.jobsRequests.name)) {
        const { record, meta } = decoder.decodeSync(each);
        if (answered.has(meta.id)) continue;
        answered.add(meta.id);
        await append(decisionOn(record as Parameters<typeof decisionOn>[0]), uuidV5(meta.id, 'decision'));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const deciding = decide();

  const close = async (): Promise<void> => {
    isOpen = false;
    await deciding;
    await Promise.all(running.map((each) => each.close()));
  };
  onTestFinished(close);

  return {
    ...{ log, append, recordsOf, files },
    at: (hook: typeof point): void => {
      point = hook;
    },
    /** Starts a worker of a queue. Resolves when its jobs are registered and known. */
    work: async (queue: string, ...declared: readonly AnyJob[]): Promise<Runner> => {
      const tables = followTables({ types: jobTypes }, { log, decoder, logger });
      const handler = await bindQueue(
        { queue, jobs: declared },
        { log, decoder, types: tables.types, switches: noSwitches, files, register: new Registry() },
      );
      const runner = runWorker({ ...jobRunner, name: queueWorker(queue) }, handler, dependencies);
      running.push(runner, tables);
      await tables.types.holds((types) => declared.every(({ name }) => types.has(name)), 10_000);
      return runner;
    },
    /** Starts a job. Returns its id. */
    start: async (type: string, input: unknown, over: Partial<RecordOf<'StartJob'>['data']> = {}): Promise<string> => {
      const jobId = over.jobId ?? randomUUID();
      const data = {
        ...{ jobId, principal: 'key-1', capabilities: ['*'], credential: null, type, input: JSON.stringify(input) },
        ...{ runAt: null, deadline: null, lane: 'standard', concurrencyKey: null, retry: null, tags: [], labels: [] },
        ...over,
      };
      await append(decisionOn({ type: 'StartJob', data }));
      return jobId;
    },
    /** Resolves with the first event of one of these types of a job. */
    event: <Name extends RecordName>(jobId: string, ...types: readonly Name[]): Promise<RecordOf<Name>> =>
      eventually(async () => {
        const all = (await readWhole(log, topics.jobsEvents.name)).map((each) => decoder.decodeSync(each).record);
        return all.find(
          (record) => types.includes(record.type as Name) && 'jobId' in record.data && record.data.jobId === jobId,
        ) as RecordOf<Name> | undefined;
      }),
  };
}
