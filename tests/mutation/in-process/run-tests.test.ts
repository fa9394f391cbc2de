import { describe, expect, it } from 'vitest';
import { type Run, runTests, testsOf } from './run-tests.ts';
import { addHook, addSuite, addTest, declare, type Suite } from './suite.ts';

const calls: string[] = [];
const record = (what: string) => () => void calls.push(what);

const declared = (body: () => void): Promise<Suite> => declare('/file.test.ts', async () => body());
const run = async (suite: Suite, over: Partial<Run> = {}) => {
  calls.length = 0;
  const results = await runTests(suite, {
    only: undefined,
    bail: false,
    timeoutMsOf: () => 1_000,
    onTest: () => undefined,
    ...over,
  });
  return results.map(({ test, failure }) => [test.name, failure === undefined ? 'passed' : failure.split('\n')[0]]);
};
const breaks = (): never => {
  throw new Error('broken');
};

describe('tests run in this process', () => {
  it('run with their hooks, the outer ones around the inner ones', async () => {
    const suite = await declared(() => {
      addHook('beforeAll', record('all'));
      addHook('beforeEach', record('each'));
      addHook('afterEach', record('each after'));
      addHook('afterAll', record('all after'));
      addSuite('inner', () => {
        addHook('beforeEach', record('inner each'));
        addHook('afterEach', record('inner each after'));
        addTest('test', record('test'));
      });
    });
    expect(await run(suite)).toEqual([['inner > test', 'passed']]);
    expect(calls).toEqual(['all', 'each', 'inner each', 'test', 'inner each after', 'each after', 'all after']);
  });

  it('fail by a synchronous or asynchronous error, and by a timeout', async () => {
    const suite = await declared(() => {
      addTest('throws', breaks);
      addTest('rejects', async () => breaks());
      addTest('hangs', () => new Promise(() => undefined));
      addTest('passes', async () => 'fine');
    });
    expect(await run(suite, { timeoutMsOf: () => 20 })).toEqual([
      ['throws', 'Error: broken'],
      ['rejects', 'Error: broken'],
      ['hangs', 'Error: not ended after 20 ms'],
      ['passes', 'passed'],
    ]);
  });

  it('all fail when a beforeAll hook fails', async () => {
    const suite = await declared(() => {
      addHook('beforeAll', breaks);
      addTest('one', record('one'));
      addTest('two', record('two'));
    });
    expect(await run(suite)).toEqual([
      ['one', 'Error: broken'],
      ['two', 'Error: broken'],
    ]);
    expect(calls).toEqual([]);
  });

  it('fail when a hook after them fails', async () => {
    const suite = await declared(() => {
      addHook('afterEach', breaks);
      addTest('one', record('one'));
    });
    expect(await run(suite)).toEqual([['one', 'Error: broken']]);
  });

  it('end at the first failure with `bail`', async () => {
    const suite = await declared(() => {
      addTest('one', breaks);
      addTest('two', record('two'));
      addSuite('inner', () => addTest('three', record('three')));
    });
    expect(await run(suite, { bail: true })).toEqual([['one', 'Error: broken']]);
    expect(calls).toEqual([]);
  });

  it('are selected by id; a suite without a selected test runs no hook', async () => {
    const suite = await declared(() => {
      addSuite('a', () => {
        addHook('beforeAll', record('a'));
        addTest('same', record('a same'));
      });
      addTest('same', record('first'));
      addTest('same', record('second'));
    });
    const ids = [...testsOf(suite)].map(({ id }) => id);
    expect(ids).toEqual(['/file.test.ts#a > same', '/file.test.ts#same', '/file.test.ts#same (2)']);
    expect(await run(suite, { only: new Set(ids.slice(2)) })).toEqual([['same', 'passed']]);
    expect(calls).toEqual(['second']);
  });

  it('are announced before and after, so that coverage is attributed to them', async () => {
    const suite = await declared(() => {
      addHook('beforeAll', record('all'));
      addTest('one', record('one'));
    });
    await run(suite, { onTest: (test) => calls.push(test?.name ?? 'none') });
    expect(calls).toEqual(['all', 'one', 'one', 'none']);
  });

  it('are declared while their file is imported, not later', () => {
    expect(() => addTest('late', breaks)).toThrow('not later');
  });
});
