import { type Command, InvalidArgumentError, Option } from 'commander';
import { logClients } from '../../capacity/measured.ts';
import type { CapacityWish } from '../../capacity/plan.ts';
import { wholeNumber } from '../parse.ts';
import { jsonOption, print } from '../show/print.ts';

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 1e9)) throw new InvalidArgumentError('expected a number above 0, and at most 1e9');
  return value;
};
const share = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('expected a share above 0 and at most 1, such as 0.6');
  return value;
};

interface Options extends Omit<CapacityWish, 'prices'> {
  readonly coreHour?: number;
  readonly gbMonth?: number;
  readonly json?: true;
}

/** Registers `khipu capacity`, which works out from measured costs what a rate of turns needs. */
export function register(program: Command): void {
  program
    .command('capacity')
    .description('partitions, processes, brokers and disks for a rate of turns, from measured costs')
    .addOption(
      new Option('--turns-per-second <number>', 'turns a second at the peak').argParser(positive).makeOptionMandatory(),
    )
    .addOption(new Option('--client <name>', 'client behind the log port').choices(logClients).default('platformatic'))
    .option('--utilisation <share>', 'share of a core that a process is planned to use', share, 0.6)
    .option('--replication-factor <number>', 'copies of each partition', wholeNumber, 3)
    .option('--cores-per-broker <number>', 'cores of each broker', wholeNumber, 8)
    .option('--retention-days <days>', 'days that the log is kept', positive, 7)
    .option('--model-seconds <seconds>', 'time that the model takes for an answer', positive, 2)
    .option('--core-hour <price>', 'price of an hour of a core; with --gb-month, the plan has a cost', positive)
    .option('--gb-month <price>', 'price of a GB of disk for a month', positive)
    .option(...jsonOption)
    .action(async ({ json, coreHour, gbMonth, ...wish }: Options) => {
      const { planCapacity } = await import('../../capacity/plan.ts');
      const { linesOf } = await import('../capacity/lines.ts');
      if ((coreHour === undefined) !== (gbMonth === undefined))
        throw new InvalidArgumentError('--core-hour and --gb-month are given together');
      const prices = coreHour === undefined || gbMonth === undefined ? null : { coreHour, gbMonth };
      const plan = planCapacity({ ...wish, prices });
      print(json, plan, () => linesOf(plan));
    });
}
