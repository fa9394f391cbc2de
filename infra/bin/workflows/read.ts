import { readFileSync } from 'node:fs';
import { type ReadWorkflow, readWorkflow } from '../../jobs/workflows/document.ts';
import { WorkflowProblem } from '../../jobs/workflows/errors.ts';
import { failure } from '../failure.ts';

/** Returns the document of a file; `-` is standard input. Throws FILE_MISSING, and the code of the problem with its place. */
export function workflowIn(file: string): ReadWorkflow {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw failure('FILE_MISSING', `${file} cannot be read`, cause);
  }
  try {
    return readWorkflow(text);
  } catch (error) {
    if (!(error instanceof WorkflowProblem)) throw error;
    throw failure(error.code, `${file}#${error.pointer}: ${error.message}`, error);
  }
}
