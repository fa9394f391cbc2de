import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startHarness } from '../contract/http/support/harness.ts';
import { projectRoot, readSources } from './files.ts';

const page = readFileSync(join(projectRoot, 'docs', 'reference', 'http-api.md'), 'utf8');
/** Every route of a version as the gateways describe themselves: `GET /v1/sessions/{session_id}`. */
async function routesServed(): Promise<string[]> {
  const { api, close } = await startHarness();
  try {
    const { body } = await api.call<{ readonly paths: Readonly<Record<string, object>> }>('GET', '/openapi.json', {
      token: null,
    });
    return Object.entries(body.paths)
      .filter(([path]) => path.startsWith('/v1/'))
      .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`));
  } finally {
    await close();
  }
}
const routes = await routesServed();
const examples = readSources(projectRoot, (path) => /^docs\/examples\/.*\.sh$/.test(path));

describe('the page of the HTTP API', () => {
  it('was compared with the routes', () => {
    expect(routes.length).toBeGreaterThanOrEqual(40);
  });

  it.each(routes)('documents %s with an example', (route) => {
    const section = page.split(/^### /m).find((text) => text.startsWith(`\`${route}\``));
    expect(section).toMatch(/--8<-- "docs\/examples\/[\w-]+\.sh"/);
  });

  it('documents no route that is not there', () => {
    const documented = [...page.matchAll(/^### `([A-Z]+ \/v1\/[^`]+)`/gm)].map(([, route]) => route);
    expect(documented.sort()).toEqual(routes.toSorted());
  });
});

describe('the examples', () => {
  it.each(examples.map(({ path }) => path))('%s is valid shell', (path) => {
    execFileSync('bash', ['-n', path], { cwd: projectRoot });
  });
});
