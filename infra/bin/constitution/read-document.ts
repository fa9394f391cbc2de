import { readFileSync } from 'node:fs';
import { failure } from '../failure.ts';

/** A constitution as it stands in a file, not looked at yet. Throws CONSTITUTION_INVALID when it is no JSON that can be read. */
export function readDocument(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw failure('CONSTITUTION_INVALID', `${file}: expected a JSON file that can be read`, cause);
  }
}
