import type { AnyRecord } from '../../../streams/kernel.ts';
import { LANE } from '../../kafka/envelope.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { bytesOf } from '../../kafka/record-size.ts';

/**
 * Waiting records before the partition is paused; each key counts for at most KEY_RECORDS_COUNTED, and each tenant for at most
 * TENANT_RECORDS_COUNTED.
 */
const RECORDS_MAX = 1_000;
/**
 * Bound on the count of one tenant, so that thousands of its records do not stand before those of another: reading goes on
 * past them, up to the bytes and the progress window. Below half of RECORDS_MAX: one tenant alone lets reading resume.
 */
const TENANT_RECORDS_COUNTED = 400;
/**
 * Bound on the count of one key, so that a key with very many records does not pause the others. The progress window
 * bounds how far such a key is read ahead.
 */
const KEY_RECORDS_COUNTED = 16;
const BYTES_MAX = 32 * 1024 * 1024;

/** The records of one key, oldest first; the first is being processed or is next. */
export interface KeyQueue {
  readonly key: string | null;
  /** Tenant that its records are counted for: that of the first one. Undefined when that names none. */
  readonly countedFor: string | undefined;
  readonly records: LogRecord[];
  /** Cancels among the records. */
  readonly cancels: { readonly offset: number; readonly record: AnyRecord }[];
  /** Called when a cancel was added; aborts the current run if the cancel applies to it. */
  cancelled: () => void;
}

interface Tenant {
  /** Keys that it begins before its turn ends: at most its weight. */
  turn: number;
  /** Keys whose first record may begin, by lane, in the order in which they became ready. */
  readonly ready: Record<Lane, KeyQueue[]>;
  busy: number;
  /** Keys of the batch lane at work. */
  batchBusy: number;
}

/** Lanes of work, the most urgent first, with their shares of the beginnings while all of them have work. */
const SHARES = { interactive: 8, standard: 4, batch: 1 } as const;
type Lane = keyof typeof SHARES;
const LANES = Object.keys(SHARES) as readonly Lane[];
/**
 * Share of the places that work of the batch lane may take, of all and of those of its tenant: the others are there when an
 * urgent record comes, also one of the tenant whose batch work it is.
 */
const BATCH_PLACES = 0.75;
/** Returns the places of batch work among so many. One place is for all lanes. */
const batchPlaces = (max: number): number => Math.max(1, Math.floor(max * BATCH_PLACES));

/** Returns the lane of a record; one that this version does not know is a standard one. */
const laneOf = ({ headers }: LogRecord): Lane => {
  const lane = headers[LANE] ?? 'standard';
  return Object.hasOwn(SHARES, lane) ? (lane as Lane) : 'standard';
};

interface Next {
  readonly name: string | undefined;
  readonly tenant: Tenant;
  readonly queue: KeyQueue;
}

/** Bounds on the number of keys at work, in total and per tenant, and the shares of tenants. */
export interface Limits {
  readonly concurrencyMax: number;
  readonly tenantConcurrencyMax: number;
  /** Returns true for a record that does not count towards them. */
  readonly isExempt: (record: LogRecord) => boolean;
  /** Returns the weight of a tenant now, an integer from 1. */
  readonly weightOf: (tenant: string) => number;
}

const tenantOf = (record: LogRecord): string | undefined => record.headers['ce_tenantid'];

/**
 * The waiting records of one partition: ordered per key, concurrent across keys. Lanes have shares of the beginnings (smooth
 * weighted round robin, as in nginx), so that none waits without end, and batch work leaves a quarter of the places free, of all and of those of its tenant. Within
 * a lane tenants take turns of as many keys as they weigh (deficit round robin, Shreedhar and Varghese 1995: a key costs 1, the
 * quantum is the weight), so that a tenant with many keys does not delay the others, and none has more than
 * `tenantConcurrencyMax` keys at work. A tenant that cannot begin is passed over and keeps the rest of its turn; one without
 * any key loses it.
 */
export class KeyQueues {
  readonly #limits: Limits;
  readonly #keys = new Map<string | null, KeyQueue>();
  /** Tenants in the order of their turns; only those with ready keys or keys at work. */
  readonly #tenants = new Map<string | undefined, Tenant>();
  /** Keys whose first record is exempt and may begin. */
  readonly #exempt: KeyQueue[] = [];
  #busy = 0;
  #exemptBusy = 0;
  #batchBusy = 0;
  /** How far each lane is behind its share. */
  readonly #credit: Record<Lane, number> = { interactive: 0, standard: 0, batch: 0 };
  /** Counted records by tenant, each within its bound of a key. */
  readonly #waiting = new Map<string | undefined, number>();
  #counted = 0;
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Number of keys at work. */
  get busy(): number {
    return this.#busy + this.#exemptBusy;
  }

  /** True when the partition should be paused. */
  get isFull(): boolean {
    return this.#counted >= RECORDS_MAX || this.#bytes >= BYTES_MAX;
  }

  /** True when less than half full: reading resumes only then, so that it does not pause again at once. */
  get hasRoom(): boolean {
    return this.#counted < RECORDS_MAX / 2 && this.#bytes < BYTES_MAX / 2;
  }

  /** Adds a record to the queue of its key and returns the queue. Records without a key share one queue. */
  add(record: LogRecord): KeyQueue {
    const { key } = record;
    const known = this.#keys.get(key);
    const queue = known ?? {
      ...{ key, countedFor: tenantOf(record), records: [], cancels: [], cancelled: () => undefined },
    };
    if (queue.records.length < KEY_RECORDS_COUNTED) this.#count(queue, 1);
    this.#bytes += bytesOf(record);
    queue.records.push(record);
    if (known === undefined) {
      this.#keys.set(key, queue);
      this.#enqueue(queue, record);
    }
    return queue;
  }

