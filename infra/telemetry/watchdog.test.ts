import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(how: string) {
  const file = new URL('./testing/stuck-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, how], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const lines: string[] = [];
  child.stdout.on('data', (data: Buffer) => lines.push(...data.toString().trim().split('\n')));
  return { child, lines };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a process under the watchdog', () => {
  it('names the record that blocks it, and ends', async () => {
    const { child, lines } = start('endless');
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect([code, signal]).toEqual([null, 'SIGKILL']);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ...{ level: 60, role: 'test', pid: child.pid, code: 'PROCESSOR_STUCK' },
      ...{ processor: 'endless', topic: 'endless.commands', partition: 3, offset: 4_711 },
      forMs: expect.any(Number),
    });
  });

  it('continues when it is slow, or was stopped for longer than the bound', async () => {
    const { child, lines } = start('now and then');
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGSTOP');
    await pause(2_500);
    child.kill('SIGCONT');
    await pause(2_500);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    expect(lines).toEqual(['turning']);
  });
});
