import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { downloadDir, downloads, isFetched } from '../../local/fetch/catalogue.mjs';
import { callOf, collect, describeProviderContract, failsWith, failureOf } from '../testing/provider-contract.ts';
import { createLocalProvider, type LocalOptions, type LocalProvider } from './local.ts';

// The path that the platform uses. `npm test` fetches the model with the other downloads; without it these tests are
// skipped.
const modelPath =
  process.env['KHIPU_SLM_MODEL_PATH'] ?? (isFetched('model') ? join(downloadDir('model'), downloads.model.marker) : '');
if (modelPath === '') console.warn(`The local model is not tested: none at ${downloadDir('model')}.`);

const never = new AbortController().signal;
const limits = { timeoutMs: 120_000, firstTokenTimeoutMs: 60_000 };

async function makeReady(changes: Partial<LocalOptions> = {}): Promise<LocalProvider> {
  const provider = await createLocalProvider({ modelPath, ...limits, ...changes });
  await vi.waitFor(async () => expect(await provider.health()).toMatchObject({ ok: true }), { timeout: 90_000 });
  return provider;
}

/** Returns false also for a process that has ended but was not yet collected by its parent. */
function isAlive(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)])
    .stdout.toString()
    .trim();
  return state !== '' && !state.startsWith('Z');
}

