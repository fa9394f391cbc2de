import ipaddr from 'ipaddr.js';

/**
 * Class of an address. `public`: reachable from the whole internet. `local`: of this host, of a link, or of a metadata
 * service; only its address opens it. `private`: of a network of the operator. `reserved`: no host may have it.
 */
export type AddressClass = 'public' | 'private' | 'local' | 'reserved';

const CLASSES: Readonly<Record<string, AddressClass>> = {
  unicast: 'public',
  private: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
  loopback: 'local',
  linkLocal: 'local',
  unspecified: 'local',
};

/** Metadata services outside the link-local ranges: AWS over IPv6, Alibaba Cloud, Azure's wire server, Oracle Cloud. */
const METADATA = ['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192'].map((each) =>
  ipaddr.parse(each).toNormalizedString(),
);

/** Prefixes under which IPv6 carries an IPv4 address, and the byte at which it begins. */
const EMBEDDED: readonly (readonly [string, number])[] = [
  ['::ffff:0:0/96', 12], // IPv4-mapped, RFC 4291
  ['::/96', 12], // IPv4-compatible, RFC 4291, deprecated
  ['::ffff:0:0:0/96', 12], // IPv4-translated, RFC 2765
  ['64:ff9b::/96', 12], // NAT64, RFC 6052
  ['2002::/16', 2], // 6to4, RFC 3056
];

/** All that IANA has given out of IPv6 for use in the internet. Source: RFC 4291, 2.4. */
const GLOBAL_UNICAST = '2000::/3';

const parsed = (address: string): ipaddr.IPv4 | ipaddr.IPv6 | null => {
  // A zone id names an interface of this host.
  if (address.includes('%') || !ipaddr.isValid(address)) return null;
  return ipaddr.IPv4.isValid(address) && !ipaddr.IPv4.isValidFourPartDecimal(address) ? null : ipaddr.parse(address);
};

function embedded(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  for (const [prefix, at] of EMBEDDED) {
    if (!address.match(ipaddr.IPv6.parseCIDR(prefix))) continue;
    const bytes = address.toByteArray().slice(at, at + 4);
    // `::` and `::1` are addresses of their own.
    return prefix === '::/96' && bytes.slice(0, 3).every((byte) => byte === 0) ? null : new ipaddr.IPv4(bytes);
  }
  return null;
}

function classOf(address: ipaddr.IPv4 | ipaddr.IPv6): AddressClass {
  if (METADATA.includes(address.toNormalizedString())) return 'local';
  const inner = address instanceof ipaddr.IPv6 ? embedded(address) : null;
  if (inner !== null) return classOf(inner);
  const known = CLASSES[address.range()] ?? 'reserved';
  const isOutside = address instanceof ipaddr.IPv6 && !address.match(ipaddr.IPv6.parseCIDR(GLOBAL_UNICAST));
  return known === 'public' && isOutside ? 'reserved' : known;
}

/**
 * Returns the class of an IPv4 or IPv6 address; of an address that carries another one (IPv4-mapped, NAT64, 6to4), the class
 * of that one. Text that is no address is `reserved`. Source: the special-purpose registries of IANA (RFC 6890).
 */
export function addressClass(address: string): AddressClass {
  const known = parsed(address);
  return known === null ? 'reserved' : classOf(known);
}

/** Returns the canonical text of an address, an IPv4-mapped one as IPv4; null for text that is no address. */
export function canonicalAddress(address: string): string | null {
  const known = parsed(address);
  if (known === null) return null;
  return known instanceof ipaddr.IPv6 && known.isIPv4MappedAddress()
    ? known.toIPv4Address().toString()
    : known.toString();
}

/** Reports whether an address is in a range in CIDR form. False for another family and for text that is none. */
export function isWithin(address: string, range: string): boolean {
  if (!ipaddr.isValidCIDR(range)) return false;
  const known = canonicalAddress(address);
  if (known === null) return false;
  const [base, bits] = ipaddr.parseCIDR(range);
  const inner = ipaddr.parse(known);
  return inner.kind() === base.kind() && inner.match(base, bits);
}
