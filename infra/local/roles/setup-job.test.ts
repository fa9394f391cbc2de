import { expect, test } from 'vitest';
import { readSetupLine } from './setup-job.ts';

test('the last JSON line with a key is used', () => {
  expect(readSetupLine('noise\n{"api_key":"a"}\n{"api_key":"b","topics":13}\n')).toEqual({ apiKey: 'b' });
});

test('text without a key returns undefined', () => {
  expect(readSetupLine('')).toBeUndefined();
  expect(readSetupLine('{"topics":13}\nnull\n{"api_key":""}\n')).toBeUndefined();
});
