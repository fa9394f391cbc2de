import { describe, expect, test } from 'vitest';
import {
  attestationPage,
  capsuleList,
  install,
  newer,
  pinned,
  waiting,
} from '../../../../tests/console/recorded/capsules.ts';
import {
  asksOf,
  capsulePage,
  isGranted,
  notReviewable,
  priceText,
  queuePublishers,
  statementIn,
  versionsOf,
} from './capsules.ts';

const everything = { principal: 'user:ana', may: () => true };

test('a price is said in words', () => {
  expect(priceText(install.price)).toBe('2.5 EUR an install');
  expect(priceText({ amount: '0.10', currency: 'USD', meter: 'run' })).toBe('0.1 USD a run');
  expect(priceText({ amount: '0.000000000', currency: 'EUR', meter: 'install' })).toBe('free');
});

test('of what a capsule asks for, its runs need the agent, the model and the tools', () => {
  expect(asksOf(pinned).filter(({ isNeeded }) => !isNeeded)).toEqual([
    { capability: 'memory:recall:shared', isNeeded: false },
  ]);
  const wide = asksOf({ ...pinned, asks: ['tool:execute:*', 'memory:*'] });
  expect(wide.map(({ isNeeded }) => isNeeded)).toEqual([true, false]);
});

test('a grant covers a capability by itself or by a wider one', () => {
  expect(isGranted(install.granted, 'tool:execute:pay')).toBe(true);
  expect(isGranted(install.granted, 'memory:recall:shared')).toBe(false);
  expect(isGranted(['memory:*'], 'memory:recall:shared')).toBe(true);
});

test('a capsule has its page, and a text that is no id has that of the list', () => {
  expect(capsulePage(newer.capsule)).toBe('/console/capsules/acme/invoice-desk/1.2.0');
  expect(capsulePage('invoice-desk')).toBe('/console/capsules');
});

test('a statement says what it is, about which digest; a bundle that is none is unreadable', () => {
  expect(attestationPage.items.map(({ bundle }) => statementIn(bundle))).toMatchObject([
    { kind: 'review', digest: pinned.digest, predicate: { note: 'Instruções lidas' } },
    { kind: 'provenance', digest: pinned.digest },
  ]);
  expect(statementIn({ dsseEnvelope: { payload: '%%' } })).toMatchObject({ kind: 'unreadable', digest: null });
  expect(statementIn(null).kind).toBe('unreadable');
  const other = btoa(JSON.stringify({ predicateType: 'https://example.com/audit/v1', predicate: {} }));
  expect(statementIn({ dsseEnvelope: { payload: other } })).toMatchObject({ kind: 'https://example.com/audit/v1' });
});

describe('a review', () => {
  test('is of a capsule that waits for one, by another principal, once, with the capability for its publisher', () => {
    expect(notReviewable(waiting, everything)).toBeNull();
    expect(notReviewable(pinned, everything)).toBe('');
    expect(notReviewable(waiting, { ...everything, principal: 'user:inti' })).toBe(
      'Who publishes a capsule does not review it.',
    );
    expect(notReviewable({ ...waiting, reviews: pinned.reviews }, everything)).toBe('You have reviewed this version.');
    expect(notReviewable(waiting, { ...everything, may: () => false })).toBe('A review takes capsules:review:acme.');
  });

  test('queues are those of the own tenant and of the publishers that a capability names', () => {
    expect(queuePublishers(['capsules:review:acme', 'capsules:review:*', 'capsules:read'], 'demo')).toEqual([
      'demo',
      'acme',
    ]);
    expect(queuePublishers(['*'], 'demo')).toEqual(['demo']);
  });
});

test('versions are those of one capsule, the newest first', () => {
  const found = ['listed', 'submitted', 'yanked'].flatMap(
    (status) => capsuleList(new URLSearchParams({ status })).items,
  );
  expect(versionsOf(found, pinned).map(({ version }) => version)).toEqual(['1.3.0', '1.2.0', '1.1.0', '1.0.0']);
});
