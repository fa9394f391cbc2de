import { describe, expect, it } from 'vitest';
import { type Run, runTests, testsOf } from './run-tests.ts';
import { addHook, addSuite, addTest, declare, type Suite } from './suite.ts';

const told: string[] = [];
const tell = (what: string) => () => void told.push(what);

const declared = (body: () => void): Promise<Suite> => declare('/file.test.ts', async () => body());
const run = async (suite: Suite, over: Partial<Run> = {}) => {
  told.length = 0;
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
      addHook('beforeAll', tell('all'));
      addHook('beforeEach', tell('each'));
      addHook('afterEach', tell('each after'));
      addHook('afterAll', tell('all after'));
      addSuite('inner', () => {
        addHook('beforeEach', tell('inner each'));
        addHook('afterEach', tell('inner each after'));
        addTest('test', tell('test'));
      });
    });
    expect(await run(suite)).toEqual([['inner > test', 'passed']]);
    expect(told).toEqual(['all', 'each', 'inner each', 'test', 'inner each after', 'each after', 'all after']);
  });

  it('fail by what they throw, now or later, and by what never ends', async () => {
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

  it('fail all together when what stands before them does', async () => {
    const suite = await declared(() => {
      addHook('beforeAll', breaks);
      addTest('one', tell('one'));
      addTest('two', tell('two'));
    });
    expect(await run(suite)).toEqual([
      ['one', 'Error: broken'],
      ['two', 'Error: broken'],
    ]);
    expect(told).toEqual([]);
  });

  it('fail when what stands after them does', async () => {
    const suite = await declared(() => {
      addHook('afterEach', breaks);
      addTest('one', tell('one'));
    });
    expect(await run(suite)).toEqual([['one', 'Error: broken']]);
  });

  it('end at the first failure when asked to', async () => {
    const suite = await declared(() => {
      addTest('one', breaks);
      addTest('two', tell('two'));
      addSuite('inner', () => addTest('three', tell('three')));
    });
    expect(await run(suite, { bail: true })).toEqual([['one', 'Error: broken']]);
    expect(told).toEqual([]);
  });

  it('are chosen by id; a suite without a chosen one runs no hook', async () => {
    const suite = await declared(() => {
      addSuite('a', () => {
        addHook('beforeAll', tell('a'));
        addTest('same', tell('a same'));
      });
      addTest('same', tell('first'));
      addTest('same', tell('second'));
    });
    const ids = [...testsOf(suite)].map(({ id }) => id);
    expect(ids).toEqual(['/file.test.ts#a > same', '/file.test.ts#same', '/file.test.ts#same (2)']);
    expect(await run(suite, { only: new Set(ids.slice(2)) })).toEqual([['same', 'passed']]);
    expect(told).toEqual(['second']);
  });

  it('are told before and after, so that what they cover is theirs', async () => {
    const suite = await declared(() => {
      addHook('beforeAll', tell('all'));
      addTest('one', tell('one'));
    });
    await run(suite, { onTest: (test) => told.push(test?.name ?? 'none') });
    expect(told).toEqual(['all', 'one', 'one', 'none']);
  });

  it('are declared while their file is imported, not later', () => {
    expect(() => addTest('late', breaks)).toThrow('not later');
  });
});