  /**
   * Takes the next ready key of the lane and the tenant whose turn it is, or returns undefined when none may begin. `fits`
   * returns whether a record may begin.
   */
  begin(fits: (record: LogRecord) => boolean): KeyQueue | undefined {
    const exempt = this.#exempt.findIndex(({ records }) => fits(records[0] as LogRecord));
    if (exempt !== -1) {
      this.#exemptBusy += 1;
      return this.#exempt.splice(exempt, 1)[0];
    }
    if (this.#busy >= this.#limits.concurrencyMax) return undefined;
    const next = new Map<Lane, Next>();
    for (const lane of LANES) {
      const found = this.#next(lane, fits);
      if (found !== undefined) next.set(lane, found);
    }
    const lane = this.#laneWhoseTurnItIs([...next.keys()]);
    if (lane === undefined) return undefined;
    const { name, tenant, queue } = next.get(lane) as Next;
    const ready = tenant.ready[lane];
    ready.splice(ready.indexOf(queue), 1);
    tenant.busy += 1;
    this.#busy += 1;
    if (lane === 'batch') {
      this.#batchBusy += 1;
      tenant.batchBusy += 1;
    }
    this.#countTurn(name, tenant);
    return queue;
  }

  /** Counts a key of the turn of a tenant, which goes behind the others when its turn is over. */
  #countTurn(name: string | undefined, tenant: Tenant): void {
    const weight = this.#weightOf(name);
    tenant.turn = Math.min(tenant.turn, weight) - 1;
    if (tenant.turn > 0) return;
    tenant.turn = weight;
    this.#tenants.delete(name);
    this.#tenants.set(name, tenant);
  }

  #weightOf(name: string | undefined): number {
    return name === undefined ? 1 : this.#limits.weightOf(name);
  }

  /** Returns the next key of a lane that may begin. */
  #next(lane: Lane, fits: (record: LogRecord) => boolean): Next | undefined {
    const { concurrencyMax, tenantConcurrencyMax } = this.#limits;
    if (lane === 'batch' && this.#batchBusy >= batchPlaces(concurrencyMax)) return undefined;
    for (const [name, tenant] of this.#tenants) {
      if (tenant.busy >= tenantConcurrencyMax) continue;
      if (lane === 'batch' && tenant.batchBusy >= batchPlaces(tenantConcurrencyMax)) continue;
      const queue = tenant.ready[lane].find(({ records }) => fits(records[0] as LogRecord));
      if (queue !== undefined) return { name, tenant, queue };
    }
    return undefined;
  }

  /** Returns the lane, of those that have work, that is furthest behind its share, and counts its turn. */
  #laneWhoseTurnItIs(lanes: readonly Lane[]): Lane | undefined {
    if (lanes.length < 2) return lanes[0];
    for (const lane of lanes) this.#credit[lane] += SHARES[lane];
    const first = lanes.reduce((best, lane) => (this.#credit[lane] > this.#credit[best] ? lane : best));
    this.#credit[first] -= lanes.reduce((sum, lane) => sum + SHARES[lane], 0);
    return first;
  }

  /** Removes the finished first record of a queue. The key goes to the end of its tenant's ready keys. */
  shift(queue: KeyQueue): void {
    const { key, records, cancels } = queue;
    const record = records.shift() as LogRecord;
    if (records.length < KEY_RECORDS_COUNTED) this.#count(queue, -1);
    this.#bytes -= bytesOf(record);
    while (cancels[0] !== undefined && cancels[0].offset <= record.offset) cancels.shift();
    this.#release(record);
    const next = records[0];
    if (next === undefined) this.#keys.delete(key);
    else this.#enqueue(queue, next);
  }

  /** Releases a key whose task ended while it was at work; its records stay for the next owner. */
  abort({ records }: KeyQueue): void {
    if (records[0] !== undefined) this.#release(records[0]);
  }

  #count({ countedFor: tenant }: KeyQueue, change: 1 | -1): void {
    const before = this.#waiting.get(tenant) ?? 0;
    const after = before + change;
    if (after === 0) this.#waiting.delete(tenant);
    else this.#waiting.set(tenant, after);
    const counted = (records: number): number =>
      tenant === undefined ? records : Math.min(records, TENANT_RECORDS_COUNTED);
    this.#counted += counted(after) - counted(before);
  }

  #enqueue(queue: KeyQueue, first: LogRecord): void {
    if (this.#limits.isExempt(first)) this.#exempt.push(queue);
    else this.#tenant(first).ready[laneOf(first)].push(queue);
  }

  #tenant(record: LogRecord): Tenant {
    const name = tenantOf(record);
    const tenant = this.#tenants.get(name) ?? {
      ...{ turn: this.#weightOf(name), ready: { interactive: [], standard: [], batch: [] } },
      ...{ busy: 0, batchBusy: 0 },
    };
    this.#tenants.set(name, tenant);
    return tenant;
  }

  #release(record: LogRecord): void {
    if (this.#limits.isExempt(record)) {
      this.#exemptBusy -= 1;
      return;
    }
    const tenant = this.#tenant(record);
    tenant.busy -= 1;
    this.#busy -= 1;
    if (laneOf(record) === 'batch') {
      this.#batchBusy -= 1;
      tenant.batchBusy -= 1;
    }
    if (tenant.busy === 0 && LANES.every((lane) => tenant.ready[lane].length === 0))
      this.#tenants.delete(tenantOf(record));
  }
}
