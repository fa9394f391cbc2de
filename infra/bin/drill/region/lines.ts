import { reportLines } from '../../region/lines.ts';
import type { FailoverReport } from './failover.ts';

/** Returns true when nothing is torn, doubled or undecided. Lost sessions are a measure, not a fault. */
export const isClean = ({ torn, doubled, undecided }: FailoverReport): boolean =>
  torn === 0 && doubled.length === 0 && undecided.length === 0;

/** Returns a report as text. */
export const failoverLines = (report: FailoverReport): readonly string[] => [
  ...Object.entries(report.steps).map(([name, ms]) => `${name.padEnd(32)} ${ms} ms`),
  `RTO, loss to first new session   ${report.rto_ms} ms`,
  `RPO, oldest lost acknowledgement ${report.rpo_ms} ms`,
  `acknowledged ${report.acknowledged}, lost ${report.lost.length}`,
  ...report.lost.map(({ sessionId, beforeLossMs }) => `  session ${sessionId}, ${beforeLossMs} ms before the loss`),
  ...reportLines(report.promotion),
  `log of the second region: ${report.records} records, ${report.torn} torn, ${report.doubled.length} doubled, ` +
    `${report.undecided.length} commands without decision or effect`,
  ...[...report.doubled, ...report.undecided].slice(0, 50).map((name) => `  ${name}`),
];
