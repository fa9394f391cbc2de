import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkHygiene, findings } from './hygiene.ts';

/** Joins planted text here, so that this file itself stays clean. */
const glue = (...parts: readonly string[]): string => parts.join('');
const dashes = '-----';

describe('hygiene', () => {
  it.each([
    ['UNFINISHED', glue('// TO', 'DO: later')],
    ['UNFINISHED', glue('# FIX', 'ME')],
    ['TEST_OFF', glue('it.on', "ly('works', () => {})")],
    ['TEST_OFF', glue('describe.sk', "ip('works', () => {})")],
    ['TEST_OFF', glue('it.concurrent.on', 'ly.each([])')],
    ['CONFLICT', glue('<<<<', '<<< HEAD')],
    ['MACHINE_PATH', glue("const root = '/ho", "me/ana/khipu';")],
    ['MACHINE_PATH', glue('cd /ro', 'ot/khipu')],
    ['MACHINE_PATH', glue('see /wo', 'rk/main')],
    ['MACHINE_PATH', glue('C:\\Us', 'ers\\ana')],
    ['REGISTRY_HOST', glue('"resol', 'ved": "https://packages.example/x.tgz"')],
    ['REGISTRY_HOST', glue('regis', 'try=https://packages.example/')],
    ['REGISTRY_HOST', glue('--index-', 'url https://packages.example/simple')],
    ['PRIVATE_KEY', glue(dashes, 'BEGIN PRIV', `ATE KEY${dashes}\nMC4CAQAwBQYDK2VwBCIEIA\n`)],
    ['PRIVATE_KEY', glue(dashes, 'BEGIN RSA PRIV', `ATE KEY${dashes}\\nMC4CAQAwBQYDK2VwBCIEIA`)],
    ['API_KEY', glue('Bearer khp', '_0123456789abcdefghij')],
    ['TOKEN', glue('eyJhbGciOiJFZERTQSJ9.ey', 'JzdWIiOiIxMjM0NTY3ODkwIn0.', 'abcdefghijklmnopqrstuv')],
  ])('finds %s in: %s', (code, text) => {
    const [finding] = findings({ path: 'a.ts', text: `first line\n${text}` });
    expect(finding).toMatch(new RegExp(`^${code} a.ts:2: `));
  });

  it.each([
    'const prefix = "khp_";',
    'curl -H "Authorization: Bearer $KHIPU_API_KEY"',
    "const pem = '-----BEGIN PRIVATE KEY-----';",
    'it.skipIf(!hasDocker)(…)',
    'cache: ~/.m2/repository',
    'WORKDIR /home/node/app',
    'files.only(first)',
    'docs/work/main',
  ])('lets through: %s', (text) => {
    expect(findings({ path: 'a.ts', text })).toEqual([]);
  });

  it('fails when it saw no file', () => {
    const root = mkdtempSync(join(tmpdir(), 'khipu-hygiene-'));
    try {
      expect(checkHygiene(root).problems).toEqual(['saw 0 files, expected 50 or more']);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
