import { expect, test } from 'vitest';
import type { SingleUseStore } from './port.ts';

/** Tests what every store of single-use values does. `open` resolves with a connection to the same store on each call. */
export function singleUseContract(open: () => Promise<SingleUseStore>): void {
  test('a value is taken once, also from another connection', async () => {
    const [one, other] = [await open(), await open()];
    await one.put('a', 'value', 10_000);
    expect(await other.take('a')).toBe('value');
    expect(await one.take('a')).toBeNull();
    expect(await other.take('a')).toBeNull();
  });

  test('of many callers at the same time, one gets the value', async () => {
    const stores = await Promise.all([open(), open(), open()]);
    await stores[0]?.put('b', 'value', 10_000);
    const taken = await Promise.all(Array.from({ length: 60 }, (_, at) => stores[at % 3]?.take('b')));
    expect(taken.filter((value) => value !== null)).toEqual(['value']);
  });

  test('a value is gone after its time', async () => {
    const store = await open();
    await store.put('c', 'value', 20);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await store.take('c')).toBeNull();
  });

  test('an unknown key has no value', async () => {
    expect(await (await open()).take('never')).toBeNull();
  });
}
