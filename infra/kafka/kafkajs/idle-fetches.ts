import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import { FetchPacing } from '../fetch-pace.ts';

/**
 * Longest wait of an idle fetch, ms. kafkajs sends heartbeats between fetches on the same connection, and a consumer that
 * stops waits for its fetch: so not longer than the heartbeat interval, with room for a fetch that ends early.
 */
export const IDLE_WAIT_MS = 1_600;
/** A consumer with a shorter wait reads a known range and ends: it keeps its wait. */
const SHORT_WAIT_MS = 100;

const original = ConsumerGroup.prototype.fetch;
const pacings = new WeakMap<ConsumerGroup, FetchPacing>();

/** Patches kafkajs 2.2, whose consumers have one wait for all fetches: an idle one waits up to IDLE_WAIT_MS, for one byte. */
export function waitLongWhenIdle(): void {
  if (ConsumerGroup.prototype.fetch !== original) return;
  ConsumerGroup.prototype.fetch = async function fetchAtPace(nodeId) {
    const pacing = pacings.get(this) ?? pacingOf(this);
    if (pacing === null) return original.call(this, nodeId);
    pacings.set(this, pacing);
    const { waitMs, bytesMin } = pacing.next({ leavesOut: this.paused().length > 0 });
    this.maxWaitTime = waitMs;
    this.minBytes = bytesMin;
    const batches = await original.call(this, nodeId);
    if (batches.some(({ rawMessages }) => rawMessages.length > 0)) pacing.arrived();
    return batches;
  };
}

const pacingOf = ({ maxWaitTime, minBytes }: ConsumerGroup): FetchPacing | null =>
  maxWaitTime < SHORT_WAIT_MS ? null : new FetchPacing({ waitMs: maxWaitTime, bytesMin: minBytes }, IDLE_WAIT_MS);
