/**
 * `npm run chaos:agents`: kills, stalls and disconnects the processors, tool workers and approval notifiers of a platform that
 * runs agents with irreversible calls and approvals, and kills its gateways. Exit code 1 when a payment was made twice or was
 * lost, an approval was lost or used for other arguments, or a run did not end once.
 */
import { type AgentsChaosReport, runAgentsChaos } from './agents/run.ts';
import { chaosCommand } from './command.ts';
import { faultLines } from './faults/fault-lines.ts';

const isPassed = ({ verdict, missingNotices }: AgentsChaosReport): boolean => verdict.ok && missingNotices === 0;

function text(report: AgentsChaosReport): string {
  const { verdict, gateways, notices } = report;
  return [
    ...faultLines(report),
    `${verdict.runs} runs, ${verdict.payments} payments, ${verdict.unknown} outcomes unknown, ${notices} notices; ${gateways} gateways killed, ${report.processesStarted} processes started, ${report.revived} of them after an end of their own`,
    isPassed(report)
      ? 'passed: no payment made twice or lost, no approval lost or used for other arguments, every run ended once'
      : `FAILED: ${report.missingNotices} notices missing; logs in ${report.dir}\n${JSON.stringify(verdict.problems, null, 2)}`,
  ].join('\n');
}

await chaosCommand({
  name: 'chaos:agents',
  faults: { default: 500, lasts: 'about an hour', note: 'one in five kills a gateway' },
  plants: ['call-sent-again'],
  run: runAgentsChaos,
  ...{ isPassed, text },
});
