/** A real cosign, for the test that verifies our statements with it. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../../infra/local/fetch/catalogue.mjs';

/** Reason why a test is skipped. */
export const NO_COSIGN =
  'no cosign: not on PATH, COSIGN_BINARY is not set, and none in the cache; go install github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3';

const runs = (command: string): boolean => {
  try {
    execFileSync(command, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/**
 * Returns the path of cosign: COSIGN_BINARY, the one on PATH, or bin/cosign in the cache. Null when there is none. Throws when
 * there is none although KHIPU_TEST_COSIGN is `required`, as in CI. It is not built here: that takes half an hour of two cores.
 */
export function findCosign(): string | null {
  const named = process.env['COSIGN_BINARY'];
  const cached = join(cacheDir(), 'bin', 'cosign');
  const found = named ?? (runs('cosign') ? 'cosign' : existsSync(cached) ? cached : null);
  if (found === null && process.env['KHIPU_TEST_COSIGN'] === 'required') throw new Error(NO_COSIGN);
  return found;
}
