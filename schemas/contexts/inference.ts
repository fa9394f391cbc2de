/** Descriptors of the governed commands of inference: answers, embeddings and moderation outside sessions. */

import type { Credential } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';
import { embedCapability, invokeCapability, MODERATE_CAPABILITY, MODERATION_TOOL } from './slm/models.ts';
import { boundedMaxTokens, tokensMaxOf } from './slm/token-bounds.ts';

/** Fields of both commands. */
interface Inference {
  readonly requestId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly model: string | null;
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

const inferenceOf = ({ requestId, principal, capabilities, model, credential, labels }: Inference) =>
  ({
    ...{ requestId, principal, capabilities, resourceId: model, credential, labels },
    // A request with a session token belongs to its session.
    ...{ session: credential?.sessionId ?? null, persona: null, delegates: false },
  }) satisfies Partial<Description>;

const exampleOf = ({ resourceId: model, capabilities, labels }: Example): Inference => ({
  ...{ requestId: EXAMPLE_ID, principal: 'constitution-tests', capabilities, model, labels },
  credential: { sessionId: EXAMPLE_ID, issuedAt: 0 },
});

export const inferenceCommands: Descriptors<RecordsIn<typeof topics.inferenceCommands>> = {
  InferText: {
    resource: 'Model',
    describe: (command) => ({
      ...inferenceOf(command),
      ...{ needs: invokeCapability(command.model), text: command.prompt, textLimit: 'prompt_chars_max' },
      maxTokens: command.maxTokens,
      estimate: { unit: 'tokens', tokensMax: tokensMaxOf(command.prompt) + boundedMaxTokens(command.maxTokens) },
    }),
    example: (given) => ({ ...exampleOf(given), prompt: given.text ?? EXAMPLE_TEXT, maxTokens: given.maxTokens }),
  },
  EmbedText: {
    resource: 'Model',
    describe: (command) => ({
      ...inferenceOf(command),
      ...{ needs: embedCapability(command.model), text: command.input.join('\n'), textLimit: 'embedding_chars_max' },
      maxTokens: null,
      estimate: { unit: 'tokens', tokensMax: command.input.reduce((sum, text) => sum + tokensMaxOf(text), 0) },
    }),
    example: (given) => ({ ...exampleOf(given), input: [given.text ?? EXAMPLE_TEXT] }),
  },
  ModerateText: {
    resource: 'Tool',
    describe: ({ requestId, principal, capabilities, credential, input }) => ({
      ...{ requestId, principal, capabilities, credential, resourceId: MODERATION_TOOL, labels: [] },
      ...{ session: credential?.sessionId ?? null, persona: null, delegates: false },
      ...{ needs: MODERATE_CAPABILITY, text: null, classified: input, textLimit: 'prompt_chars_max', maxTokens: null },
      estimate: { unit: 'calls', callsMax: input.length },
    }),
    example: ({ text, capabilities }) => ({
      ...{ requestId: EXAMPLE_ID, principal: 'constitution-tests', capabilities, input: [text ?? EXAMPLE_TEXT] },
      credential: { sessionId: EXAMPLE_ID, issuedAt: 0 },
    }),
  },
};
