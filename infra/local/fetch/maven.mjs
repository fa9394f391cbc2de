// Fetches through Maven, so that a user's mirrors, proxies and credentials in settings.xml are honoured.
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run, verifySha256 } from './tools.mjs';
import { readZipEntry } from './zip.mjs';

// 2.10, not newer: 3.x reads the artifact's POM and its parents even to copy one file, and Apicurio 3.0.9's parent POM
// is not published. 2.10 requests only the file.
const copyGoal = 'org.apache.maven.plugins:maven-dependency-plugin:2.10:copy';
const copyDependenciesGoal = 'org.apache.maven.plugins:maven-dependency-plugin:2.10:copy-dependencies';

/**
 * Returns Maven's arguments, with a separate local repository: its growth is the progress, and a user's ~/.m2 is
 * neither locked nor filled.
 */
function mavenArgs(repository) {
  return ['-B', '-ntp', '-U', '--strict-checksums', `-Dmaven.repo.local=${repository}`];
}

function pomOf(dependencies) {
  const items = dependencies.map((coordinates) => {
    const [group, artifact, version] = coordinates.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>khipu.local</groupId><artifactId>parts</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${items.join('\n')}</dependencies></project>\n`;
}

/** Fetches jars of the given coordinates and of their runtime dependencies into `<target>/libs`. */
async function fetchClosure(download, target, repository, signal) {
  const pom = path.join(target, 'pom.xml');
  await writeFile(pom, pomOf(download.dependencies));
  const out = path.join(target, 'libs');
  const goal = [copyDependenciesGoal, '-DincludeScope=runtime', `-DoutputDirectory=${out}`];
  await run('mvn', [...mavenArgs(repository), '-f', pom, ...goal], { cwd: target, signal });
}

/** Fetches one file of the repository into `target` and checks its digest. Returns its path. */
async function fetchFile(download, target, repository, signal) {
  const goal = [copyGoal, `-Dartifact=${download.artifact}`, `-DoutputDirectory=${target}`];
  await run('mvn', [...mavenArgs(repository), ...goal], { cwd: target, signal });
  const file = path.join(target, download.file);
  await verifySha256(file, download.sha256);
  return file;
}

const redisNames = {
  'linux-x64': /^redis-server-.*-linux-amd64$/,
  'linux-arm64': /^redis-server-.*-linux-arm64$/,
  'darwin-x64': /^redis-server-.*-darwin-amd64$/,
  'darwin-arm64': /^redis-server-.*-darwin-arm64$/,
};

async function unpackRedis(jar, target) {
  const wanted = redisNames[`${process.platform}-${process.arch}`];
  if (!wanted) throw new Error(`no redis-server for ${process.platform} ${process.arch}: name one with REDIS_URL`);
  const binary = path.join(target, 'redis-server');
  await writeFile(binary, await readZipEntry(jar, (name) => wanted.test(name)));
  await chmod(binary, 0o755);
}

/** Takes files out of a jar and checks their digests. */
async function unpackEntries(jar, target, entries) {
  for (const { entry, file, sha256 } of entries) {
    const to = path.join(target, file);
    await writeFile(to, await readZipEntry(jar, (name) => name === entry));
    await verifySha256(to, sha256);
  }
}

/** Fills the empty directory `target` with the complete, unpacked download. */
export async function fetchWithMaven(download, target, repository, signal) {
  await mkdir(repository, { recursive: true });
  if (download.dependencies) return fetchClosure(download, target, repository, signal);
  const file = await fetchFile(download, target, repository, signal);
  if (download.name === 'redis') await unpackRedis(file, target);
  else if (download.entries) await unpackEntries(file, target, download.entries);
  else await run('tar', ['xzf', file, '--no-same-owner', '-C', target], { signal });
  await rm(file);
}
