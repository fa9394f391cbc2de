import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ExpiringStore } from './port.ts';

/** Tests what every store of expiring values does. `open` resolves with a connection to the same store on each call. */
export function expiringContract(open: () => Promise<ExpiringStore>): void {
  test('a value is read any number of times, also from another connection', async () => {
    const [one, other] = [await open(), await open()];
    await one.put('a', 'value', 10_000);
    expect([await other.touch('a', 10_000), await one.touch('a', 10_000)]).toEqual(['value', 'value']);
  });

  test('a value is gone after its time', async () => {
    const store = await open();
    await store.put('b', 'value', 20);
    await sleep(60);
    expect(await store.touch('b', 10_000)).toBeNull();
    expect(await store.missing(['b'])).toEqual(['b']);
  });

  test('a reading begins the time again, and asking what is missing does not', async () => {
    const store = await open();
    await Promise.all([store.put('read', 'value', 300), store.put('asked', 'value', 300)]);
    await sleep(200);
    expect(await store.touch('read', 10_000)).toBe('value');
    expect(await store.missing(['read', 'asked'])).toEqual([]);
    await sleep(200);
    expect(await store.missing(['read', 'asked'])).toEqual(['asked']);
  });

  test('a reading of an unknown key keeps nothing', async () => {
    const store = await open();
    expect(await store.touch('never', 10_000)).toBeNull();
    expect(await store.missing(['never'])).toEqual(['never']);
    expect(await store.missing([])).toEqual([]);
  });

  test('a removed value is gone for every connection; a second removal has no effect', async () => {
    const [one, other] = [await open(), await open()];
    await one.put('c', 'value', 10_000);
    await other.remove('c');
    await other.remove('c');
    expect(await one.touch('c', 10_000)).toBeNull();
  });
}
