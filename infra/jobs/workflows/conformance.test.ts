/**
 * Features of the specification, Serverless Workflow DSL 1.0.3, in the order of its conformance kit. The documents are written
 * from the specification; what other servers answer is what the test says.
 */
import { describe, expect, it } from 'vitest';
import { readWorkflow } from './document.ts';
import { type Answers, ended, outputOf, workflowJob } from './interpreter/testing.ts';

const header = `document: { dsl: '1.0.3', namespace: test, name: test, version: '1.0.0' }\n`;
const run = (tasks: string, input: unknown = null, answers?: Answers) =>
  outputOf(`${header}do:\n${tasks}`, input, answers);
const add = (name: string, color: string, more = '') =>
  `  - ${name}:\n      set: { colors: '\${ .colors + ["${color}"] }' }\n${more === '' ? '' : `      then: ${more}\n`}`;
const pet = { id: 1, name: 'Milou', status: 'available' };

describe('branch: a fork', () => {
  it('with competing branches completes with the output of one of them', async () => {
    const output = await run(`
  - race:
      fork:
        compete: true
        branches:
          - red: { set: { colors: '\${ .colors + ["red"] }' } }
          - green: { set: { colors: '\${ .colors + ["green"] }' } }`);
    expect(output).toEqual({ colors: ['red'] });
  });
});

describe('call: http', () => {
  const findPet = `
  - findPet:
      call: http
      with: { method: get, endpoint: { uri: 'https://pets.test/findByStatus?status={status}' } }
      output: { as: '.[0]' }`;

  it('fills in the members of its URI and gives the content', async () => {
    let asked: unknown;
    const output = await run(findPet, { status: 'available' }, ({ what, request }) => {
      asked = [what, request];
      return { output: [pet] };
    });
    expect(output).toEqual(pet);
    expect(asked).toEqual(['http.fetch', { url: 'https://pets.test/findByStatus?status=available', method: 'GET' }]);
  });
});

describe('data flow', () => {
  it('filters the input of a task', async () => {
    const tasks = `
  - setPlayer:
      input: { from: .user.claims.subject }
      set: { playerId: '\${ . }' }`;
    expect(await run(tasks, { user: { claims: { subject: 'x1' } } })).toEqual({ playerId: 'x1' });
  });

  it('filters the output of a task, which need not be an object', async () => {
    const tasks = `
  - one: { call: http, with: { method: get, endpoint: 'https://pets.test/{petId}' }, output: { as: .id } }
  - two:
      call: http
      with: { method: get, endpoint: 'https://pets.test/2' }
      output: { as: '{ ids: [ $input, .id ] }' }`;
    const answers: Answers = ({ request }) => ({ output: { id: Number((request as { url: string }).url.slice(-1)) } });
    expect(await run(tasks, { petId: 1 }, answers)).toEqual({ ids: [1, 2] });
  });
});

describe('do', () => {
  it('runs its tasks one after another', async () => {
    const tasks = `
  - all:
      do:
        - a: { set: { colors: '\${ .colors + ["red"] }' } }
        - b: { set: { colors: '\${ .colors + ["green"] }' } }`;
    expect(await run(tasks)).toEqual({ colors: ['red', 'green'] });
  });
});

describe('emit', () => {
  it('gives the event, with what a CloudEvent has', async () => {
    const tasks = `
  - greet:
      emit:
        event:
          with:
            source: https://source.test
            type: user.greeted.v1
            data: { greetings: '\${ "Hello \\(.first)!" }' }`;
    expect(await run(tasks.replaceAll('\\\\', '\\'), { first: 'Ana' })).toEqual({
      ...{ specversion: '1.0', source: 'https://source.test', type: 'user.greeted.v1' },
      ...{ id: expect.any(String), time: expect.any(String), data: { greetings: 'Hello Ana!' } },
    });
  });
});

describe('flow', () => {
  it('is the order of the list, unless a task says otherwise', async () => {
    expect(await run(add('a', 'red') + add('b', 'green'))).toEqual({ colors: ['red', 'green'] });
    const explicit = add('a', 'red', 'c') + add('b', 'blue', 'end') + add('c', 'green', 'b');
    expect(await run(explicit)).toEqual({ colors: ['red', 'green', 'blue'] });
  });

  it('leaves a list with exit, and the workflow with end', async () => {
    const inner = (then: string) => `
  - list:
      do:
        - a: { set: { n: 1 }, then: ${then} }
        - b: { set: { n: 2 } }
  - after: { set: { after: '\${ .n }' } }`;
    expect(await run(inner('exit'))).toEqual({ after: 1 });
    expect(await run(inner('end'))).toEqual({ n: 1 });
  });
});

