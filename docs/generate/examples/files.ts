import type { ApiDocument } from '../openapi/document.ts';
import { operationsOf } from '../openapi/operations.ts';
import { exampleFile, exampleOf } from './command.ts';
import { runAll } from './run-all.ts';
import { tourOf } from './tour-of.ts';

/** Returns the derived files of docs/examples: the example of each operation, and the script that runs them. */
export const exampleFiles = (document: ApiDocument): readonly (readonly [path: string, text: string])[] => [
  ...operationsOf(document).map(
    (operation) => [`docs/examples/${exampleFile(operation.operationId)}`, exampleOf(document, operation)] as const,
  ),
  ['docs/examples/run-all.sh', runAll(tourOf(document))],
];
