import Runner from 'kafkajs/src/consumer/runner.js';

/** Between two looks of a fetcher at a consumer that is stopping. */
const PAUSE_MS = 20;

const original = Runner.prototype.fetch;

/**
 * In kafkajs 2.2 a consumer that is stopping answers its fetchers at once with nothing, and they ask again at once: promises
 * alone, so that no timer and no socket of the process has its turn any more, and what would end the fetchers never comes.
 * Seen when one of three brokers was killed: a process that held its partitions for good. Here such an answer takes a moment.
 */
export function pauseStoppedRunners(): void {
  if (Runner.prototype.fetch !== original) return;
  Runner.prototype.fetch = async function fetchUnlessStopped(nodeId) {
    if (this.running) return original.call(this, nodeId);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return [];
  };
}
