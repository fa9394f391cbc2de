/**
 * A test runner for Stryker that keeps modules loaded between mutants. Stryker's vitest runner restarts vitest for each
 * mutant and imports everything again: 1.4 s of CPU each, compared with 10 to 100 ms here. Modules are reloaded when a
 * mutant is in code that runs at import, and when a failed test may have left work running.
 */
import { resolve } from 'node:path';
import type { StrykerOptions } from '@stryker-mutator/api/core';
import type { Ignorer } from '@stryker-mutator/api/ignore';
import { commonTokens, declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import { loadTests, redirectImports } from './generation.ts';
import { type Result, runTests } from './run-tests.ts';
import type { Suite, Test } from './suite.ts';

/** The object that selects the active mutant in instrumented code and collects its coverage. */
interface Switch {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** Added to five times the test's unmutated time: the machine may be busy. */
const GRACE_MS = 4_000;

class InProcessRunner implements TestRunner {
  static readonly inject: ['options'] = [commonTokens.options];
  /** Ordered by duration, once known: most mutants are caught by the unit tests next to them. */
  #files: readonly string[];
  readonly #switch: Switch;
  readonly #unmutatedMs = new Map<string, number>();
  #suites: readonly Suite[] | null = null;

  constructor(options: StrykerOptions) {
    const { files } = options['inProcess'] as { readonly files: readonly string[] };
    this.#files = files.map((file) => resolve(file));
    const holder = globalThis as unknown as { __stryker__?: Switch };
    holder.__stryker__ ??= {};
    this.#switch = holder.__stryker__;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    // Results must not depend on chance, and a hundred runs per property would be repeated for a thousand mutants.
    fc.configureGlobal({ seed: 20_260_101, numRuns: 40 });
    redirectImports(process.cwd());
    // A mutant may leave a rejected promise behind. Only a failed test catches a mutant.
    process.on('unhandledRejection', () => undefined);
    process.on('uncaughtException', () => undefined);
  }

  async dryRun(): Promise<DryRunResult> {
    this.#switch.mutantCoverage = { static: {}, perTest: {} };
    this.#suites = await loadTests(this.#files);
    const results = await this.#run(undefined, false);
    for (const { test, ms } of results) this.#unmutatedMs.set(test.id, ms);
    const msOf = (file: string): number =>
      results.reduce((sum, { test, ms }) => (test.file === file ? sum + ms : sum), 0);
    this.#files = this.#files.toSorted((a, b) => msOf(a) - msOf(b));
    this.#suites = null;
    return {
      status: DryRunStatus.Complete,
      tests: results.map(toTestResult),
      mutantCoverage: this.#switch.mutantCoverage,
    };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, mutantActivation, testFilter, hitLimit, reloadEnvironment } = options;
    this.#switch.hitCount = hitLimit === undefined ? undefined : 0;
    this.#switch.hitLimit = hitLimit;
    this.#switch.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    if (reloadEnvironment) this.#suites = null;
    try {
      this.#suites ??= await loadTests(this.#files);
    } catch (error) {
      this.#suites = null;
      return toMutantRunResult({ status: DryRunStatus.Error, errorMessage: String(error) });
    }
    this.#switch.activeMutant = activeMutant.id;
    const results = await this.#run(testFilter === undefined ? undefined : new Set(testFilter), !options.disableBail);
    this.#switch.activeMutant = undefined;
    const failed = results.filter(({ failure }) => failure !== undefined);
    if (failed.some(({ wasAsync }) => wasAsync)) this.#suites = null;
    const limited = determineHitLimitReached(this.#switch.hitCount, hitLimit);
    if (limited !== undefined) return toMutantRunResult(limited);
    if (failed.some(({ timedOut }) => timedOut)) return toMutantRunResult({ status: DryRunStatus.Timeout });
    return toMutantRunResult({ status: DryRunStatus.Complete, tests: results.map(toTestResult) });
  }

  async #run(only: ReadonlySet<string> | undefined, bail: boolean): Promise<readonly Result[]> {
    const results: Result[] = [];
    for (const suite of this.#suites ?? []) {
      const some = await runTests(suite, {
        only,
        bail,
        timeoutMsOf: ({ id }: Test) => GRACE_MS + 5 * (this.#unmutatedMs.get(id) ?? 10_000),
        onTest: (test) => {
          this.#switch.currentTestId = test?.id;
        },
      });
      results.push(...some);
      if (bail && some.some(({ failure }) => failure !== undefined)) break;
    }
    return results;
  }
}

const toTestResult = ({ test: { id, name, file: fileName }, ms, failure }: Result): TestResult => {
  const common = { id, name, fileName, timeSpentMs: ms };
  return failure === undefined
    ? { ...common, status: TestStatus.Success }
    : { ...common, status: TestStatus.Failed, failureMessage: failure };
};

/** The inspected part of Babel's node. */
interface Clause {
  readonly type: string;
  readonly test?: unknown;
  readonly consequent?: unknown;
}

/** `default: return assertNever(…)`: the type checker proves that it is never reached. */
const unreachable: Ignorer = {
  shouldIgnore(path) {
    const { node, parent } = path as { readonly node: Clause; readonly parent: Clause | null };
    const clause = [node, parent].find((candidate) => candidate?.type === 'SwitchCase');
    const unreached = clause?.test === null && JSON.stringify(clause.consequent).includes('"name":"assertNever"');
    return unreached ? 'never reached, by type' : undefined;
  },
};

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'assertNever', unreachable),
  declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner),
];
export const strykerValidationSchema = { properties: { inProcess: { type: 'object' } } };
