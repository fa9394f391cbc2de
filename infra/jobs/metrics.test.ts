import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { type AnyRecord, cancelJob, endJobRun, jobAccepted } from '../../schemas/generated/records.ts';
import { jobs } from '../../streams/jobs/jobs.ts';
import { metaFor } from '../../streams/kernel/testing.ts';
import { meteredJobs } from './metrics.ts';

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
      ...{ scheduleId: null, dueAt: null },
      ...{ tags: [], labels: [], parentId: null, depth: 0, decisionId: 'd', acceptedAt: START_MS },
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
