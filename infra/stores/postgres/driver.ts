import { registerHooks } from 'node:module';

/**
 * Fixes of three faults in postgres.js 3.4.9, applied as the module is loaded, until a release contains them:
 * - When a server cuts a connection (restart, failover, pg_terminate_backend) during a transaction that is about to write
 *   to it, the process ends: `nextWrite` runs later, from a timer, and finds no socket (porsager/postgres#1154, #1208, open).
 * - It also leaves a cancelled timer behind, and the connection that replaces the old one then never writes.
 * - A connection that is cut while it asks for the array types rejects a promise without a handler.
 *
 * tests/integration/projections/safety.test.ts cuts connections in the middle of transactions.
 */
const FIXES: readonly (readonly [was: string, is: string])[] = [
  [
    'function nextWrite(fn) {\n',
    `function nextWrite(fn) {
    if (socket === null) {
      nextWriteTimer !== null && clearImmediate(nextWriteTimer)
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
      return false
    }
`,
  ],
  [
    "clearImmediate(nextWriteTimer)\n    socket.removeListener('data', data)",
    "clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener('data', data)",
  ],
  // This query has no waiting caller; if its connection is cut, `closed` reconnects or rejects the caller's query.
  ['return fetchArrayTypes()\n', 'return fetchArrayTypes().catch(() => undefined)\n'],
];

/** Thrown when the driver's source has changed: check whether the fault is gone, and remove the fix. */
export class DriverError extends Error {
  override readonly name = 'DriverError';
  readonly code = 'POSTGRES_DRIVER_CHANGED';
}

function fixed(source: string): string {
  return FIXES.reduce((text, [was, is]) => {
    if (!text.includes(was)) throw new DriverError(`postgres.js has changed: ${JSON.stringify(was)} is not in it`);
    return text.replace(was, () => is);
  }, source);
}

const hooks = registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!/\/postgres\/src\/connection\.js$/.test(url) || loaded.source === undefined || loaded.source === null)
      return loaded;
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    return { ...loaded, source: fixed(source) };
  },
});

/** The driver with the fixes. */
export const { default: postgres } = await import('postgres');
hooks.deregister();
