import { breaks, compatibilityOf } from './compatibility-rules.ts';
import { schemas } from './generated/schemas.ts';
import { snakeCase } from './naming.ts';
import { allTopics, type TopicKind } from './topics.ts';

interface Place {
  readonly topic: string;
  /** Field whose value is the Kafka key, as on the wire. */
  readonly key: string;
}
export interface TopicShape {
  readonly kind: TopicKind;
  readonly partitions: number;
  readonly cleanup: string;
  readonly governed: boolean;
}
/** What a reader outside relies on, now. */
export interface Contracts {
  readonly topics: Readonly<Record<string, TopicShape>>;
  readonly records: Readonly<Record<string, Place & { readonly schema: string }>>;
}
/** The same, with every version that was ever released. */
export interface Released {
  readonly versions: readonly string[];
  readonly topics: Readonly<Record<string, TopicShape>>;
  readonly records: Readonly<Record<string, Place & { readonly schemas: Readonly<Record<string, string>> }>>;
}

export function currentContracts(): Contracts {
  return {
    topics: Object.fromEntries(
      allTopics.map(({ name, kind, partitions, cleanup, governed }) => [name, { kind, partitions, cleanup, governed }]),
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
    for (const property of ['kind', 'partitions', 'cleanup'] as const)
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

/** Every way in which what stands breaks what was released; empty when it may be released. */
export const incompatibilities = (current: Contracts, released: Released): string[] => [
  ...topicProblems(current, released),
  ...recordProblems(current, released),
];

/** Compares schemas without their documentation, which may always change. */
const shapeOf = (json: string): string =>
  JSON.stringify(JSON.parse(json), (property, value: unknown) => (property === 'doc' ? undefined : value));

/** What is released after `version` joins it. A record that did not change gets no new version. */
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
