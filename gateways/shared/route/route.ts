import type { RecordName } from '../../../schemas/generated/records.ts';
import { topicOf } from '../../../schemas/topics.ts';
import type { App } from '../app-type.ts';
import type { FollowedTopic } from '../log/event-tail.ts';
import type { GatewayServices } from '../services.ts';

/** A declared route. Registration, documentation and the topics of the tail are derived from it. */
export interface Route<Needs = GatewayServices> {
  /** Outcome events of its command, whose topics the tail of the gateway reads. Empty for a route that waits for none. */
  readonly outcomes: readonly RecordName[];
  /** Topics that the tail reads for another purpose, such as a stream. */
  readonly follows: readonly FollowedTopic[];
  readonly register: (app: App, services: Needs) => void;
}

type Declared = Pick<Route, 'outcomes' | 'follows'>;

/** Returns the outcome events of these routes. */
export const outcomesOf = (routes: readonly Declared[]): readonly RecordName[] => [
  ...new Set(routes.flatMap(({ outcomes }) => outcomes)),
];

/** Returns the topics that the tail of a gateway with these routes reads. */
export function topicsOf(routes: readonly Declared[]): readonly FollowedTopic[] {
  const followed = [
    ...outcomesOf(routes).map((record): FollowedTopic => topicOf(record)),
    ...routes.flatMap(({ follows }) => follows),
  ];
  const byName = Map.groupBy(followed, ({ name }) => name);
  return [...byName].map(([name, all]) => ({ name, rewind: Math.max(...all.map(({ rewind = 0 }) => rewind)) }));
}
