/** Prints the table of docs/reference/agentdojo.md: `npm run agentdojo`. */

import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import { fixture } from './fixture.ts';
import { off, on } from './governance.ts';
import { playSuite, type Setting, type Tally } from './play.ts';

const settings: Readonly<Record<string, Setting>> = {
  'governance off': { constitution: off, isLabelled: false, person: 'knows the task' },
  'default constitution, labels': { constitution: defaultConstitution, isLabelled: true, person: 'knows the task' },
  'rules for untrusted content, a person who knows the task': {
    ...{ constitution: on, isLabelled: true, person: 'knows the task' },
  },
  'rules for untrusted content, no person': { constitution: on, isLabelled: true, person: 'absent' },
};

const share = (part: number, whole: number): string => `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
const sumOf = (tallies: readonly Tally[], of: (tally: Tally) => number): number =>
  tallies.reduce((sum, tally) => sum + of(tally), 0);

console.log(`${fixture.package}; ${new Date().toISOString().slice(0, 10)}\n`);
console.log(
  '| Setting | Suite | Attacks that succeed | of them by words alone | Benign tasks that succeed | Tasks that succeed under attack | Approvals of benign tasks |',
);
console.log('|---|---|---|---|---|---|---|');
for (const [name, setting] of Object.entries(settings)) {
  const at = performance.now();
  const tallies = fixture.suites.map((suite) => playSuite(suite, setting));
  for (const rows of [...tallies.map((tally) => [tally]), tallies]) {
    const [attacks, benign] = [sumOf(rows, (row) => row.attacks), sumOf(rows, (row) => row.benign)];
    const cells = [
      ...[name, rows.length === 1 ? (rows[0]?.suite ?? '') : 'all'],
      share(
        sumOf(rows, (row) => row.harmful),
        attacks,
      ),
      String(sumOf(rows, (row) => row.harmfulWords)),
      share(
        sumOf(rows, (row) => row.benignUseful),
        benign,
      ),
      share(
        sumOf(rows, (row) => row.usefulUnderAttack),
        attacks,
      ),
      `${sumOf(rows, (row) => row.approvals)} in ${sumOf(rows, (row) => row.benignAsked)} tasks`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.error(`${name}: ${Math.round(performance.now() - at)} ms`);
}
