/** Returns the consumer group of a processor, worker or observer. */
export const groupOf = (name: string): string => `khipu.${name}`;

/** Returns the prefix of all transactional ids of one reader; no id of another reader begins with it. */
export const transactionalIdsOf = (name: string): string => `khipu.${name}.`;

/**
 * Returns the transactional id of one task; the transactor adds the slot. The id is fixed, so that a new owner fences
 * the old one.
 */
export const transactionalIdOf = (name: string, partition: number): string => `${transactionalIdsOf(name)}${partition}`;
