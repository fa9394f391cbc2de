import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { checkSecrets } from './secrets.ts';

const root = mkdtempSync(join(tmpdir(), 'khipu-secrets-'));
afterAll(() => rmSync(root, { recursive: true }));

const letters = (length: number): string =>
  Array.from(randomBytes(length), (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.charAt(byte % 36)).join('');

/** Generated while the test runs, so that none of them is ever committed. */
const planted: readonly (readonly [string, string, string])[] = [
  [
    'a private key',
    'key.pem',
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs1' }) as string,
  ],
  ['a token of GitHub', 'ci.yml', `token: ${['gh', 'p'].join('')}_${letters(36)}`],
  [
    'a secret key of AWS',
    'deploy.env',
    `AWS_SECRET_ACCESS_KEY=${randomBytes(30).toString('base64').replace(/[+/]/g, 'x')}`,
  ],
  [
    'a URL with a password',
    'config.ts',
    `const url = '${['postgres', '://'].join('')}admin:${letters(20)}@db.example.com/prod';`,
  ],
];

it.each(planted)('%s is found and named, but not shown', async (_what, name, text) => {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, name), `first line\n${text}\n`);
  const { problems } = await checkSecrets(folder, 1);
  expect(problems).not.toEqual([]);
  for (const problem of problems) {
    expect(problem).toContain(`${name}:2: `);
    expect(problem).not.toContain(text.slice(-20));
  }
});

it('ordinary text is accepted', async () => {
  const folder = join(root, 'plain');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.ts'), "export const url = process.env['DATABASE_URL'];\n// Bearer $KHIPU_API_KEY\n");
  expect(await checkSecrets(folder, 1)).toEqual({ seen: 1, problems: [] });
});

it('fails when it saw no file', async () => {
  const folder = join(root, 'empty');
  mkdirSync(folder);
  expect((await checkSecrets(folder)).problems).toEqual(['saw 0 files, expected 50 or more']);
});
