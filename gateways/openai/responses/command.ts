import { formatOf } from '../../../infra/models/openai/response-format.ts';
import type { ConversationRow } from '../../../projections/responses/queries.ts';
import { governs } from '../../../schemas/capabilities.ts';
import { PERSONA_DEFAULT } from '../../../schemas/contexts/personas/built-in.ts';
import { textMessage } from '../../../schemas/contexts/slm/messages.ts';
import { type RecordOf, startSession, submitTurn } from '../../../schemas/generated/records.ts';
import { type Caller, credentialOf } from '../../shared/auth/caller.ts';
import type { Identity } from '../../shared/idempotency.ts';
import type { PersonaDefaults } from '../../shared/personas.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { recallIn } from '../../shared/turn-recall.ts';
import type { AskedModel } from '../asked-model.ts';
import { askedTools, unaskedResult } from '../tools.ts';
import { type CreateResponseBody, formatIn, responseChoice } from './body.ts';
import { messagesOf, type StoredItem } from './items.ts';
import type { ShownParameters } from './view.ts';

const PERSONA_KEY = 'khipu_persona';
const MESSAGES_MAX = 256;

/** A request for a response, of a known caller, with what it continues. */
export interface AskedResponse {
  readonly body: CreateResponseBody;
  readonly caller: Caller;
  readonly identity: Identity;
  readonly model: AskedModel;
  readonly requestDigest: string;
  readonly traceparent: string;
  /** Its own items, with ids. */
  readonly items: readonly StoredItem[];
  /** Items that it continues, oldest first. */
  readonly before: readonly StoredItem[];
  readonly previousTurnId: string | null;
  /** The conversation whose turn it is; null for a session of its own. */
  readonly conversation: ConversationRow | null;
}

/** Returns the persona of a request: that of its conversation, that of its metadata, or the default one. */
export const personaOf = ({ body, conversation }: Pick<AskedResponse, 'body' | 'conversation'>): string =>
  conversation?.persona ?? body.metadata?.[PERSONA_KEY] ?? PERSONA_DEFAULT;

/** Returns the parameters that the response repeats. */
export const shownParameters = ({ body, model }: Pick<AskedResponse, 'body' | 'model'>): ShownParameters => ({
  ...{ model: model.shown, instructions: body.instructions ?? null, metadata: body.metadata ?? {} },
  ...{ max_output_tokens: body.max_output_tokens ?? null, parallel_tool_calls: body.parallel_tool_calls !== false },
  ...{ temperature: body.temperature ?? null, text: { format: body.text?.format ?? { type: 'text' } } },
  tool_choice: body.tool_choice ?? 'auto',
  tools: (body.tools ?? []).map(({ description, parameters, strict, ...tool }) => ({
    ...{ ...tool, description: description ?? null, parameters: parameters ?? null, strict: strict ?? null },
  })),
  user: body.user ?? null,
});

const invalid = (detail: string): Problem =>
  new Problem('REQUEST_INVALID', 'The request is invalid', { errors: [{ in: 'body', pointer: '#/input', detail }] });

/** Returns the messages of a request. Throws Problem REQUEST_INVALID when they do not end with a prompt or a result of a call. */
function messagesIn({ body, items, before }: AskedResponse) {
  const messages = messagesOf([...before, ...items]);
  const last = messages.at(-1);
  if (last === undefined || (last.role !== 'user' && last.role !== 'tool'))
    throw invalid('Expected the last item to be a message of the user, or the result of a call');
  const links = messages.map(({ toolCalls, toolCallId }) => ({
    asks: toolCalls.map(({ id }) => id),
    answers: toolCallId,
  }));
  if (unaskedResult(links) >= 0) throw invalid('Expected the result of a call that an earlier item asks for');
  const { instructions } = body;
  const all = instructions ? [textMessage('system', instructions), ...messages] : messages;
  if (all.length > MESSAGES_MAX)
    throw invalid(`Expected at most ${MESSAGES_MAX} messages with those that it continues, got ${all.length}`);
  return { earlier: all.slice(0, -1), prompt: last.content, toolCallId: last.toolCallId };
}

/** Returns the command of a request: a session of one turn, or a turn of the session that its conversation is. */
export function responseCommand(
  asked: AskedResponse,
  defaults: Pick<PersonaDefaults, 'maxTokens'>,
): RecordOf<'StartSession' | 'SubmitTurn'> {
  const { body, caller, identity, model, items, conversation } = asked;
  const capabilities = caller.capabilities.filter((capability) => !governs(capability));
  const turnId = identity.partId('turn');
  const { temperature = null } = body;
  const turn = {
    ...{ principal: caller.principal, persona: personaOf(asked), capabilities, model: model.asked, turnId },
    ...{ maxTokens: body.max_output_tokens ?? defaults.maxTokens, labels: [], ...messagesIn(asked) },
    sampling: {
      ...{ temperature, seed: null, stop: [], responseFormat: formatOf(formatIn(body.text?.format)) },
      ...askedTools(body.tools ?? [], responseChoice(body.tool_choice), body.parallel_tool_calls),
    },
    recall: recallIn(body, conversation?.session_id ?? identity.subjectId),
    response: {
      ...{ previousTurnId: asked.previousTurnId, inConversation: conversation !== null },
      ...{ stored: body.store !== false, background: body.background === true },
      ...{ items: JSON.stringify(items), parameters: JSON.stringify(shownParameters(asked)) },
    },
  };
  if (conversation !== null)
    return submitTurn({ ...turn, sessionId: conversation.session_id, credential: credentialOf(caller) });
  const { [PERSONA_KEY]: _, ...metadata } = body.metadata ?? {};
  return startSession({ ...turn, sessionId: identity.subjectId, metadata, requestDigest: asked.requestDigest });
}
