import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Authority, issue, openAuthority } from '../local/tls/authority.ts';
import { queryOf } from '../tls/tls-url.ts';
import { meterCertificates } from './certificates.ts';

const DAY_S = 86_400;
let dir: string;
let authority: Authority;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'khipu-expiry-'));
  authority = await openAuthority(dir);
});
afterAll(() => rmSync(dir, { recursive: true }));

const plain = { registryUrl: 'http://r', databaseUrl: 'postgres://d/k', redisUrl: 'redis://r', tls: { http: null } };

async function partsOf(register: Registry): Promise<Record<string, number>> {
  const metrics = await register.getMetricsAsJSON();
  const { values = [] } = metrics.find(({ name }) => name === 'khipu_certificate_expiry_seconds') ?? {};
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels['part']), Math.round(value / DAY_S)]));
}

it('each part has the time that is left to its certificate, and a new one counts with the next scrape', async () => {
  const [kafka, redis] = [await issue(authority, { name: 'one' }), await issue(authority, { name: 'two' })];
  const register = new Registry();
  const redisUrl = `rediss://r?${queryOf(redis)}`;
  meterCertificates(register, { ...plain, kafkaLogin: { tls: kafka }, redisUrl });
  expect(await partsOf(register)).toEqual({ kafka: 90, redis: 90 });
  await issue(authority, { name: 'two', validMs: 2 * DAY_S * 1_000 });
  expect(await partsOf(register)).toEqual({ kafka: 90, redis: 2 });
});

it('a process without certificates has no such metric', async () => {
  const register = new Registry();
  meterCertificates(register, { ...plain, kafkaLogin: { tls: null } });
  expect(await register.getMetricsAsJSON()).toEqual([]);
});
