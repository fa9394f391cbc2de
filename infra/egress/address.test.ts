import { describe, expect, it, test } from 'vitest';
import { addressClass, canonicalAddress, isWithin } from './address.ts';
import { mayReach, noPrivateHosts, privateHostsOf } from './private-hosts.ts';

describe('the class of an address', () => {
  test.each([
    [
      'public',
      ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'],
    ],
    ['private', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', 'fd12:3456::1', 'fc00::1']],
    [
      'private',
      ['::ffff:10.0.0.1', '::ffff:a00:1', '64:ff9b::a00:1', '2002:a00:1::', '::10.0.0.1', '::ffff:0:10.0.0.1'],
    ],
    ['local', ['127.0.0.1', '127.255.255.254', '::1', '0.0.0.0', '0.1.2.3', '::', '169.254.169.254', '169.254.170.2']],
    [
      'local',
      ['::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', '::ffff:169.254.169.254', 'fe80::1'],
    ],
    ['local', ['fd00:ec2::254', '100.100.100.200', '168.63.129.16', '192.0.0.192', '::ffff:168.63.129.16']],
    [
      'reserved',
      ['224.0.0.1', '255.255.255.255', '240.0.0.1', '192.0.2.1', '198.18.0.1', '192.88.99.1', '2001:db8::1'],
    ],
    ['reserved', ['ff02::1', 'fec0::1', '::2', '4000::1', '64:ff9b:1::a00:1', '2001::1', '100::1']],
    ['reserved', ['fe80::1%eth0', '127.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1', '010.0.0.1', 'localhost', '']],
  ])('is %s for %j', (expected, addresses) => {
    expect(addresses.map((address) => [address, addressClass(address)])).toEqual(
      addresses.map((each) => [each, expected]),
    );
  });

  it('is compared by canonical text', () => {
    expect(canonicalAddress('::ffff:127.0.0.1')).toBe('127.0.0.1');
    expect(canonicalAddress('2606:4700:0:0:0:0:0:1111')).toBe('2606:4700::1111');
    expect(canonicalAddress('127.1')).toBeNull();
    expect(isWithin('::ffff:10.1.2.3', '10.0.0.0/8')).toBe(true);
    expect(isWithin('10.1.2.3', 'fc00::/7')).toBe(false);
    expect(isWithin('10.1.2.3', 'ten')).toBe(false);
    expect(isWithin('ten', '10.0.0.0/8')).toBe(false);
  });
});

describe('hosts outside the internet that settings name', () => {
  const named = privateHostsOf('Vault.internal, 10.2.0.0/16,127.0.0.1, [fd00::5]');

  it('are names, addresses and ranges', () => {
    expect(named).toEqual({
      names: new Set(['vault.internal']),
      ranges: ['10.2.0.0/16', '127.0.0.1/32', 'fd00::5/128'],
    });
  });

  test.each([
    '',
    'a,,b',
    '*',
    '*.internal',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    'http://a',
    'a:80',
    '127.1',
    'a b',
    '-a',
  ])('are none of %j', (list) => expect(privateHostsOf(list)).toBeNull());

  test.each([
    ['anything.example', '8.8.8.8', true],
    ['vault.internal', '10.9.9.9', true],
    ['vault.internal', 'fd12::1', true],
    ['other.internal', '10.9.9.9', false],
    ['other.internal', '10.2.9.9', true],
    ['other.internal', '::ffff:10.2.9.9', true],
    ['localhost', '127.0.0.1', true],
    ['localhost', '127.0.0.2', false],
    // A name that settings open does not open metadata services and this host.
    ['vault.internal', '169.254.169.254', false],
    ['vault.internal', '127.0.0.2', false],
    ['vault.internal', '0.0.0.0', false],
    ['vault.internal', '224.0.0.1', false],
  ])('open %s at %s: %s', (host, address, expected) => {
    expect(named).not.toBeNull();
    expect(mayReach(named ?? noPrivateHosts, host, address)).toBe(expected);
  });

  it('are none without the setting', () => {
    expect(mayReach(noPrivateHosts, 'vault.internal', '10.9.9.9')).toBe(false);
    expect(mayReach(noPrivateHosts, 'vault.internal', '8.8.8.8')).toBe(true);
  });
});
