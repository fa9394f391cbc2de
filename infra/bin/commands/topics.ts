import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TopologyLayout } from '../../../streams/kernel.ts';
import { wholeNumber } from '../parse.ts';
import type { ListOptions } from '../topics/list.ts';

interface AclOptions {
  readonly team?: string;
  readonly topics?: readonly string[];
  readonly layout?: TopologyLayout;
  readonly apply?: true;
  readonly json?: true;
}

/** Parses a team name: it becomes part of shell commands and the prefix of group names, so `khipu…` would match our own groups. */
const teamName = (text: string): string => {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(text) || /^khipu/i.test(text))
    throw new InvalidArgumentError('expected letters, digits, - and _, not beginning with khipu');
  return text;
};

async function acls({ team, topics, layout = 'chained', apply: wanted, json }: AclOptions): Promise<void> {
  const { apply, grantsOfRoles, grantsOfTeam } = await import('../roles/grants.ts');
  const { registered } = await import('../roles/names.ts');
  const { toBindings, toCommands } = await import('../../kafka/acl/kafka-acls.ts');
  const { failure } = await import('../failure.ts');
  if ((team === undefined) !== (topics === undefined))
    throw failure('USAGE', '--team and --topics must be used together');
  const grants = team === undefined ? grantsOfRoles(registered, layout) : grantsOfTeam(team, topics ?? []);
  if (wanted === true) await apply(grants);
  console.log(json === true ? JSON.stringify(toBindings(grants), null, 2) : toCommands(grants).join('\n'));
}

/** Parses a number of partitions. What it may be depends on the platform. */
const partitionCount = (text: string): number => {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('expected a number');
  return Number(text);
};

/** Registers `khipu topics`, which shows the activity of the catalogue, prints ACLs, and adds partitions. */
export function register(program: Command): void {
  const topics = program
    .command('topics')
    .description('show the topics of the catalogue with rate, age of the last record, and largest lag')
    .option('--watch <seconds>', 'how long to count new records', wholeNumber, 1)
    .option('--json', 'print JSON')
    .action(async (options: ListOptions) => {
      const { listTopics } = await import('../topics/list.ts');
      await listTopics(options);
    });
  topics
    .command('acls')
    .description('print the minimal ACLs of each of our roles, or of a subscribing team')
    .option(
      '--team <principal>',
      'a team of another system; it may use groups that begin with its name and a dot',
      teamName,
    )
    .option(
      '--topics <names>',
      'topics that the team may read, comma-separated: topics of events and decisions',
      (text) => text.split(','),
    )
    .addOption(
      new Option('--layout <layout>', 'layout of the topologies; default: chained').choices(['chained', 'apart']),
    )
    .option('--apply', 'also grant the ACLs, with the login of KAFKA_SASL_*; existing ACLs are never removed')
    .option('--json', 'print as AclBindings in JSON instead of commands of kafka-acls.sh')
    // Both commands have --json, and commander assigns it to the outer one.
    .action((_, command: Command) => acls(command.optsWithGlobals()));
  topics
    .command('grow')
    .description('move a stopped platform to more partitions; run it again to complete one that was interrupted')
    .requiredOption('--to <partitions>', 'a power of two above the present number, up to 256', partitionCount)
    .option('--plan', 'show what would be done, and change nothing')
    .option('--json', 'print as JSON')
    .action(async (_, command: Command) => {
      const { growCommand } = await import('../growth/command.ts');
      await growCommand(command.optsWithGlobals());
      process.exit(0);
    });
}
