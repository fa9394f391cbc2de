/** Limits of sessions, and the descriptors of their governed commands. */
import type { ChatMessage, Sampling, TurnRecall } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';
import { recalledLabels, recalledTexts } from './memory/turn-recall.ts';
import { recallCapability } from './memory.ts';
import { continuedTurn, sampledTexts, spokenText } from './slm/messages.ts';
import { invokeCapability } from './slm/models.ts';
import { boundedMaxTokens, HISTORY_TOKENS_MAX, PERSONA_TOKENS_MAX, tokensMaxOf } from './slm/token-bounds.ts';

/**
 * Maximum lifetime of a session in ms: no token lives longer than a day after its start. Policy keeps its history as
 * long.
 */
export const SESSION_MS_MAX = 24 * 60 * 60 * 1000;

/** Capability to change what is shown of sessions, and to cancel responses. */
export const CHANGE_SESSIONS = 'sessions:change';

/** Changes of a session: an open vocabulary on the wire. */
export const sessionChanges = ['metadata', 'items', 'hidden'] as const;

/** An item of a conversation, as the OpenAI API has it. */
export interface ConversationItem {
  readonly id: string;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Fields of the requested turn, in both commands. */
interface Turn {
  readonly sessionId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly model: string | null;
  readonly persona: string;
  readonly labels: readonly string[];
  readonly maxTokens: number | null;
}

const turnOf = ({ sessionId, principal, capabilities, model, persona, labels, maxTokens }: Turn) =>
  ({
    ...{ principal, capabilities, resourceId: model, session: sessionId, persona, labels, maxTokens },
    textLimit: 'prompt_chars_max',
  }) satisfies Partial<Description>;

/** Rules see every message of every role with its calls of tools, and what else models are shown: the schema of the answer, tools, and memories. */
const saidIn = (
  earlier: readonly ChatMessage[],
  sampling: Sampling | null,
  prompt: string | null,
  recall: TurnRecall | null,
): string[] => [
  ...earlier.map(spokenText),
  ...sampledTexts(sampling),
  ...recalledTexts(recall),
  ...(prompt === null ? [] : [prompt]),
];

/** What a turn brings in from memories: they take a capability, can be stopped, and bring their labels. */
function recalledFor(recall: TurnRecall | null, labels: readonly string[]): Partial<Description> {
  if (recall === null) return {};
  const brought = recalledLabels(recall);
  return {
    alsoNeeds: recall.spaces.map(recallCapability),
    stoppedWith: recall.spaces.map((id) => ({ type: 'Memory' as const, id })),
    labels: [...new Set([...labels, ...brought.map(({ label }) => label)])],
    brought: brought.filter(({ label }) => !labels.includes(label)),
  };
}

const tokensIn = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + tokensMaxOf(text), 0);

export const sessionsCommands: Descriptors<RecordsIn<typeof topics.sessionsCommands>> = {
  StartSession: {
    resource: 'Model',
    describe(command) {
      const { model, prompt, turnId, maxTokens, earlier, sampling, recall, labels } = command;
      const said = saidIn(earlier, sampling, prompt, recall);
      return {
        ...turnOf(command),
        ...recalledFor(prompt === null ? null : recall, labels),
        credential: null,
        // Agents hold sessions.
        delegates: true,
        text: prompt === null ? null : said.join('\n'),
        // Without a prompt no model is called.
        needs: prompt === null ? null : invokeCapability(model),
        requestId: prompt === null ? null : turnId,
        estimate:
          prompt === null
            ? { unit: 'none' }
            : {
                unit: 'tokens',
                tokensMax: tokensIn(said) + PERSONA_TOKENS_MAX + boundedMaxTokens(maxTokens),
              },
      };
    },
    example: ({ text, resourceId: model, ...given }) => ({
      ...{ ...given, model, sessionId: EXAMPLE_ID, principal: 'constitution-tests', metadata: {}, requestDigest: '' },
      ...{ turnId: text === null ? null : EXAMPLE_ID, prompt: text, ...continuedTurn },
    }),
  },
  SubmitTurn: {
    resource: 'Model',
    describe(command) {
      const { model, prompt, turnId, maxTokens, credential, earlier, sampling, recall, labels } = command;
      const said = saidIn(earlier, sampling, prompt, recall);
      const before = PERSONA_TOKENS_MAX + (earlier.length > 0 ? 0 : HISTORY_TOKENS_MAX);
      return {
        ...turnOf(command),
        ...recalledFor(recall, labels),
        credential,
        delegates: false,
        text: said.join('\n'),
        needs: invokeCapability(model),
        requestId: turnId,
        estimate: { unit: 'tokens', tokensMax: before + tokensIn(said) + boundedMaxTokens(maxTokens) },
      };
    },
    example: ({ text, resourceId: model, ...given }) => ({
      ...{ ...given, model, sessionId: EXAMPLE_ID, turnId: EXAMPLE_ID, principal: 'constitution-tests' },
      ...{ prompt: text ?? EXAMPLE_TEXT, credential: { sessionId: EXAMPLE_ID, issuedAt: 0 }, ...continuedTurn },
    }),
  },
  // The resource is the tool `conversations`, so that the kill switch `tool:conversations` stops the command.
  ChangeSession: {
    resource: 'Tool',
    describe: ({ sessionId, principal, capabilities, credential, labels, value }) => ({
      ...{ principal, capabilities, credential, labels, resourceId: 'conversations', needs: CHANGE_SESSIONS },
      ...{ session: sessionId, persona: null, text: value, textLimit: 'prompt_chars_max', maxTokens: null },
      ...{ delegates: false, requestId: sessionId, estimate: { unit: 'calls', callsMax: 1 } },
    }),
    example: ({ capabilities, labels, text }) => ({
      ...{ sessionId: EXAMPLE_ID, principal: 'constitution-tests', capabilities, credential: null, labels },
      ...{ change: 'items', contentId: null, value: text ?? EXAMPLE_TEXT },
    }),
  },
};
