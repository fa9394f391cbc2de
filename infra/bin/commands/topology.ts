import { type Command, Option } from 'commander';
import { declaredTopologies } from '../../../streams/all.ts';
import type { AnyTopic, TopologyLayout } from '../../../streams/kernel.ts';
import { failure } from '../failure.ts';

const names = (topics: readonly AnyTopic[]): readonly string[] => topics.map(({ name }) => name);

async function show({ json }: { readonly json?: true }): Promise<void> {
  const { readLayout } = await import('../../kafka/layout.ts');
  const { withLog } = await import('../roles/with-log.ts');
  const layout = await withLog((log) => readLayout(log));
  if (layout === null) throw failure('NOT_SET_UP', 'the log has no topics of the platform; run khipu setup');
  const { epoch, topologies, partitions, growing, switching } = layout;
  const shown = declaredTopologies(topologies).map(({ name, members, external, internal }) => ({
    ...{ name, members: members.map((member) => member.name) },
    ...{ reads: names(external), hands_on: names(internal) },
  }));
  const report = { layout: topologies, epoch, partitions, growing, switching, topologies: shown };
  if (json === true) return console.log(JSON.stringify(report, null, 2));
  const change = growing === null && switching === null ? '' : '; a change is under way';
  console.log(`layout ${topologies}, epoch ${epoch}, ${partitions} partitions${change}`);
  for (const { name, members, reads, hands_on: handsOn } of shown) {
    console.log(`\n${name}${members.length > 1 ? `: ${members.join(', ')}` : ''}`);
    console.log(`  reads     ${reads.join(', ')}`);
    if (handsOn.length > 0) console.log(`  hands on  ${handsOn.join(', ')}`);
  }
}

interface SwitchOptions {
  readonly to: TopologyLayout;
  readonly json?: true;
}

/** Registers `khipu topology`, which shows how processors run, and switches a stopped platform to another layout. */
export function register(program: Command): void {
  const topology = program.command('topology').description('how processors run: chained in one task, or apart');
  const to = () =>
    new Option('--to <layout>', 'layout of the topologies').choices(['chained', 'apart']).makeOptionMandatory();
  topology
    .command('show')
    .description('print the layout, its epoch and the topologies')
    .option('--json', 'print as JSON')
    .action(show);
  topology
    .command('plan')
    .description('print what a switch would do, and change nothing')
    .addOption(to())
    .option('--json', 'print as JSON')
    .action(async (options: SwitchOptions) => {
      const { planCommand } = await import('../topology/switch.ts');
      await planCommand(options);
      process.exit(0);
    });
  topology
    .command('switch')
    .description('move a stopped platform to another layout; run it again to complete one that was interrupted')
    .addOption(to())
    .option('--json', 'print as JSON')
    .action(async (options: SwitchOptions) => {
      const { switchCommand } = await import('../topology/switch.ts');
      await switchCommand(options);
      process.exit(0);
    });
}
