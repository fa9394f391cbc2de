import { describe, expect, it } from 'vitest';
import { type Answers, ended, outputOf, workflowJob } from './testing.ts';

/** Returns a document with these tasks. */
const flow = (tasks: readonly object[], more: object = {}): string =>
  JSON.stringify({ document: { dsl: '1.0.3', namespace: 'test', name: 'test', version: '1.0.0' }, ...more, do: tasks });

describe('a task that fans out', () => {
  const fan = (count: number, parallel: number): string =>
    flow([
      {
        each: {
          for: { each: 'n', in: `[range(${count})]` },
          metadata: { parallel },
          do: [{ ask: { call: 'square', with: { n: '${ $n }' } } }],
        },
      },
    ]);
  const count = Number(process.env['KHIPU_FAN_OUT'] ?? 200);
  const square: Answers = ({ request }) => ({ output: (request as { n: number }).n ** 2 });

  it(`calls ${count} tools, a bounded number at once, and keeps the order of the items`, async () => {
    let most = 0;
    const job = workflowJob(fan(count, 50));
    const end = await ended(job, (wait) => {
      most = Math.max(most, job.waits.size);
      return square(wait);
    });
    expect(JSON.parse(end.output ?? '')).toEqual(Array.from({ length: count }, (_, n) => n ** 2));
    expect(most).toBeLessThanOrEqual(50);
    expect(job.entries.filter(({ kind }) => kind === 'tool').length).toBe(count);
  }, 120_000);

  it('fails above 1,000 items', async () => {
    await expect(outputOf(fan(1_001, 10))).rejects.toThrow('WORKFLOW_FAN_OUT');
  });
});

describe('calls', () => {
  it('are made of tools, agents, models and jobs, with their arguments evaluated', async () => {
    const seen: unknown[] = [];
    const answers: Answers = (wait) => {
      seen.push([wait.kind, wait.what, wait.request]);
      return { output: wait.kind === 'agent' ? { text: '{"ok":true}', tokens: {}, labels: [] } : wait.kind };
    };
    const output = await outputOf(
      flow([
        { a: { call: 'weather', with: { city: '${ .city }' }, output: { as: '{ a: . }' } } },
        { b: { call: 'tool', with: { tool: 'other', arguments: { was: '${ .a }' } } } },
        { c: { call: 'job', with: { type: 'report', input: 1 } } },
        { d: { call: 'model', with: { prompt: '${ "Say \\(.)" }', max_tokens: 9 } } },
        {
          e: {
            call: 'agent',
            with: {
              ...{ agent: 'planner', prompt: 'Plan', tools: ['weather'], limits: { steps: 2, wall_ms: 1_000 } },
              output_schema: { type: 'object' },
            },
            output: { as: '.result' },
          },
        },
        { f: { call: 'http', with: { method: 'get', endpoint: 'https://a.test/{ok}', query: { q: 'x y' } } } },
      ]),
      { city: 'Cusco' },
      answers,
    );
    expect(output).toBe('tool');
    expect(seen).toEqual([
      ['tool', 'weather', { city: 'Cusco' }],
      ['tool', 'other', { was: 'tool' }],
      ['child', 'report', 1],
      ['model', '', { prompt: 'Say child', max_tokens: 9 }],
      [
        ...['agent', 'planner'],
        {
          prompt: 'Plan',
          tools: ['weather'],
          limits: { steps: 2, wall_ms: 1_000 },
          output_schema: '{"type":"object"}',
        },
      ],
      ['tool', 'http.fetch', { url: 'https://a.test/true?q=x+y', method: 'GET' }],
    ]);
  });

  it.each([
    ['POLICY_DENIED', 'authorization', 403],
    ['TOOL_TIMEOUT', 'timeout', 408],
    ['TOOL_UNKNOWN', 'communication', 502],
    ['JOB_FAILED', 'runtime', 500],
  ])('that fail with %s are errors of the type %s', async (code, type, status) => {
    const tasks = [
      { t: { try: [{ a: { call: 'weather' } }], catch: { as: 'e', do: [{ s: { set: { e: '${ $e }' } } }] } } },
    ];
    const output = await outputOf(flow(tasks), null, () => ({ code, detail: 'no' }));
    expect(output).toMatchObject({
      e: { code, status, instance: '/do/0/t/try/0/a', type: expect.stringMatching(new RegExp(`/${type}$`)) },
    });
  });
});

describe('a fork', () => {
  const branches = [{ a: { call: 'left' } }, { b: { call: 'right' } }];

  it('gives the outputs of its branches in their order', async () => {
    const output = await outputOf(flow([{ f: { fork: { branches } } }]), null, ({ what }) => ({ output: what }));
    expect(output).toEqual(['left', 'right']);
  });

  it('that competes gives the first one, and the others begin no further task', async () => {
    const asked: string[] = [];
    const slow = [{ a: { do: [{ x: { call: 'slow' } }, { y: { call: 'never' } }] } }, { b: { call: 'fast' } }];
    const job = workflowJob(
      flow([
        { f: { fork: { compete: true, branches: slow } } },
        { g: { wait: { seconds: 1 } } },
        { h: { set: '${ . }' } },
      ]),
    );
    const end = await ended(job, ({ what }) => {
      asked.push(what);
      // The slow one ends after the race.
      return what === 'slow' && asked.length < 4 ? undefined : { output: what };
    });
    expect(end.output).toBe('"fast"');
    expect(asked).not.toContain('never');
  });

  it('fails with the error of a branch', async () => {
    const failing = outputOf(flow([{ f: { fork: { branches } } }]), null, ({ what }) =>
      what === 'left' ? { output: 1 } : { code: 'TOOL_FAILED', detail: 'no' },
    );
    await expect(failing).rejects.toThrow('TOOL_FAILED: Communication Error (502) at /do/0/f/fork/branches/1/b: no');
  });
});

