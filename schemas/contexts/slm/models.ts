/** Rules and limits of requests to language models. */
import { DEFAULT_RESOURCE } from '../../governed-command.ts';
import { topics } from '../../topics.ts';

/** Model name of requests that name none. */
export const DEFAULT_MODEL = DEFAULT_RESOURCE;

/** Returns the capability to get an answer of a model; null is the default model. */
export const invokeCapability = (model: string | null): string => `slm:invoke:${model ?? DEFAULT_MODEL}`;
/** Returns the capability to get an embedding of a model; null is the default model. */
export const embedCapability = (model: string | null): string => `slm:embed:${model ?? DEFAULT_MODEL}`;

/** The capability to ask which moderation rules match a text. */
export const MODERATE_CAPABILITY = 'slm:moderate';

/** Name of the moderation of the constitution, as a resource of the type Tool. */
export const MODERATION_TOOL = 'moderation';

/**
 * Returns the name of a processor as the origin of its requests to language models. The catalogue lists the allowed
 * processors. Throws when the processor is not a writer of `slm.requests`: a bug, found when its module is loaded.
 */
export function slmOrigin(processor: string): string {
  const { name, writers } = topics.slmRequests;
  if (!writers.includes(processor))
    throw new Error(`${processor} asks a model, but the catalogue has it not among the writers of ${name}`);
  return processor;
}

/** Sampling temperature of requests by programs, nearly greedy: they expect the same answer to the same question. */
export const PROGRAM_TEMPERATURE = 0.2;
