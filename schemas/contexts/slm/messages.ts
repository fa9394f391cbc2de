import type { ChatMessage, SlmRequested } from '../../generated/records.ts';

/** Returns a message of a prompt that asks for no tool and answers no call. */
export const textMessage = (role: ChatMessage['role'], content: string): ChatMessage => ({
  role,
  content,
  toolCalls: [],
  toolCallId: null,
});

/** The tools of a request that offers none. */
export const noTools = { tools: [], toolChoice: null } as const satisfies Pick<SlmRequested, 'tools' | 'toolChoice'>;
