import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium as launcher, type Page } from 'playwright-core';
import { build } from 'vite';
import { chromium } from '../../support/chromium.ts';

const config = fileURLToPath(new URL('../../../gateways/console/app/vite.config.ts', import.meta.url));

/** Builds the console into a folder. Rejects when it is larger than its budget. */
export async function buildConsole(folder: string): Promise<string> {
  const outDir = join(folder, 'console');
  await build({ configFile: config, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  return outDir;
}

/** Starts the browser of this machine, without a window. */
export const startBrowser = (): Promise<Browser> =>
  launcher.launch({ executablePath: chromium ?? '', args: ['--no-sandbox', '--disable-dev-shm-usage'] });

/** A page that also collects what went wrong in it: errors, and what its content security policy stopped. */
export interface CheckedPage {
  readonly page: Page;
  readonly faults: readonly string[];
}

/** Opens an empty page of its own profile. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<CheckedPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    // Chromium reports every answer other than a success; tests ask for such answers.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  return { page, faults };
}
