/** A run that dies at any place of its journal, any number of times, has the same result, and asks for the same. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Answers, ended, workflowJob } from './testing.ts';

const leaf = fc.oneof(
  fc.constantFrom({ call: 'tool-a', with: { n: '${ . }' } }, { call: 'tool-b' }, { call: 'bad' }),
  fc.constantFrom(
    { wait: { seconds: 1 } },
    { set: { n: '${ . }' } },
    { raise: { error: { type: 'https://a.test/x', status: 400 } } },
  ),
  fc.constantFrom(
    { emit: { event: { with: { source: 'https://a.test', type: 'made', data: '${ . }' } } } },
    { listen: { to: { one: { with: { type: 'go' } } } } },
  ),
);
const named = (tasks: readonly object[]) => tasks.map((task, n) => ({ [`t${n}`]: task }));
const { task } = fc.letrec<{ task: object; list: readonly object[] }>((tie) => ({
  list: fc.array(tie('task'), { minLength: 1, maxLength: 3 }).map((tasks) => named(tasks as object[])),
  task: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'workflow' },
    leaf,
    tie('list').map((list) => ({ do: list })),
    fc.tuple(tie('list'), fc.boolean()).map(([branches, compete]) => ({ fork: { branches, compete } })),
    fc.tuple(tie('list'), fc.option(fc.integer({ min: 1, max: 3 }), { nil: null })).map(([list, parallel]) => ({
      ...{ for: { in: '[1, 2, 3]' }, do: list },
      ...(parallel !== null && { metadata: { parallel } }),
    })),
    fc.tuple(tie('list'), tie('list')).map(([list, handler]) => ({
      try: list,
      catch: { retry: { delay: { seconds: 1 }, limit: { attempt: { count: 2 } } }, do: handler },
    })),
  ),
}));

const answers: Answers = ({ what, request }) =>
  what === 'bad' ? { code: 'TOOL_FAILED', detail: 'no' } : { output: { n: [what, request] } };

it('a run has one result wherever it dies', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(task, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(3), { maxLength: 8 }),
      async (tasks, crashes) => {
        const document = { dsl: '1.0.3', namespace: 'test', name: 'test', version: '1.0.0' };
        const text = JSON.stringify({ document, do: named(tasks as object[]) });
        const [whole, cut] = [workflowJob(text), workflowJob(text)];
        const untouched = await ended(whole, answers);
        const resumed = await ended(cut, answers, crashes);
        const { outcome, code } = untouched;
        expect({ ...resumed, detail: null }).toMatchObject({ outcome, code });
        expect(shown(resumed.output)).toEqual(shown(untouched.output));
        expect(cut.entries.length).toBeLessThan(2_000);
      },
    ),
    { numRuns: 50 },
  );
}, 120_000);

/** Returns a result without the times of its events. */
function shown(output: string | null): unknown {
  if (output === null) return null;
  return JSON.parse(output, (key, value: unknown) => (key === 'time' ? 'a time' : value)) as unknown;
}
