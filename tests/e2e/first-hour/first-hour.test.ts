import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../../infra/local/home.ts';
import { partVariables } from '../../../infra/local/parts/part.ts';
import { type Parts, startParts } from '../../../infra/local/parts/parts.ts';
import { plainEnvironment } from '../../support/environment.ts';
import { blocksOfStretch, type HourBlock, type ReaderValues, stretches } from './hour.ts';
import { type ModelServer, startModelServer } from './model-server.ts';
import { runInOneShell, type Session, type Typed, type Typing } from './shell.ts';
import { showsJson, showsText } from './shown-output.ts';

const HOUR_MS = 8 * 60_000;

let folder: string;
let parts: Parts | undefined;
let server: ModelServer | undefined;
let blocks: readonly (readonly HourBlock[])[] = [];
let session: Session = { code: null, typed: [] };

/** The environment without services, also those of the tests: the pages start their own. */
function withoutServices(): NodeJS.ProcessEnv {
  const services = new Set<string>(Object.values(partVariables));
  return Object.fromEntries(Object.entries(plainEnvironment()).filter(([name]) => !services.has(name)));
}

/** The shell of a new user: no settings of Khipu, except a fast model where the pages name none. */
const shellEnv = (): NodeJS.ProcessEnv => ({
  ...withoutServices(),
  KHIPU_SLM_PROVIDER: 'deterministic',
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_CONFIG_HOME: join(folder, 'config'),
  NODE_OPTIONS: '',
});

/** Typed after the clone: hard links to the packages of this checkout, because an `npm ci` takes minutes. */
const links: Typed = {
  where: 'packages',
  text: `cp -al '${projectRoot}/node_modules' . 2>/dev/null || cp -a '${projectRoot}/node_modules' .`,
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'khipu-first-hour-'));
  // As root, Postgres runs under its own user and needs access to its folder.
  chmodSync(folder, 0o755);
  server = await startModelServer();
  // The services of the page about services of one's own.
  mkdirSync(join(folder, 'services'));
  parts = await startParts({
    ...{ dir: join(folder, 'services'), only: ['kafka', 'registry', 'postgres'], env: withoutServices() },
  });
  const values: ReaderValues = {
    repository: `file://${projectRoot}`,
    modelServer: server.url,
    brokers: parts.env.KAFKA_BROKERS,
    registry: parts.env.SCHEMA_REGISTRY_URL,
    database: parts.env.DATABASE_URL,
  };
  blocks = stretches.map((stretch) => blocksOfStretch(stretch, values));
  const run: Typed[] = blocks.flat().filter(({ notRun }) => notRun === null);
  const typed = run.flatMap((block) => (block.text.includes('git clone') ? [block, links] : [block]));
  session = await runInOneShell(typed, { cwd: folder, env: shellEnv(), timeoutMs: HOUR_MS });
}, HOUR_MS + 60_000);

afterAll(async () => {
  const clone = join(folder, 'khipu');
  execFileSync('npm', ['stop'], { cwd: clone, env: shellEnv(), stdio: 'ignore' });
  await parts?.stop();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const typingOf = ({ where }: Typed): Typing | undefined => session.typed.find((typing) => typing.where === where);

describe('the first hour, in one shell, in a fresh clone', () => {
  test('every command of the README, the quickstart and eight how-tos succeeds', () => {
    const last = session.typed.at(-1);
    expect({ code: session.code, where: last?.where, output: session.code === 0 ? '' : last?.output }).toEqual({
      code: 0,
      where: blocks.flat().at(-1)?.where,
      output: '',
    });
    const slow = session.typed.toSorted((a, b) => b.seconds - a.seconds).slice(0, 5);
    console.log(
      `${session.typed.length} blocks; slowest:`,
      slow.map(({ where, seconds }) => `${where} ${seconds} s`),
    );
  });

  test.each(stretches.map((stretch, at) => ({ ...stretch, at })))(
    '$page gives what it promises ($at)',
    ({ at, outputs = [] }) => {
      const ran = (blocks[at] ?? []).filter(({ notRun }) => notRun === null);
      const output = ran.map((block) => typingOf(block)?.output).join('\n');
      for (const wanted of outputs) expect(wanted.test(output), `${wanted} in\n${output.slice(-20_000)}`).toBe(true);
    },
  );

  test('every output that a page shows is the actual one', () => {
    const shown = blocks.flat().filter(({ output, notRun }) => output !== null && notRun === null);
    expect(shown.length).toBeGreaterThan(1);
    for (const block of shown) {
      const actual = typingOf(block)?.output ?? '';
      const { language, text } = block.output ?? { language: 'text', text: '' };
      const isShown = language === 'json' ? showsJson(text, actual) : showsText(text, actual);
      expect(isShown, `${block.where} shows\n${text}\nand the output is\n${actual}`).toBe(true);
    }
  });

  test('the model server was asked for the model that the page names', () => {
    expect(server?.asked).toContain('first-hour-7b');
  });
});
