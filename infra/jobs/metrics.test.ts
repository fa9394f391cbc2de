import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import {
  type AnyRecord,
  cancelJob,
  endJobRun,
  jobAccepted,
  releaseJobSlot,
  requestJobSlot,
} from '../../schemas/generated/records.ts';
import { jobAdmission } from '../../streams/jobs/job-admission.ts';
import { jobs } from '../../streams/jobs/jobs.ts';
import { metaFor } from '../../streams/kernel/testing.ts';
import { meteredJobs, meteredSlots } from './metrics.ts';

const START_MS = Date.UTC(2026, 0, 1);

it('counts each end of a job by type and outcome, with its time from the start', async () => {
  const register = new Registry();
  const { decide, evolve, initial } = meteredJobs(jobs as never, register);
  const end = (command: AnyRecord) => {
    const meta = { ...metaFor(command), timeMs: START_MS + 2_000 };
    const accepted = jobAccepted({
      ...{ jobId: 'j', tenantId: meta.tenantId, principal: 'p', capabilities: [], credential: null, type: 'sum' },
      ...{ version: 1, queue: 'q', input: '{}', runAt: null, deadline: null, lane: 'standard', concurrencyKey: null },
      retry: { attemptsMax: 1, firstDelayMs: 1, delayMaxMs: 1 },
      ...{
        tags: [],
        labels: [],
        parentId: null,
        depth: 0,
        admission: null,
        simulation: null,
        decisionId: 'd',
        acceptedAt: START_MS,
      },
      ...{ forkedFrom: null, scheduleId: null, dueAt: null },
    });
    const state = evolve(initial, accepted);
    decide(state, command, meta, { types: new Map() });
  };
  end(cancelJob({ jobId: 'j', principal: 'p', reason: 'a test' }));
  end(cancelJob({ jobId: 'j', principal: 'p', reason: 'a test' }));
  // A report of another run is dropped, and counts as nothing.
  end(
    endJobRun({
      jobId: 'j',
      generation: 7,
      outcome: 'completed',
      output: '1',
      code: null,
      detail: null,
      retryable: true,
    }),
  );
  const text = await register.metrics();
  expect(text).toContain('khipu_job_executions_total{type="sum",outcome="cancelled"} 2');
  expect(text).not.toContain('outcome="completed"');
  expect(text).toContain('khipu_job_seconds_sum{type="sum",outcome="cancelled"} 4');
});

it('observes how long jobs waited for slots of their key, by type and lane', async () => {
  const register = new Registry();
  const { decide, evolve, initial } = meteredSlots(jobAdmission as never, register);
  const limits = {
    ...{ max: 1, rateLimit: null, ratePeriodMs: null, singleton: null, debounceMs: null },
    ...{ batchMax: null, batchWaitMs: null, isPerRun: false },
  };
  const slotKey = 'demo/sum/sum';
  let state = initial;
  const work = (record: AnyRecord, afterMs: number) => {
    const meta = { ...metaFor(record), timeMs: START_MS + afterMs };
    state = decide(state, record, meta, {}).reduce<unknown>((slots, output) => evolve(slots, output), state);
  };
  work(requestJobSlot({ slotKey, jobId: 'a', request: 1, lane: 'standard', limits, batch: null }), 0);
  work(requestJobSlot({ slotKey, jobId: 'b', request: 1, lane: 'batch', limits, batch: null }), 1_000);
  work(releaseJobSlot({ slotKey, jobId: 'a', request: 1 }), 4_000);
  const text = await register.metrics();
  expect(text).toContain('khipu_job_slot_wait_seconds_sum{type="sum",lane="standard"} 0');
  expect(text).toContain('khipu_job_slot_wait_seconds_sum{type="sum",lane="batch"} 3');
});
