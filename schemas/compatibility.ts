/**
 * The contract check. Without arguments: fails when the contracts break a released version. `--release <version>`:
 * records the current ones as released. Released versions are never edited: the manifest has their digests.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  currentContracts,
  incompatibilities,
  type Released,
  type TopicShape,
  withRelease,
} from './compatibility-contracts.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'released');

/** The manifest; each schema is beside it as `<record>/<version>.avsc`. */
interface Manifest {
  readonly versions: readonly string[];
  readonly topics: Readonly<Record<string, TopicShape>>;
  readonly records: Readonly<Record<string, { topic: string; key: string; sha256: Readonly<Record<string, string>> }>>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const snapshotPath = (root: string, record: string, version: string): string => join(root, record, `${version}.avsc`);
const pretty = (json: string): string => `${JSON.stringify(JSON.parse(json), null, 2)}\n`;
/** Formats arrays on one line when they fit, like the formatter. */
const shortArrays = (json: string): string =>
  json.replace(/^(.*)\[\s+([^\]]*?)\s+\]/gm, (whole, before: string, items: string) => {
    const line = `${before}[${items.replaceAll(/,\s+/g, ', ')}]`;
    return line.length < 120 ? line : whole;
  });
const mapValues = <A, B>(all: Readonly<Record<string, A>>, f: (value: A, key: string) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(all).map(([key, value]) => [key, f(value, key)]));

/** Reads the released contracts. Throws when the manifest is missing or a snapshot was edited. */
export function readReleased(root = folder): Released {
  const manifest = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8')) as Manifest;
  const schemaOf = (record: string, version: string, digest: string): string => {
    const text = readFileSync(snapshotPath(root, record, version), 'utf8');
    if (sha256(text) !== digest) throw new Error(`RELEASED_EDITED: ${record} ${version} is not what was released`);
    return text;
  };
  return {
    ...manifest,
    records: mapValues(manifest.records, ({ topic, key, sha256: digests }, record) => ({
      topic,
      key,
      schemas: mapValues(digests, (digest, version) => schemaOf(record, version, digest)),
    })),
  };
}

/** Writes the manifest and the snapshots of released contracts. */
export function writeReleased(released: Released, root = folder): void {
  const records = mapValues(released.records, ({ topic, key, schemas }, record) => ({
    topic,
    key,
    sha256: mapValues(schemas, (schema, version) => {
      const text = pretty(schema);
      mkdirSync(join(root, record), { recursive: true });
      writeFileSync(snapshotPath(root, record, version), text);
      return sha256(text);
    }),
  }));
  const manifest: Manifest = { versions: released.versions, topics: released.topics, records };
  writeFileSync(join(root, 'manifest.json'), `${shortArrays(JSON.stringify(manifest, null, 2))}\n`);
}

function main(args: readonly string[]): number {
  const released = readReleased();
  const current = currentContracts();
  const problems = incompatibilities(current, released);
  for (const problem of problems) console.error(`error CONTRACT_BROKEN: ${problem}`);
  const count = Object.keys(released.records).length;
  if (problems.length > 0) {
    console.error('A breaking change is a new record: docs/how-to/evolve-a-schema.md');
    return 1;
  }
  const [flag, version] = args;
  if (flag === undefined) {
    console.log(`${Object.keys(current.records).length} records; ${count} were released and none of them is broken`);
    return 0;
  }
  if (flag !== '--release' || version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    console.error('Usage: node schemas/compatibility.ts [--release <major.minor.patch>]');
    return 2;
  }
  if (released.versions.includes(version)) {
    console.error(`error VERSION_RELEASED: ${version} was released already`);
    return 1;
  }
  writeReleased(withRelease(released, version, current));
  console.log(
    `${Object.keys(current.records).length} records and ${Object.keys(current.topics).length} topics are released as ${version}`,
  );
  return 0;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
