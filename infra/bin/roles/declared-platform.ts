import type { DeclaredPlatform, DeclaredReader } from '../../../gateways/shared/declared-platform.ts';
import { allCaches, allProjections } from '../../../projections/all.ts';
import { writtenBy } from '../../../schemas/topics.ts';
import { declaredProcessors, declaredTopologies } from '../../../streams/all.ts';
import { createLogger } from '../../kit/logger.ts';
import { groupReaders } from '../log/readers.ts';
import { type Registered, registered } from './names.ts';

/** Returns the declarations of this release. */
export function declaredPlatform(from: Registered = registered): DeclaredPlatform {
  const topologyOf = new Map(
    declaredTopologies('chained', from)
      .filter(({ members }) => members.length > 1)
      .flatMap(({ name, members }) => members.map((member) => [member.name, name])),
  );
  const observers = Object.values(from.observers).map((make) => make(createLogger('cli', 'silent')));
  const readers: DeclaredReader[] = [
    ...declaredProcessors(from).map(({ name, inputs }) => ({
      ...{ name, kind: 'processor' as const, topology: topologyOf.get(name) ?? null },
      ...{ reads: inputs.map((topic) => topic.name as string), writes: writtenBy(name) },
    })),
    ...Object.values(from.workers).map(({ name, inputs }) => ({
      ...{ name, kind: 'worker' as const, topology: null },
      ...{ reads: inputs.map((topic) => topic.name as string), writes: writtenBy(name) },
    })),
    ...observers.map(({ name, topic }) => ({
      ...{ name, kind: 'observer' as const, topology: null, reads: [topic], writes: [] },
    })),
    ...[...allProjections, ...allCaches].map(({ name, inputs }) => ({
      ...{ name, kind: 'view' as const, topology: null },
      ...{ reads: inputs.map((topic) => topic.name as string), writes: [] },
    })),
  ];
  return { readers, groups: (layout) => groupReaders(layout, from) };
}