describe('errors', () => {
  const retried = (limit: object) =>
    flow([
      {
        t: {
          try: [{ a: { call: 'flaky' } }],
          catch: { retry: { delay: { seconds: 3 }, backoff: { exponential: {} }, limit } },
        },
      },
    ]);

  it('are retried as the policy says, with growing delays', async () => {
    let calls = 0;
    const flaky: Answers = () => {
      calls += 1;
      return calls < 3 ? { code: 'TOOL_FAILED', detail: 'no' } : { output: calls };
    };
    const job = workflowJob(retried({ attempt: { count: 3 } }));
    expect(await ended(job, flaky)).toMatchObject({ output: '3' });
    const waits = job.reports.flatMap((report) =>
      report.kind === 'wait' && report.wait.kind === 'sleep' ? [report] : [],
    );
    expect(new Set(waits.map(({ wait }) => wait.nth)).size).toBe(2);
  });

  it('are raised again when the retry is used up', async () => {
    const failing = outputOf(retried({ attempt: { count: 2 } }), null, () => ({ code: 'TOOL_FAILED', detail: 'no' }));
    await expect(failing).rejects.toThrow('TOOL_FAILED');
  });

  it('of an expression can be caught', async () => {
    const tasks = [
      {
        t: {
          try: [{ a: { set: { x: '${ .a.b.c | tonumber }' } } }],
          catch: { errors: { with: { status: 400 } }, do: [{ s: { set: { caught: true } } }] },
        },
      },
    ];
    expect(await outputOf(flow(tasks), { a: 'text' })).toEqual({ caught: true });
  });
});

describe('time and signals', () => {
  it('a task takes no longer than its time-out', async () => {
    const tasks = [{ a: { listen: { to: { one: { with: { type: 'approved' } } } }, timeout: { after: 'PT1M' } } }];
    await expect(outputOf(flow(tasks))).rejects.toThrow('WORKFLOW_TIMEOUT');
    expect(await outputOf(flow(tasks), null, () => ({ output: { by: 'ana' } }))).toEqual([{ by: 'ana' }]);
  });

  it('all of several signals are awaited, in their order', async () => {
    const to = { all: [{ with: { type: 'one' } }, { with: { type: 'two' } }] };
    const output = await outputOf(flow([{ a: { listen: { to } } }]), null, ({ what }) => ({ output: what }));
    expect(output).toEqual(['one', 'two']);
  });
});

describe('data', () => {
  it('flow through input, output, export and context, and are checked by schemas', async () => {
    const schema = { format: 'json', document: { type: 'object', required: ['n'] } };
    const tasks = [
      { a: { set: { n: '${ .n + 1 }' }, input: { schema }, export: { as: '{ first: .n }' } } },
      {
        b: { set: { n: '${ .n * 10 }', was: '${ $context.first }' }, output: { as: '. + { id: $task.name }', schema } },
      },
    ];
    expect(await outputOf(flow(tasks), { n: 1 })).toEqual({ n: 20, was: 2, id: 'b' });
    await expect(outputOf(flow(tasks), {})).rejects.toThrow('WORKFLOW_FAULTED: Validation Error (400) at /do/0/a');
  });

  it('a task whose condition does not hold passes its input on', async () => {
    const tasks = [{ a: { if: '.go', set: { went: true } } }];
    expect(await outputOf(flow(tasks), { go: false })).toEqual({ go: false });
  });

  it('a loop that does not end ends the run', async () => {
    const tasks = [{ a: { set: '${ . }' } }, { b: { set: '${ . }', then: 'a' } }];
    await expect(outputOf(flow(tasks), 1)).rejects.toThrow('WORKFLOW_STEPS_EXHAUSTED');
  });
});

describe('another workflow', () => {
  it('is a child that runs the document which came with the start', async () => {
    const child = flow([{ a: { set: { doubled: '${ .n * 2 }' } } }]).replace('"name":"test"', '"name":"child"');
    const job = workflowJob(
      flow([
        { r: { run: { workflow: { namespace: 'test', name: 'child', version: '1.0.0', input: { n: '${ .n }' } } } } },
      ]),
      { n: 4 },
      [child],
    );
    const end = await ended(job, ({ kind, what, request }) => {
      expect([kind, what]).toEqual(['child', 'workflow.run']);
      expect(request).toMatchObject({ workflow: { document: { name: 'child' } }, input: { n: 4 } });
      return { output: { doubled: 8 } };
    });
    expect(end.output).toBe('{"doubled":8}');
  });
});
