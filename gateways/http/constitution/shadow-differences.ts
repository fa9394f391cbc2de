import { LRUCache } from 'lru-cache';
import type { ShadowDecided } from '../../../schemas/generated/records.ts';
import type { EventTail } from '../../shared/log/event-tail.ts';

/** Differences that are shown; the topic `policy.shadow` has all of them for 30 days. */
const SHOWN_MAX = 100;
const TENANTS_MAX = 1_000;

/** A decision that the shadow constitution would have taken differently. */
export interface ShadowDifference {
  readonly data: ShadowDecided;
  /** Time of the command, ms since 1970. */
  readonly timeMs: number;
}

/** The latest differences of each tenant that passed on the tail of this process. */
export class ShadowDifferences {
  readonly #byTenant = new LRUCache<string, readonly ShadowDifference[]>({ max: TENANTS_MAX });

  constructor(tail: Pick<EventTail, 'listen'>) {
    tail.listen(({ record, meta: { tenantId, timeMs } }) => {
      if (record.type !== 'ShadowDecided') return;
      const known = this.#byTenant.get(tenantId) ?? [];
      this.#byTenant.set(tenantId, [{ data: record.data, timeMs }, ...known].slice(0, SHOWN_MAX));
    });
  }

  /** Returns the latest differences of a tenant, at most 100, the newest first. */
  of(tenantId: string): readonly ShadowDifference[] {
    return this.#byTenant.get(tenantId) ?? [];
  }
}
