/** The example of the documentation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planText } from '../../bin/workflows/check.ts';
import { projectRoot } from '../../local/home.ts';
import { readWorkflow } from './document.ts';
import { type Answers, outputOf } from './interpreter/testing.ts';
import { planOf } from './plan.ts';

const text = readFileSync(join(projectRoot, 'docs/examples/compare-weather.yaml'), 'utf8');
const degrees: Readonly<Record<string, number>> = { Cusco: 14, Lima: 19 };

it('the example asks, waits for a person and tells', async () => {
  let fails = 1;
  const answers: Answers = ({ kind, request }) => {
    if (kind === 'signal') return { output: { by: 'ana' } };
    if (kind === 'model') return { output: { text: (request as { prompt: string }).prompt } };
    fails -= 1;
    if (fails >= 0) return { code: 'TOOL_UNAVAILABLE', detail: 'no' };
    const { city } = request as { city: string };
    return { output: { city, celsius: degrees[city] } };
  };
  expect(await outputOf(text, { cities: ['Cusco', 'Lima'] }, answers)).toEqual({
    ...{ warmest: { city: 'Lima', celsius: 19 }, approved_by: 'ana' },
    text: 'Say in one sentence that Lima has 19 degrees.',
  });
});

it('the example has a plan', () => {
  const { document, digest } = readWorkflow(text);
  const plan = planOf(document, digest);
  expect(plan.capabilities).toEqual(['jobs:start:workflow.run', 'slm:invoke:default', 'tool:execute:weather']);
  expect(planText(plan).slice(1, 4)).toEqual([
    '* /do/0/ask/do/0/weather/try/0/call  call weather, at most 3000×',
    '* /do/2/review  listen, at most 1×',
    '* /do/3/tell  call default, at most 1×',
  ]);
});
