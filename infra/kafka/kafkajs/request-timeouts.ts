import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/** How often requests in flight are checked for their timeout, ms: as often as kafkajs does. */
const CHECK_EVERY_MS = 100;

const { scheduleRequestTimeoutCheck: original, destroy } = RequestQueue.prototype;
/** Queues of open connections. */
const open = new Set<RequestQueue>();
let timer: NodeJS.Timeout | null = null;

/**
 * Patches kafkajs 2.2, which checks the requests of each connection with a timer of its own, ten times a second whether it
 * has requests or not. A process of many processors has more than a hundred connections, and was woken a thousand times a
 * second for nothing. With the patch, one timer checks all of them; timeouts stay as they are.
 */
export function checkTimeoutsTogether(): void {
  if (RequestQueue.prototype.scheduleRequestTimeoutCheck !== original) return;
  RequestQueue.prototype.scheduleRequestTimeoutCheck = function joinTheCheck() {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    open.add(this);
    timer ??= setInterval(checkAll, CHECK_EVERY_MS);
  };
  RequestQueue.prototype.destroy = function leaveTheCheck() {
    open.delete(this);
    if (open.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
    destroy.call(this);
  };
}

function checkAll(): void {
  const nowMs = Date.now();
  for (const queue of open) {
    for (const request of queue.inflight.values())
      if (nowMs - request.sentAt > request.requestTimeout) request.timeoutRequest();
    if (!queue.isConnected()) queue.destroy();
  }
}
