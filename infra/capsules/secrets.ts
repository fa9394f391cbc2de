import { mayFind, searchOf } from '../../schemas/contexts/moderation/detectors.ts';
import { normalized } from '../../schemas/contexts/moderation/normal.ts';
import { searchesOf, TextScanner } from '../../schemas/contexts/moderation/scanner.ts';

const searches = searchesOf([{ name: 'secret-key', ...searchOf('secret-key') }]);

/** Returns whether a text has what looks like a secret key, by the detector `secret-key` of moderation. Never throws. */
export function hasSecret(text: string): boolean {
  if (!mayFind('secret-key', normalized(text))) return false;
  let found = false;
  const scanner = new TextScanner(searches, () => {
    found = true;
    return 'stop';
  });
  scanner.push(text);
  scanner.end();
  return found;
}
