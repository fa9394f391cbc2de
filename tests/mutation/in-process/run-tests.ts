import type { Body, Hooks, Suite, Test } from './suite.ts';

export interface Result {
  readonly test: Test;
  readonly ms: number;
  /** Undefined when it passed. */
  readonly failure?: string;
  readonly timedOut: boolean;
  /** True when the test did not end in the same turn of the event loop: its work may still be running. */
  readonly wasAsync: boolean;
}

export interface Run {
  /** Ids to run; all when undefined. */
  readonly only: ReadonlySet<string> | undefined;
  /** Ends the run at the first failure. */
  readonly bail: boolean;
  readonly timeoutMsOf: (test: Test) => number;
  /** Called before each test, and with undefined after it. */
  readonly onTest: (test: Test | undefined) => void;
}

const isTest = (member: Suite | Test): member is Test => 'body' in member;
const messageOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Yields the tests of a suite and of its nested suites. */
export function* testsOf(suite: Suite): Generator<Test> {
  for (const member of suite.members) {
    if (isTest(member)) yield member;
    else yield* testsOf(member);
  }
}

class TimedOut extends Error {}

/** Runs the chosen tests of one file with their hooks, in order. */
export async function runTests(root: Suite, run: Run): Promise<readonly Result[]> {
  const results: Result[] = [];
  const failed = (): boolean => run.bail && results.some(({ failure }) => failure !== undefined);
  const chosen = (test: Test): boolean => run.only?.has(test.id) ?? true;

  async function runSuite(suite: Suite, outer: readonly Hooks[]): Promise<void> {
    const tests = [...testsOf(suite)].filter(chosen);
    if (tests.length === 0) return;
    const hooks = [...outer, suite.hooks];
    const broken = await outcomeOf(suite.hooks.beforeAll, 60_000);
    if (broken.failure !== undefined) results.push(...tests.map((test) => ({ test, ...broken })));
    else
      for (const member of suite.members) {
        if (failed()) break;
        if (!isTest(member)) await runSuite(member, hooks);
        else if (chosen(member)) results.push(await runTest(member, hooks));
      }
    await outcomeOf(suite.hooks.afterAll, 10_000);
  }

  async function runTest(test: Test, hooks: readonly Hooks[]): Promise<Result> {
    run.onTest(test);
    const before = hooks.flatMap(({ beforeEach }) => beforeEach);
    const outcome = await outcomeOf([...before, test.body], run.timeoutMsOf(test));
    const after = await outcomeOf(hooks.flatMap(({ afterEach }) => afterEach).reverse(), 10_000);
    run.onTest(undefined);
    return { test, ...(outcome.failure === undefined && after.failure !== undefined ? after : outcome) };
  }

  await runSuite(root, []);
  return results;
}

async function outcomeOf(bodies: readonly Body[], timeoutMs: number): Promise<Omit<Result, 'test'>> {
  const began = performance.now();
  let wasAsync = false;
  const ended = (rest: { readonly failure?: string; readonly timedOut: boolean }) => ({
    ms: performance.now() - began,
    wasAsync,
    ...rest,
  });
  try {
    for (const body of bodies) {
      const running = body({});
      if (!(running instanceof Promise)) continue;
      wasAsync = true;
      await within(running, timeoutMs);
    }
    return ended({ timedOut: false });
  } catch (error) {
    return ended({ failure: messageOf(error), timedOut: error instanceof TimedOut });
  }
}

async function within(running: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`not ended after ${timeoutMs} ms`)), timeoutMs);
  });
  await Promise.race([running, late]).finally(() => clearTimeout(timer));
}
