import type { Command } from 'commander';
import type { SandboxReport, TierReport } from '../../sandbox/doctor.ts';
import { jsonOption, print } from '../show/print.ts';

const linesOf = ({ tier, available, by, languages, lacks, advice }: TierReport): readonly string[] => [
  `${available ? 'yes' : 'no '}  ${tier.padEnd(8)} ${[by ?? 'not installed', languages.join(', ')].filter((each) => each !== '').join('; ')}`,
  ...lacks.map((each) => `     lacks: ${each}`),
  ...advice.map((each) => `     to do: ${each}`),
];

/** Returns the report for a person. */
export const reportLines = ({ tiers, uid, cgroup }: SandboxReport): readonly string[] => [
  ...tiers.flatMap(linesOf),
  `sandboxes run as ${uid === null ? 'the user of this process' : `user ${uid}`}`,
  cgroup === null
    ? 'no control group can be made: memory of all processes together is sampled, not bounded by the kernel'
    : `control groups ${cgroup} bound memory and processes together`,
];

async function doctor({ json }: { readonly json?: true }): Promise<void> {
  const { examineSandboxes } = await import('../../sandbox/doctor.ts');
  const report = await examineSandboxes();
  print(json, report, () => reportLines(report));
}

/** Registers `khipu sandbox doctor`, which tries the tiers of sandboxes on this machine. */
export function register(program: Command): void {
  program
    .command('sandbox')
    .description('the sandboxes that programs of tools run in')
    .command('doctor')
    .description('try each tier on this machine, and show what is missing and what to install')
    .option(...jsonOption)
    .action(doctor);
}
