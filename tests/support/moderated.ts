/** The constitution of the documentation with rules of outputs, and how a test puts it in force. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Config } from '../../infra/config.ts';
import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import { constitutionSigner } from '../../infra/security/load-keys.ts';
import type { ConstitutionDocument } from '../../schemas/contexts/constitution/document.ts';
import { type ApiClient, until } from './api-client.ts';
import { signatureOf } from './signature.ts';

/** The example of the documentation. */
const added = JSON.parse(readFileSync('docs/examples/moderate-texts.json', 'utf8')) as Pick<
  ConstitutionDocument,
  'moderation' | 'policies' | 'tests'
>;

/** The word that the constitution hides in answers and outputs of tools; the deterministic model repeats words of a prompt. */
export const HIDDEN = 'chaskinet';

export const moderatedConstitution: ConstitutionDocument = {
  ...defaultConstitution,
  version: 'moderated',
  moderation: [...defaultConstitution.moderation, ...added.moderation],
  policies: [...defaultConstitution.policies, ...added.policies],
  tests: [...defaultConstitution.tests, ...added.tests],
};

/** Proposes, signs and activates a constitution, and resolves when it decides. No review may be required. */
export async function putInForce(api: ApiClient, config: Config, document: ConstitutionDocument): Promise<void> {
  const post = (path: string, body: object) =>
    api.call<Record<string, unknown>>('POST', `/v1/constitutions${path}`, { body });
  const { version } = document;
  const proposed = await post('', { document });
  expect([proposed.status, proposed.body['code']]).toEqual([201, undefined]);
  const digest = String(proposed.body['digest']);
  await post(`/${version}/signatures`, { digest, ...signatureOf(document, constitutionSigner(config)) });
  expect((await post('/activations', { version, digest })).status).toBe(200);
  await until(
    () => api.start({ persona: 'guide' }),
    ({ body }) => body.decision?.constitution.version === version,
    60_000,
  );
}
