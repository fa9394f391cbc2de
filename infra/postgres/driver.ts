import { registerHooks } from 'node:module';

/**
 * postgres.js 3.4.9 ends the process when a server cuts a connection (restart, failover, pg_terminate_backend) while a
 * transaction is about to write to it: `nextWrite` runs later, from a timer, and finds no socket (porsager/postgres#1154,
 * #1208, open). It also leaves a cancelled timer behind, and the connection that takes its place then never writes.
 * And a connection that is cut while it asks for the array types rejects a promise that nobody holds.
 * All three are put right here as the module is loaded, until a release does. tests/integration/projections/safety.test.ts
 * cuts connections in the middle of transactions.
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
  // Nobody waits for this query; a connection that is cut during it is opened again, or its query rejected, by `closed`.
  ['return fetchArrayTypes()\n', 'return fetchArrayTypes().catch(() => undefined)\n'],
];

/** The driver is not the one that was put right: see whether the fault is gone, and take the fix away. */
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

export const { default: postgres } = await import('postgres');
hooks.deregister();
