import { type Command, InvalidArgumentError } from 'commander';
import { allTopics } from '../../../schemas/topics.ts';

interface AclOptions {
  readonly team?: string;
  readonly topics?: readonly string[];
  readonly apply?: true;
  readonly json?: true;
}

/** Goes into a shell's line and before a dot in the names of groups. `khipu…` would reach into ours. */
const teamName = (text: string): string => {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(text) || /^khipu/i.test(text))
    throw new InvalidArgumentError('expected letters, digits, - and _, and not khipu in front');
  return text;
};

async function list({ json }: { readonly json?: true }): Promise<void> {
  const { withLog } = await import('../roles/with-log.ts');
  const marks = await withLog((log) => log.watermarks(allTopics.map(({ name }) => name)));
  const rows = allTopics.map((topic) => ({
    topic: topic.name,
    kind: topic.kind,
    partitions: topic.partitions,
    offsets: marks.filter((mark) => mark.topic === topic.name).reduce((sum, { low, high }) => sum + high - low, 0),
    records: Object.keys(topic.records),
  }));
  if (json === true) return console.log(JSON.stringify(rows, null, 2));
  for (const { topic, partitions, offsets, records } of rows)
    console.log(
      `${topic.padEnd(22)} ${String(partitions).padStart(2)} partitions ${String(offsets).padStart(9)} offsets  ${records.join(', ')}`,
    );
}

async function acls({ team, topics, apply: wanted, json }: AclOptions): Promise<void> {
  const { apply, grantsOfRoles, grantsOfTeam } = await import('../roles/grants.ts');
  const { toBindings, toCommands } = await import('../../acl/kafka-acls.ts');
  const { failure } = await import('../failure.ts');
  if ((team === undefined) !== (topics === undefined)) throw failure('USAGE', 'a --team takes its --topics');
  const grants = team === undefined ? grantsOfRoles() : grantsOfTeam(team, topics ?? []);
  if (wanted === true) await apply(grants);
  console.log(json === true ? JSON.stringify(toBindings(grants), null, 2) : toCommands(grants).join('\n'));
}

/** `khipu topics`: the catalogue beside what stands in the log, and who may do what with it. */
export function register(program: Command): void {
  const topics = program
    .command('topics')
    .description('list the topics of the catalogue with how many offsets each holds')
    .option('--json', 'print JSON')
    .action(list);
  topics
    .command('acls')
    .description('print the least ACLs that each role of ours needs, or a team that subscribes')
    .option(
      '--team <principal>',
      'a team of another system, which gets groups that begin with its name and a dot',
      teamName,
    )
    .option('--topics <names>', 'what it may read, comma-separated: topics of events and decisions', (text) =>
      text.split(','),
    )
    .option('--apply', 'grant them too, with the login of KAFKA_SASL_*; nothing is taken back')
    .option('--json', 'print as AclBindings in JSON instead of commands of kafka-acls.sh')
    // --json is an option of both, and the outer command takes it.
    .action((_, command: Command) => acls(command.optsWithGlobals()));
}
