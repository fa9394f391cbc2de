import type { ChatMessage, Sampling, SlmRequested } from '../../generated/records.ts';

/** Returns a message of a prompt that asks for no tool and answers no call. */
export const textMessage = (role: ChatMessage['role'], content: string): ChatMessage => ({
  role,
  content,
  toolCalls: [],
  toolCallId: null,
});

/** The tools of a request that offers none. */
export const noTools = { tools: [], toolChoice: null, parallelToolCalls: true } as const satisfies Pick<
  SlmRequested,
  'tools' | 'toolChoice' | 'parallelToolCalls'
>;

/** Returns the tools that an answer may ask for. */
export const toolsOf = (sampling: Sampling | null): Pick<SlmRequested, keyof typeof noTools> => {
  if (sampling === null) return noTools;
  const { tools, toolChoice, parallelToolCalls } = sampling;
  return { tools, toolChoice, parallelToolCalls };
};

/** What a turn has that is no response of the OpenAI API, and whose prompt is of a user. */
export const plainTurn = { toolCallId: null, response: null, recall: null } as const;
/** What a turn has that continues the history of its session. */
export const continuedTurn = { earlier: [], sampling: null, ...plainTurn } as const;

/** Returns the text of a message as rules see it: what it says, and the calls that it asks for. */
export const spokenText = ({ content, toolCalls }: Pick<ChatMessage, 'content' | 'toolCalls'>): string =>
  [content, ...toolCalls.map(({ name, arguments: given }) => `${name} ${given}`)]
    .filter((text) => text !== '')
    .join('\n');

/** Returns the texts that models are shown beside the messages: the schema of the answer, and the tools. */
export function sampledTexts(sampling: Sampling | null): readonly string[] {
  if (sampling === null) return [];
  const { description = null, schema = null } = sampling.responseFormat ?? {};
  const form = [description, schema].filter((text) => text !== null);
  return [...form, ...sampling.tools.map(({ name, description: does, parameters }) => `${name} ${does} ${parameters}`)];
}
