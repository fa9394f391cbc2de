import { createHash } from 'node:crypto';
import type { DeltaStretch } from '../../../schemas/generated/records.ts';

/** The deltas that one run of a request has written, for the audit. */
export interface StretchMeter {
  add(text: string): void;
  /** Returns the stretch so far; null before the first delta. */
  summary(): DeltaStretch | null;
}

/** Returns a meter without deltas. A delta never splits a surrogate pair, so the digest is that of the whole text in UTF-8. */
export function createStretchMeter(): StretchMeter {
  const digest = createHash('sha256');
  let count = 0;
  let chars = 0;
  return {
    add(text) {
      digest.update(text, 'utf8');
      count += 1;
      chars += text.length;
    },
    summary: () => (count === 0 ? null : { count, chars, textSha256: digest.copy().digest('hex') }),
  };
}
