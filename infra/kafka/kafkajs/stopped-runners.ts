import Runner from 'kafkajs/src/consumer/runner.js';

/** Pause between two polls of a fetcher at a stopping consumer. */
const PAUSE_MS = 20;

const original = Runner.prototype.fetch;

/**
 * Patches kafkajs 2.2, in which a stopping consumer answers its fetchers at once with no data, and they ask again at once:
 * this loop of promises starves every timer and socket of the process, so the event that would end the fetchers never
 * arrives. Seen when one of three brokers was killed: the process kept its partitions permanently. With the patch, such an
 * answer takes PAUSE_MS.
 */
export function pauseStoppedRunners(): void {
  if (Runner.prototype.fetch !== original) return;
  Runner.prototype.fetch = async function fetchUnlessStopped(nodeId) {
    if (this.running) return original.call(this, nodeId);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return [];
  };
}
