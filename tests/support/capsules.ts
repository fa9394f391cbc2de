import { join } from 'node:path';
import { reviewStatement, signedArchive } from '../../infra/bin/capsules/files.ts';
import { aManifest } from '../../infra/capsules/testing.ts';
import { keyFiles } from '../../infra/security/key-paths.ts';
import type { ApiClient } from './api-client.ts';

const keyIn = (keysDir: string): string => join(keysDir, keyFiles.constitution);

/** Returns the archive of a manifest, base64, signed with the key of the platform. */
export const archiveOf = (manifest: unknown, keysDir: string): string =>
  signedArchive(manifest, keyIn(keysDir)).archive.toString('base64');

/** Returns a statement about a capsule, signed with the key of the platform. */
export const statementAbout = (of: { readonly name: string; readonly digest: string }, keysDir: string): string =>
  reviewStatement({ capsule: of.name, digest: of.digest, outcome: 'approve', note: 'read' }, keyIn(keysDir));

/** What an install takes to run the capsule of `aManifest`. */
export const GREETER_GRANT = ['agents:start:greeter', 'slm:invoke:default'] as const;

/** A capsule that was published. */
export interface PublishedCapsule {
  readonly capsule: string;
  readonly digest: string;
}

/** Publishes a small capsule of the tenant `demo`. Resolves with its name and digest. */
export async function publishedCapsule(
  api: ApiClient,
  keysDir: string,
  { name, version = '1.3.0' }: { readonly name: string; readonly version?: string },
): Promise<PublishedCapsule> {
  const archive = archiveOf(aManifest({ name, version }), keysDir);
  const { status, body } = await api.call('POST', '/v1/marketplace/publish', { body: { archive } });
  if (status !== 201) throw new Error(`the publication of ${name} answered ${status} ${JSON.stringify(body)}`);
  return { capsule: String(body['capsule']), digest: String(body['digest']) };
}
