import type { Schemas } from '../../../../infra/client/api.ts';
import { activityOf, type Reader } from './reader-activity.ts';

type Topology = Schemas['Topology'];
type Activity = Schemas['PlatformActivity'];

/** A node of the drawing: a topic, or a reader such as a processor. */
export interface GraphNode {
  readonly id: string;
  readonly name: string;
  /** `topic`, or the kind of the reader. */
  readonly kind: string;
}

/** An arrow of the drawing: a topic and its reader, or a writer and its topic. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Offsets per second that flow along it; null when unknown. */
  readonly rate: number | null;
  /** Offsets that the reader is behind; null for a writer's arrow, or when unknown. */
  readonly lag: number | null;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const topicId = (name: string): string => `topic:${name}`;
const readerId = (kind: string, name: string): string => `${kind}:${name}`;

/** Kinds of topics that one processor writes and reads for itself: they hide the flow of the drawing. */
const INNER = new Set(['state']);

/** Readers of more topics than this, such as gateways and the audit, have arrows across the whole drawing. */
const READS_MAX = 12;

export interface GraphOptions {
  /** True to draw the topics that only one processor reads and writes. */
  readonly inner: boolean;
  /** True to draw also what readers of more than 12 topics read. */
  readonly wide: boolean;
}

/** Returns the names of the topics that are drawn. */
function drawnTopics({ topics, readers }: Topology, { inner }: GraphOptions): ReadonlySet<string> {
  const used = new Set(readers.flatMap(({ reads, writes }) => [...reads, ...writes]));
  return new Set(
    topics.filter(({ name, kind }) => used.has(name) && (inner || !INNER.has(kind))).map(({ name }) => name),
  );
}

/** Returns the reader without its reads when it reads too many topics to draw. */
const drawnReader =
  ({ wide }: GraphOptions) =>
  (reader: Reader): Reader =>
    wide || reader.reads.length <= READS_MAX ? reader : { ...reader, reads: [] };

/** Returns the topology as a graph, in the order of the declarations, so that its layout stays when the activity changes. */
export function graphOf(body: Topology, activity: Activity | null, options: GraphOptions): Graph {
  const drawn = drawnTopics(body, options);
  const readers = body.readers.map(drawnReader(options));
  const rates = new Map(activity?.topics.map((topic) => [topic.name, topic.offsets_per_second]));
  const edges = readers.flatMap((reader) => {
    const { name, kind, reads, writes } = reader;
    const partitions = activityOf(reader, activity)?.partitions ?? [];
    const lagOf = (topic: string): number | null => {
      const found = partitions.filter((each) => each.topic === topic);
      return found.length === 0 ? null : found.reduce((sum, { lag }) => sum + lag, 0);
    };
    return [
      ...reads
        .filter((topic) => drawn.has(topic))
        .map((topic) => ({
          ...{ from: topicId(topic), to: readerId(kind, name) },
          ...{ rate: rates.get(topic) ?? null, lag: lagOf(topic) },
        })),
      ...writes
        .filter((topic) => drawn.has(topic))
        .map((topic) => ({
          from: readerId(kind, name),
          to: topicId(topic),
          rate: rates.get(topic) ?? null,
          lag: null,
        })),
    ];
  });
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const nodes = [
    ...readers.map(({ name, kind }) => ({ id: readerId(kind, name), name, kind: kind as string })),
    ...[...drawn].map((name) => ({ id: topicId(name), name, kind: 'topic' })),
  ].filter(({ id }) => linked.has(id));
  return { nodes, edges };
}
