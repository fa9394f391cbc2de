import { placeOf, placesOver } from '../../streams/kernel/place.ts';

/**
 * Returns the place of a session or request that begins now, over topics with so many partitions. Its later records carry
 * it on; they never call this again.
 */
export const firstPlace = (tenantId: string, subjectId: string, partitions: number): string =>
  placeOf(tenantId, subjectId, placesOver(partitions));
