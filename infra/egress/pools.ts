import { isIP, type LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import { buildConnector, type Dispatcher, Pool } from 'undici';
import { canonicalAddress } from './address.ts';
import { EgressError } from './errors.ts';

const POOLS_MAX = 256;
const CONNECTIONS_MAX = 16;
const HEADER_BYTES_MAX = 16 * 1024;

export interface PoolSettings {
  readonly connectMs: number;
  /** Further certificate authorities, PEM. */
  readonly certificateAuthorities: readonly string[];
}

/** Connections by origin and address: a connection is used again only for a request that was checked for its address. */
export interface Pools {
  /** Returns the connections to an origin that end at this address. No variable of a proxy is read. */
  at(origin: string, address: string): Dispatcher;
  close(): Promise<void>;
}

/** Answers every look-up with the checked address: a second answer of a name server is never asked for. */
const pinned =
  (address: string): LookupFunction =>
  (_host, options, done) => {
    const family = isIP(address);
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };

function connectorTo(address: string, settings: PoolSettings): buildConnector.connector {
  const connect = buildConnector({
    timeout: settings.connectMs,
    allowH2: false,
    lookup: pinned(address),
    ...(settings.certificateAuthorities.length > 0 && { ca: [...settings.certificateAuthorities] }),
  });
  return (options, done) =>
    connect(options, (...[error, socket]) => {
      if (error !== null) return done(error, null);
      if (canonicalAddress(socket.remoteAddress ?? '') === address) return done(null, socket);
      socket.destroy();
      done(
        new EgressError('EGRESS_ADDRESS_REFUSED', 'the connection ended at another address than the checked one'),
        null,
      );
    });
}

/** Returns pools that are closed when 256 others were used after them. */
export function createPools(settings: PoolSettings): Pools {
  const closing = new Set<Promise<void>>();
  const pools = new LRUCache<string, Pool>({
    max: POOLS_MAX,
    dispose: (pool, _key, reason) => {
      if (reason === 'delete') return;
      const closed = pool.close().finally(() => closing.delete(closed));
      closing.add(closed);
    },
  });
  return {
    at(origin, address) {
      const key = `${origin} ${address}`;
      const known = pools.get(key);
      if (known !== undefined) return known;
      const made = new Pool(origin, {
        connect: connectorTo(address, settings),
        connections: CONNECTIONS_MAX,
        pipelining: 1,
        maxHeaderSize: HEADER_BYTES_MAX,
        allowH2: false,
      });
      pools.set(key, made);
      return made;
    },
    async close() {
      const open = [...pools.values()];
      for (const key of [...pools.keys()]) pools.delete(key);
      await Promise.all([...open.map((pool) => pool.destroy()), ...closing]);
    },
  };
}
