import { describe, expect, it } from 'vitest';
import { jobCompleted, jobStepCompleted, keepJobEntry, sendJobEntries } from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { decisionOn } from '../testing.ts';
import { jobs } from './jobs.ts';
import { accepted, anEntry, aStart, aType, endOf, JOB, ran, START_MS, stepOf, work } from './testing.ts';

const { given } = scenarios(jobs, { startMs: START_MS });

describe('a job', () => {
  it('is accepted when policy allows it, and runs at once', () => {
    given(aType()).when(decisionOn(aStart())).then(accepted(), ran(1), work(1));
  });

  it('keeps the result of a step in its journal', () => {
    const entry = anEntry('fetch', { output: '{"rows":3}' });
    given(aType(), accepted(), ran(1))
      .when(stepOf(1, entry))
      .then(
        keepJobEntry({ chunkId: `${JOB}/0`, jobId: JOB, entry }),
        jobStepCompleted({
          ...{ jobId: JOB, generation: 1, path: '', name: 'fetch', nth: 1, kind: 'step', outcome: 'completed' },
          ...{ code: null, detail: null, attempts: 1, outputBytes: 10, startedAt: START_MS, endedAt: START_MS },
        }),
      );
  });

  it('completes with the result of its handler, and ends for good', () => {
    const outcome = given(aType(), accepted(), ran(1)).when(endOf(1, 'completed', { output: '"done"' }));
    outcome.then(jobCompleted({ jobId: JOB, generation: 1, output: '"done"' }));
    expect(outcome.state).toEqual({ status: 'closed', tenantId: 'demo' });
  });

  it('runs again with its whole journal when a worker lost its run', () => {
    given(aType(), decisionOn(aStart()), stepOf(1, anEntry('fetch')))
      .when(endOf(1, 'lost'))
      .then(
        ran(2, 'takeover'),
        sendJobEntries({ chunkId: `${JOB}/0`, jobId: JOB, generation: 2, page: 0 }),
        work(2, { pages: 1 }),
      );
  });
});
