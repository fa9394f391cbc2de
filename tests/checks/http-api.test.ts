import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot, readSources } from './files.ts';

const page = readFileSync(join(projectRoot, 'docs', 'reference', 'http-api.md'), 'utf8');
/** Every route as the gateways declare it: `GET /v1/sessions/{session_id}`. */
const routes = readSources(projectRoot, (path) => /^gateways\/.*(?<!\.test)\.ts$/.test(path)).flatMap(({ text }) =>
  [...text.matchAll(/method: '([A-Z]+)',\s*url: '(\/v1\/[^']+)'/g)].map(
    ([, method, url]) => `${method} ${url?.replaceAll(/:(\w+)/g, '{$1}')}`,
  ),
);
const examples = readSources(projectRoot, (path) => /^docs\/examples\/.*\.sh$/.test(path));

describe('the page of the HTTP API', () => {
  it('was compared with the routes', () => {
    expect(routes.length).toBeGreaterThanOrEqual(11);
  });

  it.each(routes)('documents %s with an example', (route) => {
    const section = page.split(/^### /m).find((text) => text.startsWith(`\`${route}\``));
    expect(section).toMatch(/--8<-- "docs\/examples\/[\w-]+\.sh"/);
  });

  it('documents no route that is not there', () => {
    const documented = [...page.matchAll(/^### `([A-Z]+ \/v1\/[^`]+)`/gm)].map(([, route]) => route);
    expect(documented.sort()).toEqual([...routes].sort());
  });
});

describe('the examples', () => {
  it.each(examples.map(({ path }) => path))('%s is valid shell', (path) => {
    execFileSync('bash', ['-n', path], { cwd: projectRoot });
  });
});
