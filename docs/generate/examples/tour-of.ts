import type { ApiDocument } from '../openapi/document.ts';
import { furtherSteps } from './created.ts';
import { type Step, tour } from './tour.ts';

/** Returns the tour with every operation of the document: those that it does not name come last. */
export const tourOf = (document: ApiDocument): readonly Step[] => [...tour, ...furtherSteps(document, tour)];
