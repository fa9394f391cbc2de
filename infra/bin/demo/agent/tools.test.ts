import { expect, it } from 'vitest';
import { codeRunAdapter } from '../../../tools/adapters/code-run.ts';
import { prepareManifest } from '../../../tools/manifest/signing.ts';
import { scriptedPrompt } from './script.ts';
import { demoTools } from './tools.ts';

it('has tools with valid manifests, and a script that asks for them alone', async () => {
  expect(demoTools.map((manifest) => prepareManifest(manifest).manifest.name)).toEqual([
    ...['demo-lookup', 'demo-code', 'demo-note', 'demo-book'],
  ]);
  const audit = codeRunAdapter(async () => []).audit;
  await audit(prepareManifest(demoTools[1]).manifest);
  const asked = [...scriptedPrompt.matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(asked)).toEqual(new Set(demoTools.map(({ name }) => name)));
  // Moderation must not see what the script asks for before the model does.
  expect(scriptedPrompt).not.toContain('credentials');
});
