// The entry point on a fresh clone: plain JavaScript for Node 20 or newer, without dependencies.
// Checks prerequisites, installs packages and fetches the parts in parallel, then starts `khipu`, or
// the file that `--run` or `--run-with-parts` names.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFetched, neededDownloads } from '../local/fetch/catalogue.mjs';
import { fetchAll } from '../local/fetch/fetch.mjs';
import { checkPrerequisites } from '../local/fetch/prerequisites.mjs';
import { fetchReporter } from '../local/fetch/report.mjs';
import { withoutOwn } from '../local/own-values.mjs';
import { planOf } from './boot-plan.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const stamp = path.join(root, 'node_modules', '.khipu-lock');
const node = path.join(root, 'node_modules', '.bin', 'node');
const began = Date.now();

/**
 * Returns the downloads to fetch. Services named by the environment need none, except values that this checkout wrote
 * itself.
 */
const downloadsOf = () =>
  neededDownloads(withoutOwn(path.resolve(root, process.env.KHIPU_HOME || '.khipu'), process.env));

const lockDigest = () =>
  createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');

/**
 * Returns true when node_modules matches the lockfile, by npm's own record; for example after a manual `npm install`.
 */
function isInSync() {
  const read = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  const installed = read('node_modules/.package-lock.json');
  const locked = Object.entries(read('package-lock.json')).filter(([name]) => name !== '');
  const isSame = ([name, { version, optional }]) => (installed[name] ? installed[name].version === version : optional);
  return locked.every(isSame);
}

function isInstalled() {
  if (!existsSync(node)) return false;
  const digest = lockDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return true;
  try {
    if (!isInSync()) return false;
  } catch {
    return false;
  }
  writeFileSync(stamp, digest);
  return true;
}

/** Runs a command to its end; its output goes to standard error, like progress. Rejects unless it exits with 0. */
function runToEnd(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args[0]} ended with ${signal ?? code}`)),
    );
  });
}

async function install(note) {
  const digest = lockDigest();
  note('packages     installing about 800 MB with npm ci: some minutes');
  const since = Date.now();
  await runToEnd('npm', ['ci', '--no-fund', '--no-audit', '--no-progress', '--loglevel=error']);
  writeFileSync(stamp, digest);
  note(`packages     installed in ${((Date.now() - since) / 1000).toFixed(1)} s`);
}

/** Starts the command in place of this process: same terminal, forwarded signals, same exit code. */
function handOver(command, args, env) {
  const child = spawn(command, args, { cwd: process.cwd(), env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(`error HAND_OVER_FAILED: ${error.message}`);
    process.exitCode = 1;
  });
  child.once('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function main(args) {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new Error(`Node ${process.versions.node} is too old: 20 or newer is needed`);
  const reporter = fetchReporter(process.stderr);
  const plan = planOf(args, process.env);
  const downloads = plan.startsParts ? downloadsOf() : [];
  const missing = downloads.filter((name) => !isFetched(name));
  const installs = !isInstalled();
  if (plan.startsParts) await checkPrerequisites({ downloads, missing });
  const failed = new AbortController();
  const work = [
    ...(installs ? [install(reporter.note)] : []),
    ...(missing.length > 0 ? [fetchAll(missing, { report: reporter.event, signal: failed.signal })] : []),
  ];
  await Promise.all(work).catch((error) => {
    failed.abort();
    throw error;
  });
  reporter.end();
  const env = {
    ...process.env,
    KHIPU_BOOT_BEGAN_MS: String(began),
    KHIPU_BOOT_COLD: installs || missing.length > 0 ? '1' : '0',
  };
  const flags = ['--disable-warning=TimeoutNegativeWarning', '--disable-warning=ExperimentalWarning'];
  handOver(node, [...flags, path.join(root, plan.file), ...plan.args], env);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`error ${error.code ?? 'SETUP_FAILED'}: ${error.message}`);
  process.exitCode = 1;
});
