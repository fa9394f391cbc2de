import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

const original = RequestQueue.prototype.scheduleCheckPendingRequests;

/**
 * Patches kafkajs 2.2, in which every connection, once it has had an answer, looks for requests to send a thousand times a
 * second: the time to the end of a throttle that never was is negative, and so a timer of 1 ms. With the patch a connection
 * looks only while requests wait; a new one that must wait starts it again.
 */
export function restWithoutRequests(): void {
  if (RequestQueue.prototype.scheduleCheckPendingRequests !== original) return;
  RequestQueue.prototype.scheduleCheckPendingRequests = function scheduleIfPending() {
    if (this.pending.length > 0) original.call(this);
  };
}
