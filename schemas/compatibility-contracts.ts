import { breaks, closedEnums, compatibilityOf } from './compatibility-rules.ts';
import { schemas } from './generated/schemas.ts';
import { snakeCase } from './naming.ts';
import { allTopics, type Spread, type TopicKind } from './topics.ts';

interface Place {
  readonly topic: string;
  /** Field with the Kafka key, by its name on the wire. */
  readonly key: string;
}
export interface TopicShape {
  readonly kind: TopicKind;
  readonly spread: Spread;
  readonly cleanup: string;
  readonly governed: boolean;
}
/** The current contracts of external readers. */
export interface Contracts {
  readonly topics: Readonly<Record<string, TopicShape>>;
  readonly records: Readonly<Record<string, Place & { readonly schema: string }>>;
}
/** The released contracts, with every released version. */
export interface Released {
  readonly versions: readonly string[];
  readonly topics: Readonly<Record<string, TopicShape>>;
  readonly records: Readonly<Record<string, Place & { readonly schemas: Readonly<Record<string, string>> }>>;
}

/** Returns the contracts of the generated schemas and the catalogue. */
export function currentContracts(): Contracts {
  return {
    topics: Object.fromEntries(
      allTopics.map(({ name, kind, spread, cleanup, governed }) => [name, { kind, spread, cleanup, governed }]),
    ),
    records: Object.fromEntries(
      allTopics.flatMap((topic) =>
        Object.entries(topic.records as Readonly<Record<string, string>>).map(([record, key]) => [
          record,
          { topic: topic.name, key: snakeCase(key), schema: schemas[record as keyof typeof schemas] },
        ]),
      ),
    ),
  };
}

function* topicProblems(current: Contracts, released: Released): Generator<string> {
  for (const [name, was] of Object.entries(released.topics)) {
    const is = current.topics[name];
    if (is === undefined) {
      yield `${name}: a released topic was removed`;
      continue;
    }
    for (const property of ['kind', 'spread', 'cleanup'] as const)
      if (was[property] !== is[property]) yield `${name}: ${property} went from ${was[property]} to ${is[property]}`;
    if (was.governed && !is.governed) yield `${name}: its commands would run without a decision`;
  }
}

function* recordProblems(current: Contracts, released: Released): Generator<string> {
  for (const [name, was] of Object.entries(released.records)) {
    const is = current.records[name];
    if (is === undefined) {
      yield `${name}: a released record was removed`;
      continue;
    }
    if (was.topic !== is.topic) yield `${name}: moved from ${was.topic} to ${is.topic}`;
    if (was.key !== is.key) yield `${name}: its key went from ${was.key} to ${is.key}`;
    const mode = compatibilityOf(released.topics[was.topic]?.kind ?? 'events');
    for (const [version, schema] of Object.entries(was.schemas))
      for (const reason of breaks(schema, is.schema, mode)) yield `${reason} (${mode} with ${version})`;
  }
}

/** Yields closed vocabularies of replayed records: they would break at their first new symbol. */
function* growthProblems(current: Contracts): Generator<string> {
  for (const { topic, schema } of Object.values(current.records))
    if (compatibilityOf(current.topics[topic]?.kind ?? 'events') === 'FULL_TRANSITIVE') yield* closedEnums(schema);
}

/**
 * Returns every way in which the current contracts break a released version or could not grow once released; empty when
 * they may be released.
 */
export const incompatibilities = (current: Contracts, released: Released): string[] => [
  ...topicProblems(current, released),
  ...recordProblems(current, released),
  ...growthProblems(current),
];

/** Compares schemas without their documentation, which may change. */
const shapeOf = (json: string): string =>
  JSON.stringify(JSON.parse(json), (property, value: unknown) => (property === 'doc' ? undefined : value));

/** Returns the released contracts with `version` added. An unchanged record gets no new version. */
export function withRelease(released: Released, version: string, current: Contracts): Released {
  return {
    versions: [...released.versions, version],
    topics: current.topics,
    records: Object.fromEntries(
      Object.entries(current.records).map(([name, { schema, ...place }]) => {
        const before = released.records[name]?.schemas ?? {};
        const known = Object.values(before).some((one) => shapeOf(one) === shapeOf(schema));
        return [name, { ...place, schemas: known ? before : { ...before, [version]: schema } }];
      }),
    ),
  };
}
