import { expect, test } from 'vitest';
import { projectRoot } from '../home.ts';
import { type Board, type BoardRow, formatBoard } from './status-board.ts';

const row = (name: string, kind: BoardRow['kind'], address: string): BoardRow => ({
  ...{ name, kind, address, health: { ok: true, detail: '' } },
  ...{ pid: 7, memory_mb: 50, restarts: 0, log: `${projectRoot}/.khipu/logs/${name}.log` },
});

const board: Board = {
  url: 'http://127.0.0.1:8080',
  state: 'ready',
  ...{ provider: 'local', model: 'smollm2-135m-instruct', provider_note: '' },
  started_at: '2026-11-28T00:00:00.000Z',
  memory_mb: 150,
  rows: [
    row('gateway', 'role', '127.0.0.1:8080'),
    row('stream-all', 'role', '127.0.0.1:9464'),
    row('kafka', 'part', '127.0.0.1:27661'),
  ],
  env_file: `${projectRoot}/.khipu/client.env`,
};
const lines = formatBoard(board).split('\n');
const lineOf = (name: string) => lines.find((line) => line.startsWith(`  ${name} `));

test('the board begins with the state, the address and the model', () => {
  expect(lines[0]).toBe('Khipu ready at http://127.0.0.1:8080, 150 MB in total, model: smollm2-135m-instruct (local)');
});

test('a port of health and metrics is named as such, the port of clients is not', () => {
  expect(lineOf('stream-all')).toContain(' admin 127.0.0.1:9464 ');
  expect(lineOf('gateway')).toContain(' 127.0.0.1:8080 ');
  expect(lineOf('gateway')).not.toContain('admin');
  expect(lineOf('kafka')).not.toContain('admin');
});
