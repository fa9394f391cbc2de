import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokerCountOf, clusterOf } from './kafka-cluster.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-cluster-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Writes the files of a broker that has run. */
function begun(kept: object): void {
  for (const [file, text] of [
    ['data/kafka/meta.properties', ''],
    ['state/kafka.json', JSON.stringify(kept)],
  ] as const) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
}

describe('the brokers of a folder', () => {
  it('are one at first, or the requested number', () => {
    expect(brokerCountOf(dir, undefined)).toBe(1);
    expect(brokerCountOf(dir, 3)).toBe(3);
  });

  it('are afterwards as many as in the existing data', () => {
    begun({ clusterId: 'c', brokers: 3 });
    expect(brokerCountOf(dir, undefined)).toBe(3);
    expect(brokerCountOf(dir, 3)).toBe(3);
  });

  it('cannot change in number over the same data', () => {
    begun({ clusterId: 'c' });
    expect(() => brokerCountOf(dir, 3)).toThrow(expect.objectContaining({ code: 'BROKERS_CHANGED' }));
    begun({ clusterId: 'c', brokers: 3 });
    expect(() => brokerCountOf(dir, 1)).toThrow(/cluster of 3, not 1/);
  });

  it('have one cluster for concurrent callers', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => clusterOf(dir, 3)));
    expect(first).toEqual(second);
    expect(third).toEqual(second);
    const ports = first?.brokers.flatMap(({ port, controllerPort, frontPort }) => [port, controllerPort, frontPort]);
    expect(new Set(ports).size).toBe(9);
    expect(first?.brokers.map(({ node, name }) => `${node} ${name}`)).toEqual(['1 kafka', '2 kafka-2', '3 kafka-3']);
  });
});
