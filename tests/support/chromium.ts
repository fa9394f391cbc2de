import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium as launcher } from 'playwright-core';
import { signalGroup } from '../../infra/local/process/pids.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const canRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Variable with the path of the browser; `required` fails a test run on a machine that has none. */
const VARIABLE = 'KHIPU_TEST_CHROMIUM';
const wanted = process.env[VARIABLE];

const inPath = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(canRun);

/** The browser that `npx playwright-core install chromium` downloaded. */
const installed = (): string | undefined => [launcher.executablePath()].find(canRun);

function findChromium(): string | null {
  const named = wanted !== undefined && wanted !== 'required' ? wanted : undefined;
  if (named !== undefined && !canRun(named)) throw new Error(`${VARIABLE} is ${named}, expected the path of a browser`);
  const found = named ?? inPath() ?? installed() ?? null;
  if (found === null && wanted === 'required') throw new Error(`${VARIABLE} is required, and no Chromium was found`);
  if (found === null)
    console.warn(`tests in a browser are skipped: no Chromium in PATH, in the cache of Playwright, or in ${VARIABLE}`);
  return found;
}

/** The browser of this machine; null when it has none. */
export const chromium: string | null = findChromium();

/** Opens a page in a browser without a window, with a fresh profile. Returns a function that ends it. */
export function openPage(browser: string, url: string): () => Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'khipu-chromium-'));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const child = spawn(browser, [...flags, `--user-data-dir=${profile}`, url], { stdio: 'ignore', detached: true });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return async () => {
    // The browser is a group of processes of its own.
    if (child.pid !== undefined && child.exitCode === null) signalGroup(child.pid, 'SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  };
}
