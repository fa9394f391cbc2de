import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { styleOf } from '../show/style.ts';
import { followFile, lastLines } from './follow-file.ts';
import { logLineText } from './log-line.ts';

let dir: string;
let file: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-logs-'));
  file = path.join(dir, 'gateway.log');
});
afterEach(() => rmSync(dir, { recursive: true }));

const plain = styleOf(process.stdout, {});

it('a line of our logger is shown with time, level, message and fields', () => {
  const line = '{"level":40,"time":"2026-11-29T00:00:00.000Z","role":"gateway","pid":1,"code":"X","msg":"slow"}';
  expect(logLineText(line, plain)).toBe('2026-11-29T00:00:00.000Z WARN  slow  {"code":"X"}');
  for (const other of ['Kafka Server started', '{"level":40}', '{']) expect(logLineText(other, plain)).toBe(other);
});

it('the last lines of a file are read, and none of a file that is not there', () => {
  writeFileSync(file, 'a\nb\nc\n');
  expect(lastLines(file, 2)).toEqual(['b', 'c']);
  expect(lastLines(path.join(dir, 'other.log'), 2)).toEqual([]);
});

it('lines are followed across writes, characters and a restart of the file', async () => {
  writeFileSync(file, 'old\n');
  const lines: string[] = [];
  const stopped = new AbortController();
  const following = followFile(file, (line) => lines.push(line), stopped.signal);
  const half = Buffer.from('¿qué?\n');
  appendFileSync(file, half.subarray(0, 1));
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(lines).toEqual([]);
  appendFileSync(file, half.subarray(1));
  await vi.waitFor(() => expect(lines).toEqual(['¿qué?']), 30_000);
  writeFileSync(file, 'new\n');
  await vi.waitFor(() => expect(lines).toEqual(['¿qué?', 'new']), 30_000);
  stopped.abort();
  await following;
});
