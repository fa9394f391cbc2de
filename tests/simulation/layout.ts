import { LAYOUT_KEY, type Layout, layoutRecord, layoutTopic } from '../../infra/kafka/layout.ts';
import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import type { TopologyLayout } from '../../streams/kernel.ts';

/** The layout in which processes start. */
export interface CurrentLayout {
  epoch: number;
  topologies: TopologyLayout;
  /** True from the announcement of a switch to its end: no process starts. */
  switching: boolean;
}

/** Creates the topic of the layout, with the first one. */
export function setUpLayout(broker: MemoryBroker, { epoch, topologies }: CurrentLayout, partitions: number): void {
  broker.createTopics([layoutTopic]);
  const layout: Layout = { epoch, partitions, topologies, begins: {}, growing: null, switching: null };
  broker.append([layoutRecord(LAYOUT_KEY, layout)]);
}
