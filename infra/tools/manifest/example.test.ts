import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../local/home.ts';
import { mcpConfigOf } from '../adapters/mcp/config.ts';
import { operationOf, requestFor } from '../adapters/openapi.ts';
import { prepareManifest } from './signing.ts';

it('the manifest of the how-to is valid, and its operation is found', () => {
  const { manifest } = prepareManifest(
    JSON.parse(readFileSync(join(projectRoot, 'docs/examples/weather-tool.json'), 'utf8')),
  );
  const { openapi, operation } = manifest.config as { readonly openapi: unknown; readonly operation: string };
  expect(requestFor(operationOf(openapi, operation), { city: 'Cusco' }).url).toBe(
    'https://api.weather.example/weather?city=Cusco',
  );
});

it.each(['mcp-tool', 'mcp-server'])('the manifest %s of the how-to is valid for its adapter', (name) => {
  const file = join(projectRoot, `docs/examples/${name}.json`);
  const { manifest } = prepareManifest(JSON.parse(readFileSync(file, 'utf8')));
  expect(mcpConfigOf(manifest)).toMatchObject({ url: 'https://mcp.tracker.example/mcp' });
});
