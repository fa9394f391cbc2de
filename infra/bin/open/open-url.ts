import { spawn } from 'node:child_process';
import { openerOf } from './targets.ts';

/** An opener that still runs after this time has opened the URL: it is the browser itself. */
const WAIT_MS = 2_000;

/** Opens a URL in a browser, and waits at most 2 s for its opener. Resolves with false on a machine that has no browser. */
export function openUrl(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(openerOf(process.platform), [url], { stdio: 'ignore', detached: true });
    const end = (isOpened: boolean): void => {
      clearTimeout(timer);
      resolve(isOpened);
    };
    const timer = setTimeout(() => {
      child.unref();
      end(true);
    }, WAIT_MS);
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
  });
}
