import ipaddr from 'ipaddr.js';
import { addressClass, canonicalAddress, isWithin } from './address.ts';

/** The hosts that may have addresses outside the internet, as settings name them. */
export interface PrivateHosts {
  /** Lower case, without a final dot. */
  readonly names: ReadonlySet<string>;
  /** Addresses and ranges, in CIDR form. */
  readonly ranges: readonly string[];
}

export const noPrivateHosts: PrivateHosts = { names: new Set(), ranges: [] };

const NAME = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)*$/;

function rangeOf(entry: string): string | null {
  const address = canonicalAddress(entry.replace(/^\[(.*)\]$/, '$1'));
  if (address !== null) return `${address}/${ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128}`;
  return ipaddr.isValidCIDR(entry) ? entry : null;
}

/**
 * Returns the hosts of a comma-separated list of host names, addresses and ranges in CIDR form. Returns null when an entry is
 * none of these, or is a range that holds every address.
 */
export function privateHostsOf(list: string): PrivateHosts | null {
  const names = new Set<string>();
  const ranges: string[] = [];
  for (const entry of list.split(',').map((each) => each.trim().toLowerCase())) {
    const range = rangeOf(entry);
    if (range !== null && !range.endsWith('/0')) ranges.push(range);
    else if (range === null && NAME.test(entry) && !/^[\d.]+$/.test(entry)) names.add(entry);
    else return null;
  }
  return { names, ranges };
}

/**
 * Reports whether a host may be reached at an address. Public addresses may; private ones when settings name the host or the
 * address; addresses of this host, of a link or of a metadata service only when settings name the address itself, as a name
 * may resolve to one of them tomorrow. Reserved addresses never may.
 */
export function mayReach(hosts: PrivateHosts, host: string, address: string): boolean {
  const kind = addressClass(address);
  if (kind === 'public') return true;
  if (kind === 'reserved') return false;
  if (hosts.ranges.some((range) => isWithin(address, range))) return true;
  return kind === 'private' && hosts.names.has(host);
}
