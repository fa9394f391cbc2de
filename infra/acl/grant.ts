/** What a principal may do with one resource of Kafka, or with all whose names begin alike. Nothing is ever denied by name. */
export interface Grant {
  /** Without the `User:` that Kafka puts before it. */
  readonly principal: string;
  readonly resource: Resource;
  readonly name: string;
  readonly pattern: Pattern;
  /** In Kafka's order. Read and Write carry Describe; it is named for authorizers that do not know so. */
  readonly operations: readonly Operation[];
}

export type Resource = 'topic' | 'group' | 'transactional-id' | 'cluster';
export type Pattern = 'literal' | 'prefixed';
export type Operation = 'Read' | 'Write' | 'Create' | 'Describe' | 'IdempotentWrite';

/** The one name that Kafka has for the cluster as a resource. */
export const CLUSTER = 'kafka-cluster';

/** What somebody needs of the log, by what is done with it. */
export interface Rights {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** Topics that are looked for, and whose ends are asked. */
  readonly describes?: readonly string[];
  readonly creates?: readonly string[];
  readonly groups?: readonly string[];
  /** Groups whose committed offsets are asked. */
  readonly describesGroups?: readonly string[];
  readonly groupPrefixes?: readonly string[];
  readonly transactionalIdPrefixes?: readonly string[];
  /** To be given a producer id. Who may write to any topic may have one as well. */
  readonly producerId?: true;
}

/** One grant a resource, in the order of their names. */
export function grantsOf(principal: string, rights: Rights): readonly Grant[] {
  const { reads = [], writes = [], creates = [], describes = [] } = rights;
  const topics = [...new Set([...reads, ...writes, ...creates, ...describes])].sort();
  const grant = (resource: Resource, pattern: Pattern, operations: readonly Operation[]) => (name: string) => ({
    ...{ principal, resource, name, pattern, operations },
  });
  return [
    ...topics.map((name) =>
      grant('topic', 'literal', [
        ...(reads.includes(name) ? (['Read'] as const) : []),
        ...(writes.includes(name) ? (['Write'] as const) : []),
        ...(creates.includes(name) ? (['Create'] as const) : []),
        'Describe',
      ])(name),
    ),
    ...(rights.groups ?? []).map(grant('group', 'literal', ['Read'])),
    ...(rights.describesGroups ?? []).map(grant('group', 'literal', ['Describe'])),
    ...(rights.groupPrefixes ?? []).map(grant('group', 'prefixed', ['Read'])),
    ...(rights.transactionalIdPrefixes ?? []).map(grant('transactional-id', 'prefixed', ['Write', 'Describe'])),
    ...(rights.producerId === true ? [grant('cluster', 'literal', ['IdempotentWrite'])(CLUSTER)] : []),
  ];
}