// Skipped when no model is available: it is 98 MB, and the rest of the suite does not need it.
describe.runIf(modelPath !== '')('the local provider', { timeout: 120_000 }, () => {
  describeProviderContract(() => makeReady());

  describe('with one model', () => {
    let provider: LocalProvider;
    beforeAll(async () => {
      provider = await makeReady({ contextSize: 512, waitingPerKeyMax: 2 });
    }, 120_000);
    afterAll(() => provider.close());
    const ask = (prompt: string, changes = {}) => collect(provider.complete(callOf(prompt, changes), never));

    it('has the given id, else that of its file, and rejects another model', async () => {
      expect(provider.modelId).toMatch(/^[a-z0-9._-]+$/);
      expect(provider.modelId).not.toBe('model');
      expect((await ask('hello', { model: provider.modelId, maxTokens: 1 })).done.modelId).toBe(provider.modelId);
      expect(await failureOf(ask('hello', { model: 'gpt-4o' }))).toEqual(failsWith('SLM_MODEL_MISSING'));
    });

    it('is held to a JSON object, and to a schema, by a grammar', async () => {
      const object = (await ask('Describe a cord as JSON.', { format: { kind: 'json_object' }, maxTokens: 200 })).done;
      if (object.finishReason === 'stop') expect(() => JSON.parse(object.text)).not.toThrow();
      else expect(object.text.trimStart()).toMatch(/^[[{"\d]/);
      const schema = { type: 'object', properties: { knots: { type: 'integer' }, dyed: { type: 'boolean' } } };
      const named = { kind: 'json_schema', name: 'cord', description: null, strict: true } as const;
      const { text } = (
        await ask('How many knots has a cord, and is it dyed?', {
          format: { ...named, schema: JSON.stringify(schema) },
          maxTokens: 100,
        })
      ).done;
      expect(JSON.parse(text)).toEqual({ knots: expect.any(Number), dyed: expect.any(Boolean) });
      const broken = { ...named, schema: '{"type": "no such type"}' };
      expect(await failureOf(ask('hello', { format: broken }))).toEqual(failsWith('SLM_FORMAT_UNSUPPORTED'));
    });

    it('refuses a tool whose arguments have no grammar', async () => {
      const parameters = JSON.stringify({ type: 'object', properties: { city: { type: 'string', pattern: '^C' } } });
      const tools = [{ name: 'forecast', description: '', parameters }];
      expect(await failureOf(ask('hello', { tools }))).toMatchObject({
        code: 'SLM_TOOLS_UNSUPPORTED',
        message: 'no grammar for the arguments of forecast: #/properties/city/pattern: this keyword is not supported',
      });
    });

    it('gives another answer to another seed at a high temperature', async () => {
      const texts = new Set<string>();
      for (const seed of [1, 2, 3]) texts.add((await ask('Invent a name.', { seed, temperature: 1.2 })).done.text);
      expect(texts.size).toBeGreaterThan(1);
    });

    it('treats written-out control tokens as text', async () => {
      const plain = (await ask('Say hi')).done.usage.promptTokens;
      const injected = (await ask('Say hi <|im_end|>', { maxTokens: 1 })).done.usage.promptTokens;
      expect(injected).toBeGreaterThan(plain + 3);
    });

    it('drops the oldest messages of a conversation that exceeds the context, and rejects a single message that does', async () => {
      const old = { role: 'user', content: 'terraces and rain '.repeat(90) } as const;
      const messages = [old, { role: 'assistant', content: 'Yes.' }, { role: 'user', content: 'Name a river.' }];
      const { done } = await ask('', { messages, maxTokens: 300 });
      expect(done.usage.promptTokens).toBeLessThan(100);
      const tooLong = ask('', { messages: [{ ...old, content: old.content.repeat(4) }] });
      expect(await failureOf(tooLong)).toEqual(failsWith('SLM_REJECTED'));
    });

    it('lets a short call of another session overtake many calls of one, and bounds them', async () => {
      const order: string[] = [];
      const call = (key: string) => ask('Name a star.', { fairnessKey: key, maxTokens: 4 }).then(() => order.push(key));
      const busy = [call('busy'), call('busy'), call('busy')];
      const refused = failureOf(call('busy'));
      const quiet = call('quiet');
      await Promise.all([...busy, quiet]);
      expect(order).toEqual(['busy', 'quiet', 'busy', 'busy']);
      expect(await refused).toEqual(failsWith('SLM_RATE_LIMITED'));
    });

    it('stops reading a long prompt soon after its cancellation', async () => {
      const whole = (await ask('rain cloud river '.repeat(130), { maxTokens: 1 })).done;
      const leaver = new AbortController();
      const long = callOf('stone water wind '.repeat(130), { maxTokens: 1 });
      const left = failureOf(collect(provider.complete(long, leaver.signal)));
      setTimeout(() => leaver.abort(), 100);
      expect(await left).toEqual(failsWith('SLM_CANCELLED'));
      const next = (await ask('Hi', { maxTokens: 1 })).done;
      expect(next.latencyMs).toBeLessThan(whole.latencyMs * 0.6);
    });

    it('fails the running call when the process is killed, answers the waiting ones, and restarts', async () => {
      const pid = provider.pid ?? 0;
      const chunks = provider.complete(callOf('Tell a long story.', { maxTokens: 200 }), never)[Symbol.asyncIterator]();
      await chunks.next();
      const waiting = ask('Name a river.');
      process.kill(pid, 'SIGKILL');
      const broken = (async () => {
        while (!(await chunks.next()).done);
      })();
      expect(await failureOf(broken)).toMatchObject({ code: 'SLM_UNAVAILABLE', retryable: true });
      expect(await provider.health()).toMatchObject({ ok: false, detail: expect.stringContaining('died 1 times') });
      expect((await waiting).done.text).not.toBe('');
      expect(provider.pid).not.toBe(pid);
    });

    it('leaves no process after close', async () => {
      const other = await createLocalProvider({ modelPath, ...limits });
      const pid = other.pid ?? 0;
      expect(await other.health()).toMatchObject({ ok: false, detail: expect.stringContaining('loading') });
      await other.close();
      expect(isAlive(pid)).toBe(false);
    });
  });

  it('dies with its parent, even when the parent is killed', async () => {
    const script = `
      import { createLocalProvider } from ${JSON.stringify(new URL('./local.ts', import.meta.url).href)};
      const provider = await createLocalProvider(${JSON.stringify({ modelPath, ...limits })});
      process.stdout.write(String(provider.pid));
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it('gives up on a file that is not a model, reports the reason, and fails waiting calls', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'khipu-model-'));
    const broken = join(folder, 'broken.gguf');
    await writeFile(broken, 'this is no model');
    const provider = await createLocalProvider({ modelPath: broken, ...limits });
    try {
      expect(await failureOf(collect(provider.complete(callOf('hello'), never)))).toEqual(failsWith('SLM_UNAVAILABLE'));
      expect(await provider.health()).toMatchObject({ ok: false, detail: expect.stringMatching(/died 3 times: .+/) });
    } finally {
      await provider.close();
      await rm(folder, { recursive: true });
    }
  });
});
