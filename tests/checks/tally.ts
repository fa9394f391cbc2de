/** Counts of a run. A step of the runner counts as one test. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 };

/** Adds two tallies. */
export const add = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

export const lineOf = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** The counted part of vitest's JSON report. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Error of the file itself: it did not load, or a hook threw. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName?: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

const MESSAGE_LINES_MAX = 12;

/** Returns the failures with their reasons, a few lines each, as a person reads them before any log. */
export function failuresOf(json: string | undefined, root: string): string[] {
  if (json === undefined) return [];
  const shorten = (text: string): string => text.split('\n').slice(0, MESSAGE_LINES_MAX).join('\n      ');
  return (JSON.parse(json) as VitestReport).testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message = '', assertionResults }) => {
      const file = name.replace(`${root}/`, '');
      const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
      if (failed.length === 0) return [`${file}\n      ${shorten(message)}`];
      return failed.map(
        ({ fullName = '', failureMessages = [] }) => `${file}: ${fullName}\n      ${shorten(failureMessages[0] ?? '')}`,
      );
    });
}

/** Returns the files, from the root, that failed: a test of theirs, or the file itself. */
export function failedFilesOf(json: string | undefined, root: string): string[] {
  if (json === undefined) return [];
  return (JSON.parse(json) as VitestReport).testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name }) => name.replace(`${root}/`, ''));
}

/**
 * Returns the report of a run with the results of files that ran again in place of their first ones. Both are vitest's JSON
 * reports; the second one must hold whole files.
 */
export function withSecondRun(json: string, again: string): string {
  const first = JSON.parse(json) as VitestReport;
  const second = new Map((JSON.parse(again) as VitestReport).testResults.map((file) => [file.name, file]));
  const testResults = first.testResults.map((file) => second.get(file.name) ?? file);
  const count = (...wanted: readonly string[]): number =>
    testResults.flatMap((file) => file.assertionResults).filter(({ status }) => wanted.includes(status)).length;
  const counted: VitestReport = {
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('pending', 'skipped', 'disabled'),
    numTodoTests: count('todo'),
    testResults,
  };
  return JSON.stringify(counted);
}

/**
 * Counts vitest's JSON report. A file that failed without a failed test in it (it did not load, a hook threw) is one
 * failure; so is a failed run without failures, a run without a report, and a run without tests.
 */
export function tallyVitest(json: string | undefined, ok: boolean): Tally {
  if (json === undefined) return { ...nothing, failed: 1 };
  const report = JSON.parse(json) as VitestReport;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + broken;
  const unexplained = failed === 0 && (!ok || report.numPassedTests === 0) ? 1 : 0;
  return {
    passed: report.numPassedTests,
    failed: failed + unexplained,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

interface Covered {
  readonly lines: { readonly total: number; readonly covered: number };
}

export interface Share {
  readonly name: string;
  readonly percent: number;
  readonly least: number;
  readonly ok: boolean;
}

/** Minimum share of covered lines, in percent: of all code, and of the processors. */
const shares: readonly { name: string; least: number; of: RegExp }[] = [
  { name: 'coverage of all lines', least: 80, of: /./ },
  { name: 'coverage of streams/', least: 95, of: /[\\/]streams[\\/]/ },
];

/** Reads istanbul's json-summary. A part without any line counts as not covered. */
export function coverageShares(json: string, root: string): Share[] {
  const files = Object.entries(JSON.parse(json) as Record<string, Covered>).filter(([path]) => path !== 'total');
  return shares.map(({ name, least, of }) => {
    const lines = files.filter(([path]) => of.test(path.replace(root, ''))).map(([, file]) => file.lines);
    const total = lines.reduce((sum, line) => sum + line.total, 0);
    const percent = total === 0 ? 0 : (100 * lines.reduce((sum, line) => sum + line.covered, 0)) / total;
    return { name, percent, least, ok: percent >= least };
  });
}
