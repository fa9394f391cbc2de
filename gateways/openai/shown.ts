import type { KnownOutcome } from '../shared/log/outcomes.ts';
import type { ReadModel, View } from '../shared/read-model.ts';

/** Longest wait for a view, in ms. */
const SHOWN_MS_MAX = 3_000;

/**
 * Resolves once a view shows an outcome, or after 3 s when it is behind: clients of this API send no position token, so that
 * what they wrote is shown before it is answered.
 */
export async function shown(readModel: ReadModel, view: View, outcome: KnownOutcome | null): Promise<void> {
  const position = outcome?.position ?? null;
  if (position !== null) await readModel.reached([view], position, SHOWN_MS_MAX).catch(() => undefined);
}
