import { expect, it } from 'vitest';
import { ToolError } from '../../errors.ts';
import { prepareManifest } from '../../manifest/signing.ts';
import { shippedManifest } from '../../shipped/shipped.ts';
import { queryArguments, queryError } from './query.ts';
import { sqlQueryAdapter, sqlVariable } from './sql-query.ts';

it.each([
  ['42601', 'TOOL_REQUEST_REFUSED', false],
  ['25006', 'TOOL_REQUEST_REFUSED', false],
  ['57014', 'TOOL_TIMEOUT', false],
  ['08006', 'TOOL_UNAVAILABLE', true],
  ['53300', 'TOOL_UNAVAILABLE', true],
])('an error %s of the database is %s', (code, expected, canRetry) => {
  const error = queryError(Object.assign(new Error('no'), { code }));
  expect(error).toMatchObject({ code: expected, canRetry, effect: 'none' });
});

it('an error of the adapter stays as it is', () => {
  const error = new ToolError('TOOL_DATABASE_REFUSED', 'no', { effect: 'none' });
  expect(queryError(error)).toBe(error);
});

it('a database has its URL in a variable of its name', () => {
  expect(sqlVariable('sales-eu')).toBe('KHIPU_SQL_SALES_EU_URL');
});

it('takes a query and parameters, and nothing else', () => {
  expect(queryArguments.parse({ sql: 'SELECT $1', parameters: [1] }).parameters).toEqual([1]);
  expect(queryArguments.safeParse({ sql: 'SELECT 1', url: 'postgres://elsewhere' }).success).toBe(false);
});

it('refuses a manifest that writes, or that names no database of settings', async () => {
  const never = () => Promise.reject(new Error('not asked'));
  const adapter = sqlQueryAdapter({
    ...{ secrets: { resolve: never }, fileOf: () => undefined, own: { requireOther: never } as never },
    connect: () => {
      throw new Error('not connected');
    },
  });
  const of = (changes: object) => prepareManifest({ ...shippedManifest('sql.query'), ...changes }).manifest;
  expect(() => adapter.connect(of({ effect: 'write' }), 'acme')).toThrow('effect');
  expect(() => adapter.connect(of({ config: { database: '../main' } }), 'acme')).toThrow('config');
  await expect(adapter.audit(of({ tier: 'process' }))).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
});