describe('for', () => {
  it('gives each iteration the output of the one before, and its item and index', async () => {
    const tasks = `
  - loop:
      for: { each: color, in: .colors }
      do:
        - mark:
            set:
              done: '\${ { colors: (.done.colors + [$color]), at: (.done.at + [$index]) } }'`;
    expect(await run(tasks, { colors: ['red', 'green'] })).toEqual({ done: { colors: ['red', 'green'], at: [0, 1] } });
  });

  it('stops when its condition does not hold', async () => {
    const tasks = `
  - loop:
      for: { in: '[1, 2, 3, 4]' }
      while: (.sum // 0) < 3
      do:
        - sum: { set: { sum: '\${ (.sum // 0) + $item }' } }`;
    expect(await run(tasks)).toEqual({ sum: 3 });
  });
});

describe('raise', () => {
  it('faults the workflow with the error, whose instance is the task', async () => {
    const tasks = `
  - fail:
      raise: { error: { status: 400, type: 'https://errors.test/compliance', title: Compliance Error } }`;
    const end = await ended(workflowJob(`${header}do:${tasks}`));
    expect(end).toMatchObject({
      ...{ outcome: 'failed', code: 'WORKFLOW_FAULTED', retryable: false },
      detail: 'Compliance Error (400) at /do/0/fail',
    });
  });

  it('takes an error that the document defines', async () => {
    const document = `${header}use: { errors: { odd: { status: 422, type: 'https://errors.test/odd' } } }
do:
  - t:
      try: [{ fail: { raise: { error: odd } } }]
      catch: { errors: { with: { status: 422 } }, do: [{ s: { set: { at: '\${ $error.instance }' } } }] }`;
    expect(await outputOf(document)).toEqual({ at: '/do/0/t/try/0/fail' });
  });
});

describe('set', () => {
  it('gives the values, and those of expressions', async () => {
    const tasks = `
  - shape:
      set: { shape: circle, size: '\${ .size }' }`;
    expect(await run(tasks, { size: { width: 6 }, other: 1 })).toEqual({ shape: 'circle', size: { width: 6 } });
  });
});

describe('switch', () => {
  const document = (last: string) => `
  - choose:
      switch:
        - red: { when: '.color == "red"', then: red }
        - green: { when: '.color == "green"', then: green }
${last}
${add('red', 'red', 'end')}${add('green', 'green', 'end')}  - other: { set: { colors: '\${ [ $input.color ] }' } }`;
  const defaultCase = '        - any: { then: other }';

  it('goes on with the first case that holds, or the default', async () => {
    expect(await run(document(defaultCase), { color: 'green' })).toEqual({ colors: ['green'] });
    expect(await run(document(defaultCase), { color: 'yellow' })).toEqual({ colors: ['yellow'] });
  });

  it('without one that holds goes on as the task says', async () => {
    expect(await run(document('      then: end'), { color: 'yellow' })).toEqual({ color: 'yellow' });
  });
});

