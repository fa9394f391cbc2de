import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { EventSource } from 'eventsource';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as page from '../../docs/examples/client-page.ts';
import type * as server from '../../docs/examples/client-server.ts';
import type { TurnEvent } from '../../infra/client/index.ts';
import type { ApiClient } from '../support/api-client.ts';
import { chromium, openPage } from '../support/chromium.ts';
import { type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { essenceOf, textOf } from '../support/turn-text.ts';
import { checkTypes, installClient } from './support/client-package.ts';
import { type PageServer, servePage } from './support/page-server.ts';
import { askWithPython } from './support/python-client.ts';
import { BUSY_MACHINE, clientOf } from './support/turn-fixture.ts';

/** Four seconds or more of text, and a network that lets a stream live for much less. */
const WORD_MS = 110;
const WORDS = 40;
const PROMPT = `[[words:${WORDS}]] Tell me of every knot.`;
const STREAM_MS = 1_200;

/** A page that asks with its token, watches with tickets, and tries what it must not do. */
const script = (url: string): string => `
  import { ask, watch } from '/client-page.ts';
  const json = async (path) => (await fetch(path)).json();
  const report = (value) => fetch('/report', { method: 'POST', body: JSON.stringify(value) });
  try {
    const session = await json('/session');
    const [asked, watched, end] = [[], [], new AbortController()];
    const watching = watch('${url}', session.sessionId, () => json('/ticket?session=' + session.sessionId), (event) => {
      watched.push(event);
      if (event.event === 'turn.completed') end.abort();
    }, end.signal).catch(() => {});
    await ask('${url}', session, ${JSON.stringify(PROMPT)}, (event) => asked.push(event));
    await watching;
    const byKey = await fetch('${url}/v1/sessions', { headers: { authorization: 'Bearer khp_in_a_page' } });
    await report({ asked, watched, byKey: [byKey.status, (await byKey.json()).code] });
  } catch (error) {
    await report({ error: String(error.stack ?? error) });
  }
`;
/** A page whose origin is not listed. */
const stranger = (url: string): string => `
  const outcome = await fetch('${url}/v1/slm/health').then(() => 'read', String);
  await fetch('/report', { method: 'POST', body: JSON.stringify(outcome) });
`;

let dir: string;
let platform: TestPlatform | undefined;
let api: ApiClient;
let proxy: CuttingProxy;
let backend: typeof server;
let pages: PageServer;
let elsewhere: PageServer;
beforeAll(async () => {
  dir = installClient();
  pages = await servePage(
    () => dir,
    () => script(proxy.url),
    {
      '/session': () => backend.sessionForPage(),
      '/ticket': (query) => backend.ticketForPage(query.get('session') ?? ''),
    },
  );
  elsewhere = await servePage(
    () => dir,
    () => stranger(api.url),
    {},
  );
  platform = await startTestPlatform({
    env: {
      ...BUSY_MACHINE,
      KHIPU_SLM_DETERMINISTIC_DELAY_MS: String(WORD_MS),
      KHIPU_CORS_ORIGINS: pages.origin,
    },
    apart: [],
  });
  api = clientOf(platform);
  proxy = await startCuttingProxy(api.url, STREAM_MS);
  process.env['KHIPU_URL'] = api.url;
  process.env['KHIPU_API_KEY'] = api.apiKey;
  backend = (await import(pathToFileURL(join(dir, 'client-server.ts')).href)) as typeof server;
});
afterAll(async () => {
  for (const each of [pages, elsewhere]) each.close();
  await proxy.close();
  await platform?.stop();
  rmSync(dir, { recursive: true, force: true });
});

function expectWhole(events: readonly TurnEvent[]): void {
  expect(events.at(-1)?.event).toBe('turn.completed');
  expect(textOf(events)).toBe(events.at(-1)?.data['text']);
  expect(textOf(events).split(' ')).toHaveLength(WORDS);
}

describe('khipu/client, installed', () => {
  test('has types that the examples of the documentation fit', () => checkTypes(dir));

  test('runs the example that asks, as a program of its own', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(dir, 'client-ask.ts')], { cwd: dir });
    expect(stdout).toMatch(/\[turn\.started\]\n[\s\S]*\S[\s\S]*\n\[turn\.completed\]\n$/);
  });

  test('resumes a turn over a network that cuts each stream, without a gap or a repeat', async () => {
    const { ask } = (await import(pathToFileURL(join(dir, 'client-page.ts')).href)) as typeof page;
    const session = await backend.sessionForPage();
    const events: TurnEvent[] = [];
    const before = proxy.cuts;
    await ask(proxy.url, session, PROMPT, (event) => events.push(event));
    expect(proxy.cuts - before).toBeGreaterThanOrEqual(2);
    expectWhole(events);
  });

  test('resumes with EventSource and a new ticket each time, without a gap or a repeat', async () => {
    const { ticketedEvents } = (await import(pathToFileURL(join(dir, 'node_modules/khipu/index.js')).href)) as {
      ticketedEvents: typeof import('../../infra/client/index.ts').ticketedEvents;
    };
    const started = (await api.start({ persona: 'guide', prompt: PROMPT })).body;
    const [sessionId, turnId] = [started.session_id, started.turn_id];
    let tickets = 0;
    const ticket = (): Promise<string> => {
      tickets += 1;
      return backend.ticketForPage(sessionId);
    };
    const events: TurnEvent[] = [];
    for await (const event of ticketedEvents({ url: proxy.url, sessionId, turnId, ticket, EventSource }))
      events.push(event);
    expect(tickets).toBeGreaterThanOrEqual(3);
    expectWhole(events);
    expect(essenceOf(events)).toEqual(essenceOf(await api.stream(started, started.turn_url)));
  });
});

/** Time for the first run, which installs the generator. */
const PYTHON_MS = 360_000;

test('a generated Python client runs its example', { timeout: PYTHON_MS }, async () => {
  const stdout = await askWithPython(dir, process.env);
  expect(stdout).toMatch(/\[turn\.started\]\n[\s\S]*\S[\s\S]*\n\[turn\.completed\]\n$/);
});

describe.skipIf(chromium === null)('a page in Chromium', () => {
  const browser = chromium ?? '';

  test('of a listed origin asks with its token and watches with tickets, but has no use for an API key', async () => {
    const end = openPage(browser, pages.origin);
    const report = (await pages.report) as Readonly<Record<string, unknown>>;
    await end();
    expect(report['error']).toBeUndefined();
    const [asked, watched] = [report['asked'], report['watched']] as (readonly TurnEvent[])[];
    expectWhole(asked ?? []);
    expectWhole(watched ?? []);
    expect(report['byKey']).toEqual([403, 'API_KEY_CROSS_ORIGIN']);
  });

  test('of another origin reads nothing', async () => {
    const end = openPage(browser, elsewhere.origin);
    const outcome = await elsewhere.report;
    await end();
    expect(outcome).toMatch(/^TypeError: Failed to fetch/);
  });
});
