/**
 * The replacement for `vitest` while mutants run in one warm process: the same `expect` (vitest's own package), and
 * tests collected instead of run. Missing features (fake timers, spies, snapshots) fail on import or use.
 */
import { format } from 'node:util';
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  addCustomEqualityTesters,
  ChaiStyleAssertions,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import * as chai from 'chai';
import { addHook, addSuite, addTest, type Body } from './suite.ts';

for (const plugin of [JestExtend, JestChaiExpect, ChaiStyleAssertions, JestAsymmetricMatchers]) chai.use(plugin);

const matchers = (globalThis as unknown as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT];
export const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  matchers,
  { addEqualityTesters: addCustomEqualityTesters },
);
const state = { assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null, testPath: '' };
setState(state as never, expect as never);
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect, writable: true, configurable: true });

/** Fills `%s` and `$field` from the table's row, as vitest does. */
const titled = (name: string, row: readonly unknown[]): string => {
  const [first] = row;
  const named =
    typeof first === 'object' && first !== null
      ? name.replaceAll(/\$(\w+)/g, (_, field: string) => String((first as Record<string, unknown>)[field]))
      : name;
  const places = named.match(/%[sdifjo]/g)?.length ?? 0;
  return format(named, ...row.slice(0, places));
};

const each =
  <Declared>(
    add: (name: string, body: Declared) => void,
    bind: (body: Declared, row: readonly unknown[]) => Declared,
  ) =>
  (table: readonly unknown[]) =>
  (name: string, body: Declared): void => {
    for (const entry of table) {
      const row = Array.isArray(entry) ? (entry as readonly unknown[]) : [entry];
      add(titled(name, row), bind(body, row));
    }
  };

type Rows = (...row: readonly unknown[]) => unknown;
const bindTest =
  (body: Body, row: readonly unknown[]): Body =>
  () =>
    (body as Rows)(...row);

/**
 * Declares a test: `it(name, body)`, `it(name, body, timeout)` or `it(name, options, body)`; the runner sets the
 * timeout.
 */
const declareTest = (name: string, second: Body | object, third?: Body | number): void =>
  addTest(name, (typeof second === 'function' ? second : third) as Body);
const skipped = (): void => undefined;

export const it = Object.assign(declareTest, {
  each: each(addTest, bindTest),
  skip: skipped,
  skipIf: (condition: unknown) => (condition ? skipped : declareTest),
  runIf: (condition: unknown) => (condition ? declareTest : skipped),
});
export const test = it;

const declareSuite = (name: string, second: (() => void) | object, third?: () => void): void =>
  addSuite(name, (typeof second === 'function' ? second : third) as () => void);
export const describe = Object.assign(declareSuite, {
  each: each(addSuite, (body, row) => () => void (body as Rows)(...row)),
  skip: skipped,
  skipIf: (condition: unknown) => (condition ? skipped : declareSuite),
});

const hook = (kind: Parameters<typeof addHook>[0]) => (body: Body) => addHook(kind, body);
export const beforeAll = hook('beforeAll');
export const afterAll = hook('afterAll');
export const beforeEach = hook('beforeEach');
export const afterEach = hook('afterEach');

const POLL_MS = 10;

export const vi = {
  /** Retries until it does not throw; on timeout throws the last error. */
  async waitFor<T>(attempt: () => T | Promise<T>, { timeout = 1_000, interval = POLL_MS } = {}): Promise<T> {
    const endMs = performance.now() + timeout;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (performance.now() > endMs) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  },
};