describe('try', () => {
  const tasks = (status: number) => `
  - t:
      try:
        - getPet: { call: http, with: { method: get, endpoint: 'https://pets.test/{petName}' } }
      catch:
        errors:
          with: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication', status: ${status} }
        as: err
        do:
          - set: { set: { error: '\${ $err }' } }`;
  const missing: Answers = () => ({ code: 'TOOL_REFUSED', detail: 'The other side answered with status 404' });

  it('handles an error that it catches', async () => {
    expect(await run(tasks(404), { petName: 'Milou' }, missing)).toEqual({
      error: {
        ...{ type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication', status: 404 },
        ...{ title: 'Communication Error', detail: 'The other side answered with status 404', code: 'TOOL_REFUSED' },
        instance: '/do/0/t/try/0/getPet',
      },
    });
  });

  it('faults with an error that it does not catch', async () => {
    await expect(run(tasks(503), { petName: 'Milou' }, missing)).rejects.toThrow('TOOL_REFUSED');
  });
});

describe('wait', () => {
  it.each(['PT5S', '{ seconds: 5 }'])('passes its input on after %s', async (duration) => {
    const job = workflowJob(`${header}do:\n  - nap: { wait: ${duration} }`, { n: 1 });
    expect(await ended(job)).toMatchObject({ output: '{"n":1}' });
    const [wait] = job.reports.flatMap((report) => (report.kind === 'wait' ? [report.wait] : []));
    expect(wait).toMatchObject({ kind: 'sleep', name: 'do.0.nap' });
  });
});

describe('listen', () => {
  it('gives the data of an event of a type', async () => {
    const tasks = `
  - approval: { listen: { to: { one: { with: { type: approved } } } } }`;
    expect(await run(tasks, null, ({ kind, what }) => ({ output: [kind, what] }))).toEqual([['signal', 'approved']]);
  });
});

describe('a construct that runs do not support is refused when it is read', () => {
  it.each([
    ['/schedule', `schedule: { every: PT1M }\ndo: [{ a: { set: { n: 1 } } }]`],
    ['/use/secrets', `use: { secrets: [key] }\ndo: [{ a: { set: { n: 1 } } }]`],
    ['/use/functions', `use: { functions: { f: { set: { n: 1 } } } }\ndo: [{ a: { set: { n: 1 } } }]`],
    ['/evaluate', `evaluate: { language: js }\ndo: [{ a: { set: { n: 1 } } }]`],
    [
      '/do/0/a/call',
      `do: [{ a: { call: grpc, with: { proto: { endpoint: 'https://x.test' }, service: { name: s, host: h }, method: m } } }]`,
    ],
    [
      '/do/0/a/call',
      `do: [{ a: { call: openapi, with: { document: { endpoint: 'https://x.test' }, operationId: o } } }]`,
    ],
    ['/do/0/a/call', `do: [{ a: { call: 'log:1.0.0@catalog' } }]`],
    [
      '/do/0/a/with/headers',
      `do: [{ a: { call: http, with: { method: get, endpoint: 'https://x.test', headers: { a: b } } } }]`,
    ],
    [
      '/do/0/a/with/output',
      `do: [{ a: { call: http, with: { method: get, endpoint: 'https://x.test', output: response } } }]`,
    ],
    [
      '/do/0/a/with/endpoint/authentication',
      `do: [{ a: { call: http, with: { method: get, endpoint: { uri: 'https://x.test', authentication: { basic: { username: a, password: b } } } } } }]`,
    ],
    ['/do/0/a/run/script', `do: [{ a: { run: { script: { language: js, code: '1' } } } }]`],
    ['/do/0/a/run/container', `do: [{ a: { run: { container: { image: x } } } }]`],
    ['/do/0/a/wait', `do: [{ a: { wait: P1M } }]`],
    [
      '/do/0/a/listen/to/one/with/source',
      `do: [{ a: { listen: { to: { one: { with: { type: t, source: 'https://x.test' } } } } } }]`,
    ],
    ['/do/0/a/set/n', `do: [{ a: { set: { n: 'Hello \${ .name }' } } }]`],
    [
      '/do/0/a/do/0/b/call',
      `do: [{ a: { do: [{ b: { call: openapi, with: { document: { endpoint: 'https://x.test' }, operationId: o } } }] } }]`,
    ],
  ])('%s', (pointer, text) => {
    expect(() => readWorkflow(header + text)).toThrow(
      expect.objectContaining({ code: 'WORKFLOW_UNSUPPORTED', pointer }),
    );
  });

  it.each([
    ['WORKFLOW_INVALID', '/do/0/a', 'do: [{ a: { sett: 1 } }]'],
    ['WORKFLOW_INVALID', '/do/0/a/then', 'do: [{ a: { set: { n: 1 }, then: b } }]'],
    ['WORKFLOW_INVALID', '/do/1/a', 'do: [{ a: { set: { n: 1 } } }, { a: { set: { n: 1 } } }]'],
    ['WORKFLOW_INVALID', '', 'do: ['],
    ['WORKFLOW_UNSUPPORTED', '', 'x: &a [1]\ndo: *a'],
    ['WORKFLOW_TOO_LARGE', '', `do: [{ a: { set: { n: '${'x'.repeat(50_000)}' } } }]`],
    ['WORKFLOW_TOO_LARGE', '', `do: [{ a: { set: { n: ${'['.repeat(70)}${']'.repeat(70)} } } }]`],
  ])('%s at %s', (code, pointer, text) => {
    expect(() => readWorkflow(header + text)).toThrow(expect.objectContaining({ code, pointer }));
  });

  it('and the digest of a document is that of its canonical form, as YAML or JSON', () => {
    const yaml = readWorkflow(`${header}do: [{ a: { set: { n: 1 } } }]`);
    const json = readWorkflow(JSON.stringify(yaml.document, null, 2));
    expect(json.digest).toBe(yaml.digest);
    expect(json.canonical).toBe(yaml.canonical);
  });
});
