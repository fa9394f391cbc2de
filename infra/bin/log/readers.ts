import { declaredTopologies } from '../../../streams/all.ts';
import type { TopologyLayout } from '../../../streams/kernel.ts';
import { createLogger } from '../../kit/logger.ts';
import { groupOf } from '../../runner/names.ts';
import { type Registered, registered } from '../roles/names.ts';

/** A reader that commits its offsets under a consumer group. */
export interface GroupReader {
  readonly name: string;
  readonly kind: 'processor' | 'worker' | 'observer';
  readonly group: string;
  readonly topics: readonly string[];
}

const named = (kind: GroupReader['kind'], name: string, topics: readonly { readonly name: string }[]): GroupReader => ({
  name,
  kind,
  group: groupOf(name),
  topics: topics.map((topic) => topic.name),
});

/** Returns every topology, worker and observer of a layout, with the topics that its group reads. */
export function groupReaders(layout: TopologyLayout, from: Registered = registered): readonly GroupReader[] {
  const logger = createLogger('cli', 'fatal');
  return [
    ...declaredTopologies(layout, from).map(({ name, external }) => named('processor', name, external)),
    ...Object.values(from.workers).map(({ name, inputs }) => named('worker', name, inputs)),
    ...Object.values(from.observers)
      .map((make) => make(logger))
      .map(({ name, topic }) => named('observer', name, [{ name: topic }])),
  ];
}
