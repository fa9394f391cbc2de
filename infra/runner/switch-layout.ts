import type { Topology, TopologyLayout } from '../../streams/kernel.ts';
import { announce, type Layout, LayoutError, readLayout, writeLayout } from '../kafka/layout.ts';
import type { Log, Transactor } from '../kafka/port.ts';
import { withTransactor } from '../kafka/with-transactor.ts';
import type { RunnerDependencies } from './lives.ts';
import { switchTopologies } from './switch-topologies.ts';

/** Transactional id of a switch: a newer tool fences an older one. Also the name of its group, which commits nothing. */
export const SWITCH_ID = 'khipu.layout';

export interface SwitchOptions {
  readonly to: TopologyLayout;
  /** Returns the topologies of a layout that differ between layouts. */
  readonly topologiesOf: (layout: TopologyLayout) => readonly Topology[];
  /** Rejects while a process of the platform runs. */
  readonly expectStopped: () => Promise<void>;
  readonly dependencies: RunnerDependencies;
}

/**
 * Moves a stopped platform to another layout of its topologies, in a new epoch. Announces the switch, after which no
 * process starts or takes over; drains and fences the old tasks and positions the new ones (`switchTopologies`); raises
 * the epoch. May be interrupted at any point and run again. Resolves with the new layout, at once when the platform has
 * it already. Rejects with LayoutError NOT_SET_UP, PARTITIONS_GROWING or LAYOUT_SWITCHING (to another layout), with the
 * error of `expectStopped`, and with LogError.
 */
export const switchLayout = (options: SwitchOptions): Promise<Layout> =>
  withTransactor(options.dependencies.log, SWITCH_ID, (transactor) => switchWith(transactor, options));

async function switchWith(
  transactor: Transactor,
  { to, topologiesOf, expectStopped, dependencies }: SwitchOptions,
): Promise<Layout> {
  const { log, clock } = dependencies;
  const write = (next: Layout): Promise<void> => writeLayout(log, transactor, next, { group: SWITCH_ID, clock });
  const layout = await readyToSwitch(log, to);
  if (layout.topologies === to) return layout;
  if (layout.switching === null) {
    await expectStopped();
    await announce(layout, { ...layout, switching: { to } }, write, expectStopped);
  }
  await switchTopologies(topologiesOf(layout.topologies), topologiesOf(to), dependencies);
  const switched: Layout = { ...layout, epoch: layout.epoch + 1, topologies: to, switching: null };
  await write(switched);
  return switched;
}

async function readyToSwitch(log: Log, to: TopologyLayout): Promise<Layout> {
  const layout = await readLayout(log);
  if (layout === null) throw new LayoutError('NOT_SET_UP', 'the log has no topics of the platform; run khipu setup');
  const { growing, switching } = layout;
  if (growing !== null)
    throw new LayoutError('PARTITIONS_GROWING', `complete khipu topics grow --to ${growing.to} before a switch`);
  if (switching !== null && switching.to !== to)
    throw new LayoutError('LAYOUT_SWITCHING', `a switch to ${switching.to} is under way; complete it first`);
  return layout;
}
