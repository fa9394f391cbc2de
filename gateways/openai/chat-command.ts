import { formatOf } from '../../infra/models/openai/response-format.ts';
import { governs } from '../../schemas/capabilities.ts';
import { PERSONA_DEFAULT } from '../../schemas/contexts/personas/built-in.ts';
import { type ChatMessage, type RecordOf, startSession } from '../../schemas/generated/records.ts';
import type { Caller } from '../shared/auth/caller.ts';
import type { Identity } from '../shared/idempotency.ts';
import type { PersonaDefaults } from '../shared/personas.ts';
import { recallIn } from '../shared/turn-recall.ts';
import type { AskedModel } from './asked-model.ts';
import { type ChatBody, choiceOf, type RequestMessage } from './chat-schemas.ts';
import { askedTools } from './tools.ts';

const PERSONA_KEY = 'khipu_persona';

const textOf = ({ content }: RequestMessage): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('');

/** Returns a message as a model is shown it. `developer` is the newer name of `system`. */
const messageOf = (message: RequestMessage): ChatMessage => ({
  role: message.role === 'developer' ? 'system' : message.role,
  content: textOf(message),
  toolCalls:
    message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id, function: call }) => ({ id, ...call })) : [],
  toolCallId: message.role === 'tool' ? message.tool_call_id : null,
});

/** A request for a completion, of a known caller. */
export interface ChatRequest {
  readonly body: ChatBody;
  readonly caller: Caller;
  readonly identity: Identity;
  readonly model: AskedModel;
  readonly requestDigest: string;
}

/** Returns the persona that a request chooses with `metadata.khipu_persona`, or the default one. */
export const personaIn = ({ metadata }: ChatBody): string => metadata?.[PERSONA_KEY] ?? PERSONA_DEFAULT;

/** Returns the command of a chat completion: a session of one turn, whose prompt is the last message. */
export function chatCommand(
  { body, caller, identity, model, requestDigest }: ChatRequest,
  defaults: Pick<PersonaDefaults, 'maxTokens'>,
): RecordOf<'StartSession'> {
  const messages = body.messages.map(messageOf);
  const { temperature = null, seed = null, stop, user } = body;
  const { [PERSONA_KEY]: _, ...metadata } = body.metadata ?? {};
  return startSession({
    sessionId: identity.subjectId,
    principal: caller.principal,
    persona: personaIn(body),
    capabilities: caller.capabilities.filter((capability) => !governs(capability)),
    model: model.asked,
    metadata: { ...metadata, ...(typeof user === 'string' && { user }) },
    turnId: identity.partId('turn'),
    prompt: messages.at(-1)?.content ?? '',
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? defaults.maxTokens,
    requestDigest,
    labels: [],
    earlier: messages.slice(0, -1),
    sampling: {
      ...{ temperature, seed, stop: [stop ?? []].flat(), responseFormat: formatOf(body.response_format) },
      ...askedTools(
        (body.tools ?? []).map(({ function: tool }) => tool),
        choiceOf(body.tool_choice),
        body.parallel_tool_calls,
      ),
    },
    toolCallId: messages.at(-1)?.toolCallId ?? null,
    response: null,
    recall: recallIn(body, identity.subjectId),
  });
}
