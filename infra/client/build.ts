/** `npm run client:build`: writes `khipu/client` as a package of its own to `dist/client`. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Packages that the client imports; the platform's others are no part of it. */
const IMPORTED = ['eventsource-parser', 'openapi-fetch'];

/** Returns the manifest of the client, with the versions of the platform's. */
function clientManifest({ name, version, license, dependencies }: Manifest): object {
  const own = Object.entries(dependencies).filter(([dependency]) => IMPORTED.includes(dependency));
  return {
    ...{ name, version, license },
    description: 'Typed client of the Khipu HTTP API',
    type: 'module',
    sideEffects: false,
    exports: { './client': { types: './index.d.ts', default: './index.js' } },
    dependencies: Object.fromEntries(own),
  };
}

const out = join(root, 'dist', 'client');
rmSync(out, { recursive: true, force: true });
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(here, 'tsconfig.json')], {
  stdio: 'inherit',
});
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
writeFileSync(join(out, 'package.json'), `${JSON.stringify(clientManifest(manifest), null, 2)}\n`);
