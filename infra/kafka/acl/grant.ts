/**
 * The operations that a principal may use on one Kafka resource, or on all with a common prefix. There are no deny
 * rules.
 */
export interface Grant {
  /** Without Kafka's prefix `User:`. */
  readonly principal: string;
  readonly resource: Resource;
  readonly name: string;
  readonly pattern: Pattern;
  /** In Kafka's order. Read and Write imply Describe; it is listed for authorizers that do not apply that rule. */
  readonly operations: readonly Operation[];
}

export type Resource = 'topic' | 'group' | 'transactional-id' | 'cluster';
export type Pattern = 'literal' | 'prefixed';
export type Operation = 'Read' | 'Write' | 'Create' | 'Describe' | 'IdempotentWrite';

/** Kafka's fixed name for the cluster as a resource. */
export const CLUSTER = 'kafka-cluster';

/** The resources that a role needs, by kind of use. */
export interface Rights {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  /** Topics whose metadata and end offsets are read. */
  readonly describes?: readonly string[];
  readonly creates?: readonly string[];
  readonly groups?: readonly string[];
  /** Groups whose committed offsets are read. */
  readonly describesGroups?: readonly string[];
  readonly groupPrefixes?: readonly string[];
  readonly transactionalIdPrefixes?: readonly string[];
  /** Permission to obtain a producer id. A principal that may write to any topic has it as well. */
  readonly producerId?: true;
}

/** Returns one grant per resource, ordered by name. */
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
