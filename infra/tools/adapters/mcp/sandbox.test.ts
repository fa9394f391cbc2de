import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../../egress/testing.ts';
import { projectRoot } from '../../../local/home.ts';
import { processTierLacks } from '../../../sandbox/process/probe.ts';
import { mcpAdapter } from './adapter.ts';
import { localParts, offered, offersOf, runWith, serverOf } from './testing.ts';

const code = readFileSync(join(projectRoot, 'tests/support/mcp/stdio-server.mjs'), 'utf8');
const server = serverOf({ command: ['node', '/files/server.mjs'], files: { 'server.mjs': code } }, { tier: 'process' });
const lacks = await processTierLacks();
const error = (codeOf: string, more: object = {}) => expect.objectContaining({ code: codeOf, ...more });
const BUSY_MS = 60_000;

describe.skipIf(lacks.length > 0)('a server that is a program, in a sandbox', () => {
  const execute = async (tool: string, given: Record<string, unknown> = {}) => {
    const connected = mcpAdapter(localParts()).connect(await offered(server, tool), 'acme');
    return connected.execute(runWith(given, { timeoutMs: 20_000 }));
  };

  it('is asked for what it offers, and called', { timeout: BUSY_MS }, async () => {
    const { server: seen, tools } = await offersOf(server);
    expect([seen, tools.map(({ tool }) => tool)]).toEqual([
      { name: 'stdio', version: '1', protocol: '2025-11-25' },
      ['exit', 'network', 'shout'],
    ]);
    expect(await execute('shout', { text: 'khipu' })).toEqual({
      output: { content: [{ type: 'text', text: 'KHIPU' }] },
    });
  });

  it('has no network', { timeout: BUSY_MS }, async () => {
    const outside = await startServer();
    const url = `http://127.0.0.1:${outside.port}/`;
    expect((await fetch(url)).status).toBe(200);
    expect(await execute('network', { url })).toMatchObject({
      output: { content: [{ text: expect.stringMatching(/^not reached/) as string }] },
    });
    expect(outside.seen.length).toBe(1);
    await outside.close();
  });

  it('that ends in the middle leaves what is not known unknown', { timeout: BUSY_MS }, async () => {
    await expect(execute('exit')).rejects.toEqual(error('TOOL_PROGRAM_FAILED', { effect: 'unknown' }));
  });

  it('that never answers is ended with the call', { timeout: BUSY_MS }, async () => {
    const silent = serverOf({ command: ['sleep', '60'] }, { tier: 'process' });
    const began = performance.now();
    await expect(offersOf(silent, localParts(), runWith({}, { timeoutMs: 1_000 }))).rejects.toEqual(
      error('TOOL_TIMEOUT', { effect: 'none' }),
    );
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});

describe('a server that is a program', () => {
  it('does not run in a weaker tier', async () => {
    const adapter = mcpAdapter(localParts(), async () => ['bubblewrap is not there']);
    for (const tier of ['process', 'wasm', 'declared'] as const)
      await expect(adapter.audit({ ...server, tier })).rejects.toEqual(error('SANDBOX_UNAVAILABLE'));
  });
});
