import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimPort, isPortFree } from './ports.ts';

describe('claiming a port', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'khipu-ports-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('returns a real port for port 0', async () => {
    const port = await claimPort(dir, 'gateway', 0);
    expect(port).toBeGreaterThanOrEqual(1_024);
    expect(await isPortFree(port)).toBe(true);
  });

  it('returns the same port at the next start, and another one for another name', async () => {
    const port = await claimPort(dir, 'gateway');
    expect(await claimPort(dir, 'gateway')).toBe(port);
    expect(await claimPort(dir, 'kafka', port)).not.toBe(port);
  });
});
