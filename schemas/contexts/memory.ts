/** Limits of memories, and what governance has to know of their commands. */

import type { Credential } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';

/** Name of a space of memories in its tenant. */
export const MEMORY_SPACE = /^[a-z0-9][a-z0-9._-]{0,127}$/;
/** Space of a caller without a session that names none. */
export const SHARED_SPACE = 'shared';
/** Returns the space of a session that names none. */
export const sessionSpace = (sessionId: string): string => `session.${sessionId}`;

export const MEMORY_CHARS_MAX = 8_000;
export const MEMORY_QUERY_CHARS_MAX = 8_000;
export const MEMORY_REASON_CHARS_MAX = 500;
export const MEMORY_SOURCE_CHARS_MAX = 500;
/** Tags, entries of metadata, and superseded memories of one memory, each. */
export const MEMORY_LIST_MAX = 16;
export const MEMORY_TAG = /^[\w.:/@-]{1,64}$/;
export const MEMORY_METADATA_CHARS_MAX = 256;
export const MEMORY_RELATION = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
/** Most memories that one recall returns, and as many as it returns when none is asked for. */
export const RECALL_MAX = 100;
export const RECALL_DEFAULT = 10;

/** Capabilities: to remember, to recall and to forget in a space, such as `memory:recall:shared`. */
export const rememberCapability = (space: string): string => `memory:remember:${space}`;
export const recallCapability = (space: string): string => `memory:recall:${space}`;
export const forgetCapability = (space: string): string => `memory:forget:${space}`;

interface MemoryCommand {
  readonly memoryId: string;
  readonly space: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

/** The resource is the space, so that the kill switch `memory:<space>` stops what is done there. */
const describe = (
  { memoryId, space, principal, capabilities, credential, labels }: MemoryCommand,
  needs: string,
  text: string,
): Description => ({
  ...{ principal, capabilities, credential, resourceId: space, needs, delegates: false },
  ...{ session: credential?.sessionId ?? null, persona: null, text, textLimit: 'embedding_chars_max', labels },
  ...{ maxTokens: null, estimate: { unit: 'calls', callsMax: 1 }, requestId: memoryId },
});

const example = ({ capabilities, labels, resourceId }: Example): MemoryCommand => ({
  ...{ memoryId: EXAMPLE_ID, space: resourceId ?? SHARED_SPACE, principal: 'constitution-tests', capabilities, labels },
  credential: null,
});

export const memoryCommands: Descriptors<RecordsIn<typeof topics.memoryCommands>> = {
  RememberMemory: {
    resource: 'Memory',
    describe: (command) => describe(command, rememberCapability(command.space), command.text),
    example: (given) => ({
      ...{ ...example(given), text: given.text ?? EXAMPLE_TEXT, source: null, tags: [], metadata: {} },
      ...{ validFrom: null, validTo: null, supersedes: [] },
    }),
  },
  LinkMemories: {
    resource: 'Memory',
    describe: (command) => describe(command, rememberCapability(command.space), command.relation),
    example: (given) => ({ ...example(given), toId: EXAMPLE_ID, relation: given.text ?? 'supports' }),
  },
  ForgetMemory: {
    resource: 'Memory',
    describe: (command) => describe(command, forgetCapability(command.space), command.reason),
    example: (given) => ({ ...example(given), reason: given.text ?? EXAMPLE_TEXT }),
  },
};
