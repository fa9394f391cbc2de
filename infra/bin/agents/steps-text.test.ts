import { expect, it } from 'vitest';
import { styleOf } from '../show/style.ts';
import { stepsText } from './steps-text.ts';

const times = { created_at: null, ended_at: null };
const call = {
  ...{ call_id: 'c', tool: 'weather', model_name: 'weather', arguments: '{"city":"Cusco"}', status: 'succeeded' },
  ...{
    code: null,
    detail: 'done',
    result: '{"celsius":14}',
    result_bytes: 14,
    labels: ['untrusted'],
    cost: '0.500000000',
  },
  ...{ child_run_id: null, ...times },
};
const step = {
  ...{
    step: 1,
    status: 'answered',
    text: '',
    model_id: 'small',
    finish_reason: 'tool_calls',
    labels: [],
    rejected: null,
    snapshot: null,
    moderation: null,
  },
  ...{ tokens: { prompt: 12, completion: 3 }, cost: '0.000000000', latency_ms: 40, decision_id: 'd', ...times },
};
const run = {
  ...{
    run_id: 'run-1',
    agent: 'forecaster',
    status: 'completed' as const,
    principal: 'ana',
    parent_id: null,
    steps: 2,
  },
  ...{ code: null, detail: null, tokens: { prompt: 30, completion: 9 }, cost: '0.500000000', instructions: '' },
  ...{ program: null, forked_from: null },
  ...{ prompt: 'A coat?', model: null, tools: [], limits: {}, output_schema: null, depth: 0, deadline: null },
  ...{ output: 'Yes.', labels: [], decision_id: 'd', ...times },
};

it('draws each step with its calls, and the end of the run', () => {
  const refused = { ...call, tool: null, model_name: 'shell', status: 'invalid', code: 'TOOL_UNKNOWN', labels: [] };
  const waiting = { ...call, status: 'asked', result: null, labels: [], cost: null };
  const steps_taken = [
    { ...step, calls: [call, refused, waiting] },
    { ...step, step: 2, text: 'Yes.', calls: [], rejected: 'no JSON' },
  ];
  expect(stepsText({ ...run, steps_taken }, styleOf(process.stdout, { NO_COLOR: '1' }))).toMatchInlineSnapshot(`
    "forecaster  completed  run-1  2 steps, 30 + 9 tokens  0.5
      A coat?

    step 1  small  12 + 3 tokens  40 ms
      ├─ weather({"city":"Cusco"})
      │   succeeded  0.5  [untrusted]  {"celsius":14}
      ├─ shell({"city":"Cusco"})
      │   invalid  0.5  TOOL_UNKNOWN: done
      └─ weather({"city":"Cusco"})
          waits

    step 2  small  12 + 3 tokens  40 ms
      Yes.
      does not fit the schema: no JSON

    Yes."
  `);
});
