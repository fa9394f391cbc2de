import type { Report, Result } from './contract.ts';

/** The reports of a run that are not committed yet, in order; of progress only the last. */
export class ReportBuffer {
  #reports: Report[] = [];
  #results: Result[] = [];
  #progress: Report | null = null;

  add(report: Report): void {
    if (report.kind === 'progress') this.#progress = report;
    else this.#reports.push(report);
  }

  /** Adds the final entry of a step, whose result is delivered after the commit. */
  addResult(result: Result): void {
    this.#reports.push({ kind: 'entry', entry: result.entry });
    this.#results.push(result);
  }

  get isEmpty(): boolean {
    return this.#reports.length === 0 && this.#progress === null;
  }

  /** True when there is more than progress. */
  get hasReports(): boolean {
    return this.#reports.length > 0;
  }

  /** True when code of the handler waits for the commit. */
  get hasResults(): boolean {
    return this.#results.length > 0;
  }

  /** Returns all, and forgets them. */
  take(): { readonly reports: readonly Report[]; readonly results: readonly Result[] } {
    const reports = this.#progress === null ? this.#reports : [...this.#reports, this.#progress];
    const results = this.#results;
    this.#reports = [];
    this.#results = [];
    this.#progress = null;
    return { reports, results };
  }
}
