import { describe, expect, it } from 'vitest';
import { readWorkflow } from './document.ts';
import { graphOf, type RunStep } from './graph.ts';
import { answerAll, ended, workflowJob } from './interpreter/testing.ts';

const call = (name: string) => ({ call: name, with: {} });
const text = JSON.stringify({
  document: { dsl: '1.0.3', namespace: 'test', name: 'test', version: '1.0.0' },
  do: [
    { each: { for: { in: '[1, 2, 3]' }, metadata: { parallel: 3 }, do: [{ ask: call('ask') }] } },
    { both: { fork: { branches: [{ left: call('left') }, { right: call('right') }] } } },
    { gate: { listen: { to: { one: { with: { type: 'approved' } } } }, timeout: { after: 'PT1H' } } },
    { set: { set: { n: 1 } } },
  ],
});

/** Returns the steps of a job in memory as a gateway shows them. */
const stepsOf = (job: ReturnType<typeof workflowJob>): readonly RunStep[] => [
  ...job.entries.map(({ path, name, outcome, code }) => ({
    ...{ path, name, status: outcome, code, started_at: '2026-01-01T00:00:00.000Z' },
    ended_at: '2026-01-01T00:00:01.000Z',
  })),
  ...[...job.waits.values()].map(({ path, name }) => ({
    ...{ path, name, status: 'waiting', code: null, started_at: '2026-01-01T00:00:00.000Z', ended_at: null },
  })),
];

describe('the graph of a run', () => {
  it('has the tasks with the states of their steps, while it runs and at its end', async () => {
    const job = workflowJob(text);
    const { document } = readWorkflow(text);
    const states = () => graphOf(document, stepsOf(job)).map(({ name, state, steps }) => `${name} ${state} ${steps}`);
    expect(states()).toEqual([
      'each none 0',
      'ask none 0',
      'both none 0',
      'left none 0',
      'right none 0',
      'gate none 0',
      'set none 0',
    ]);
    await job.run();
    expect(states()[1]).toBe('ask running 3');
    answerAll(job, () => ({ output: 1 }));
    await job.run();
    expect(states().slice(1, 5)).toEqual(['ask completed 3', 'both none 0', 'left running 1', 'right running 1']);
    await ended(job, ({ what }) => (what === 'right' ? { code: 'TOOL_FAILED', detail: 'no' } : { output: 1 }));
    const graph = graphOf(document, stepsOf(job));
    expect(graph.find(({ name }) => name === 'right')).toMatchObject({
      state: 'failed',
      code: 'TOOL_FAILED',
      depth: 1,
    });
  });

  it('has a signal under the task that waits for it', async () => {
    const job = workflowJob(text);
    const { document } = readWorkflow(text);
    await ended(job, () => ({ output: 1 }));
    expect(graphOf(document, stepsOf(job)).find(({ name }) => name === 'gate')).toMatchObject({
      ...{ state: 'completed', steps: 1, ended_at: '2026-01-01T00:00:01.000Z' },
    });
  });
});
