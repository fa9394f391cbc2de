import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { rootMessageOf } from '../kit/errors.ts';
import { canonicalAddress } from './address.ts';
import { EgressError } from './errors.ts';
import { mayReach, type PrivateHosts } from './private-hosts.ts';

/** Resolves a host name to its addresses, IPv4 or IPv6. Rejects when it has none. */
export type ResolveName = (host: string) => Promise<readonly string[]>;

/** The resolver of this host: its hosts file and its name servers. */
export const resolveWithSystem: ResolveName = async (host) =>
  (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address);

const ADDRESSES_MAX = 4;

/**
 * Resolves a host once and returns at most four addresses to connect to. Rejects with EGRESS_NAME_UNRESOLVED, and with
 * EGRESS_ADDRESS_REFUSED when any of its addresses may not be reached: a name that mixes both is on its way to another answer.
 */
export async function checkedAddresses(
  host: string,
  resolve: ResolveName,
  privateHosts: PrivateHosts,
): Promise<readonly string[]> {
  const found = isIP(host) !== 0 ? [host] : await namedAddresses(host, resolve);
  for (const address of found)
    if (!mayReach(privateHosts, host, address))
      throw new EgressError('EGRESS_ADDRESS_REFUSED', `${host} has an address that requests may not reach`);
  return found.slice(0, ADDRESSES_MAX).map((each) => canonicalAddress(each) ?? each);
}

async function namedAddresses(host: string, resolve: ResolveName): Promise<readonly string[]> {
  let found: readonly string[];
  try {
    found = await resolve(host);
  } catch (error) {
    throw new EgressError('EGRESS_NAME_UNRESOLVED', `${host} cannot be resolved: ${rootMessageOf(error)}`);
  }
  if (found.length === 0) throw new EgressError('EGRESS_NAME_UNRESOLVED', `${host} has no address`);
  return found;
}
