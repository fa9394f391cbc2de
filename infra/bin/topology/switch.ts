import type { TopologyLayout } from '../../../streams/kernel.ts';
import { loadConfig } from '../../config.ts';
import { expectLayout } from '../../kafka/layout.ts';
import { switchLayout } from '../../runner/switch-layout.ts';
import { undrainedOf } from '../../runner/switch-topologies.ts';
import { withLocalParts } from '../roles/with-local-parts.ts';
import { type TopologyServices, withTopologies } from './services.ts';

interface Options {
  readonly to: TopologyLayout;
  readonly json?: true;
}

/** Returns what a switch of the layout would do. Changes nothing. */
async function planOf(to: TopologyLayout, { dependencies: { log }, topologiesOf }: TopologyServices) {
  const { epoch, topologies } = await expectLayout(log, { partitions: null, topologies: null });
  const from = topologiesOf(topologies);
  const left = topologies === to ? [] : await undrainedOf(log, from);
  return {
    ...{ from: topologies, to, epoch },
    stops: topologies === to ? [] : from.map(({ name }) => name),
    starts: topologies === to ? [] : topologiesOf(to).map(({ name }) => name),
    drains: left.map(({ topology, topic, partition, records }) => ({ topology, topic, partition, offsets: records })),
  };
}

/** Prints what a switch would do. */
export async function planCommand({ to, json }: Options): Promise<void> {
  const plan = await withLocalParts(process.env, (env) =>
    withTopologies(withoutLayout(env), (services) => planOf(to, services)),
  );
  if (json === true) return console.log(JSON.stringify(plan, null, 2));
  if (plan.stops.length === 0) return console.log(`The layout is ${to} already, in epoch ${plan.epoch}.`);
  for (const { topology, topic, partition, offsets } of plan.drains)
    console.log(`${topology.padEnd(16)} drains ${topic}/${partition}: up to ${offsets} offsets`);
  console.log(`${plan.stops.join(', ')} would give way to ${plan.starts.join(', ')}, in epoch ${plan.epoch + 1}.`);
  console.log('Nothing was changed.');
}

/** Switches a stopped platform to another layout. */
export async function switchCommand({ to, json }: Options): Promise<void> {
  const { epoch } = await withLocalParts(process.env, (env) =>
    withTopologies(withoutLayout(env), (services) => switchLayout({ to, ...services })),
  );
  if (json === true) return console.log(JSON.stringify({ layout: to, epoch }, null, 2));
  console.log(
    `The layout is ${to}, in epoch ${epoch}. Set KHIPU_LAYOUT=${to} where it is set, then start the platform.`,
  );
}

/** KHIPU_LAYOUT may name either layout here: the log says which it is. */
const withoutLayout = ({ KHIPU_LAYOUT: _, ...env }: NodeJS.ProcessEnv) => loadConfig(env);
