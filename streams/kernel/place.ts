import type { Meta, Processor } from '../kernel.ts';
import { partitionOf } from './partitioner.ts';

/**
 * Lowest number of places of a tenant. More places than partitions, so that topics which grow to this number of
 * partitions still spread the sessions that exist.
 */
const PLACES_MIN = 16;
/** The number in a place, without leading zeros: one place has one text. */
const NUMBER = /^(?:0|[1-9]\d{0,4})$/;

/** The parts of a place. */
export interface PlaceParts {
  readonly tenantId: string;
  /** From 0. */
  readonly number: number;
}

/** Returns the number of places of a tenant over topics of `partitions` partitions: at least one a partition. */
export const placesOver = (partitions: number): number => Math.max(PLACES_MIN, partitions);

/**
 * Returns the place of a session or request: `<tenant>/<k>`, with k from 0 to `places` - 1. Call it once, where the
 * session or request begins: every record of it carries the place on, so that a later change of `places` moves none.
 */
export const placeOf = (tenantId: string, subjectId: string, places: number): string =>
  `${tenantId}/${partitionOf(subjectId, places)}`;

/**
 * Returns the place of what every place of a tenant asks for: it depends on no setting, so it never moves. One of the first
 * PLACES_MIN.
 */
export const sharedPlaceOf = (tenantId: string, id: string): string => placeOf(tenantId, id, PLACES_MIN);

/** Returns the parts of a place; null for any other text, such as the id of a tenant. */
export function partsOfPlace(text: string): PlaceParts | null {
  const slash = text.lastIndexOf('/');
  const number = text.slice(slash + 1);
  return slash > 0 && NUMBER.test(number) ? { tenantId: text.slice(0, slash), number: Number(number) } : null;
}

/** Returns true for a place of this tenant. */
export const isPlaceOf = (tenantId: string, place: string): boolean => partsOfPlace(place)?.tenantId === tenantId;

/** Number of values of a key's hash: modulo it, the hash is unchanged. */
const HASHES = 2 ** 31;

/**
 * Returns the partition of a place `<tenant>/<k>`: k partitions after that of its tenant, so that the places of a tenant
 * are spread evenly. Any other text is hashed like a key, so a tenant itself is in the partition of its place 0.
 */
export function partitionOfPlace(place: string, partitions: number): number {
  const { tenantId, number } = partsOfPlace(place) ?? { tenantId: place, number: 0 };
  return (partitionOf(tenantId, HASHES) + number) % partitions;
}

/** Returns the place of a record. Throws for a record without one, which no topic partitioned by place has. */
export function requirePlace({ id, place }: Pick<Meta, 'id' | 'place'>): string {
  if (place === null) throw new Error(`record ${id} has no place`);
  return place;
}

/**
 * Returns why state of `key` cannot be kept with a record; null when it can. The state of a record whose partition its
 * key or its tenant chose can have no other key. A record of a topic that is partitioned by place must lie in the
 * partition of its place, of `partitions`.
 */
export function misplacement(
  { inputs }: Pick<Processor, 'inputs'>,
  key: string,
  meta: Meta,
  partitions: number,
): string | null {
  const input = inputs.find(({ name }) => name === meta.topic);
  if (input?.partitionedBy === 'place') {
    const place = requirePlace(meta);
    if (partitionOfPlace(place, partitions) === meta.partition) return null;
    return `record of place ${place} in partition ${meta.partition}`;
  }
  const placedBy = input?.partitionedBy === 'tenant' ? meta.tenantId : meta.key;
  return key === placedBy ? null : `state key ${key}, record placed by ${placedBy}`;
}
