import { readFileSync } from 'node:fs';
import { failure } from '../failure.ts';

/** Returns the parsed JSON of a file, not validated. Throws CONSTITUTION_INVALID when the file is not readable JSON. */
export function readDocument(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw failure('CONSTITUTION_INVALID', `${file}: expected a readable JSON file`, cause);
  }
}
