/** Finding a job that was accepted and is not in the read model yet: unknown is only what no reader can still show. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Decoded } from '../../../infra/kafka/envelope.ts';
import type { JobRow } from '../../../projections/jobs/queries/rows.ts';
import { jobAccepted } from '../../../projections/testing/sample.ts';
import { topics } from '../../../schemas/topics.ts';
import type { EventListener } from '../../shared/log/event-tail.ts';
import { SubjectEvents } from '../../shared/subject-events.ts';
import { findJob, type JobServices } from './find.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TENANT = 'acme';
const JOB = '11111111-1111-4111-8111-111111111111';
const topic = topics.jobsEvents.name;
/** More than a gateway keeps of the latest events. */
const FLOOD = 10_001;

const accepted = (jobId: string, offset: number): Decoded => ({
  record: jobAccepted(jobId),
  meta: {
    ...{ id: jobId, type: 'JobAccepted', key: jobId, tenantId: TENANT, place: 'acme/0', correlationId: jobId },
    ...{ causationId: jobId, timeMs: 1, traceparent: '', topic, partition: 0, offset, value: new Uint8Array(10) },
  },
});

/** A gateway with a tail and a read model that a test moves. */
function gateway() {
  let heard: EventListener = () => undefined;
  const tail = {
    began: [{ topic, partition: 0, offset: 0 }],
    catchUp: async () => undefined,
    listen: (listener: EventListener) => {
      heard = listener;
      return () => true;
    },
  };
  const jobs = new SubjectEvents(tail, { topic, first: 'JobAccepted' });
  const model = { next: 0, rows: new Map<string, JobRow>() };
  const readModel = {
    row: async (_tenant: string, _reads: unknown, id: string) => model.rows.get(id),
    positions: async () => [{ view: 'jobs', topic, partition: 0, offset: model.next }],
  };
  const services = { jobs, readModel } as unknown as JobServices;
  const found = (jobId = JOB, tenantId = TENANT) => {
    const looked = findJob(services, tenantId, jobId).then(
      (row) => row?.job_id ?? 'unknown',
      (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
    );
    return looked;
  };
  return { jobs, model, found, tell: (event: Decoded) => heard(event) };
}
const passed = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('a start that this gateway has sent is waited for until it is decided', async () => {
  const { jobs, found, tell } = gateway();
  jobs.expect(TENANT, JOB);
  const looked = found();
  await passed(2_000);
  tell(accepted(JOB, 0));
  await passed(0);
  expect(await looked).toBe(JOB);
  expect(await found()).toBe(JOB);
});

test('a start that is not decided in time is not unknown: the read is to be repeated', async () => {
  const { jobs, found } = gateway();
  jobs.expect(TENANT, JOB);
  const looked = found();
  await passed(3_000);
  expect(await looked).toBe(`READ_MODEL_BEHIND: The start of job ${JOB} is not decided yet; try again`);
  expect(await found(JOB, 'other')).toBe('unknown');
});

test('a job of which nothing was sent or read is unknown at once', async () => {
  const { found, tell } = gateway();
  tell(accepted('22222222-2222-4222-8222-222222222222', 0));
  expect(await found()).toBe('unknown');
});

test('a job whose events a flood has pushed out is waited for until the read model has it', async () => {
  const { found, model, tell } = gateway();
  tell(accepted(JOB, 0));
  for (let nth = 1; nth <= FLOOD; nth += 1) tell(accepted(`flood ${nth}`, nth));
  const looked = found();
  await passed(250);
  model.rows.set(JOB, { job_id: JOB } as JobRow);
  model.next = 1;
  await passed(100);
  expect(await looked).toBe(JOB);
});

test('while the read model lacks dropped events an unknown job is not called unknown, and then it is', async () => {
  const { found, model, tell } = gateway();
  for (let nth = 0; nth <= FLOOD; nth += 1) tell(accepted(`flood ${nth}`, nth));
  const looked = found();
  await passed(3_100);
  expect(await looked).toBe(`READ_MODEL_BEHIND: The read model is behind and may not have job ${JOB} yet; try again`);
  model.next = 5_000;
  expect(await found()).toBe('unknown');
});
