import { z } from 'zod';
import {
  MEMORY_CHARS_MAX,
  MEMORY_LIST_MAX,
  MEMORY_METADATA_CHARS_MAX,
  MEMORY_QUERY_CHARS_MAX,
  MEMORY_REASON_CHARS_MAX,
  MEMORY_SPACE,
  MEMORY_TAG,
  RECALL_DEFAULT,
  RECALL_MAX,
  sessionSpace,
} from '../../../schemas/contexts/memory.ts';
import { ToolError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { argumentsOf } from './arguments.ts';
import type { ToolAdapter, ToolAnswer, ToolRun } from './port.ts';

const actions = ['remember', 'recall', 'forget'] as const;

/** `session` stands for the space of the session that calls. */
const SESSION = 'session';
const configSchema = z.strictObject({
  spaces: z.array(z.string().regex(MEMORY_SPACE)).min(1).max(16),
  actions: z
    .array(z.enum(actions))
    .min(1)
    .default([...actions]),
});

const space = z.string().regex(MEMORY_SPACE).optional();
const tags = z.array(z.string().regex(MEMORY_TAG)).max(MEMORY_LIST_MAX).default([]);
const metadata = z.record(z.string().min(1).max(64), z.string().max(MEMORY_METADATA_CHARS_MAX)).default({});

const rememberArguments = z.strictObject({
  ...{ action: z.literal('remember'), space, tags, metadata },
  text: z.string().min(1).max(MEMORY_CHARS_MAX),
  supersedes: z.array(z.uuid()).max(MEMORY_LIST_MAX).default([]),
});
const recallArguments = z.strictObject({
  ...{ action: z.literal('recall'), space, tags, metadata },
  query: z.string().min(1).max(MEMORY_QUERY_CHARS_MAX),
  k: z.int().min(1).max(RECALL_MAX).default(RECALL_DEFAULT),
  as_of: z.iso.datetime({ offset: true }).optional(),
});
const forgetArguments = z.strictObject({
  ...{ action: z.literal('forget'), memory_id: z.uuid() },
  reason: z.string().min(1).max(MEMORY_REASON_CHARS_MAX).default('a call of the tool'),
});
const memoryArguments = z.discriminatedUnion('action', [rememberArguments, recallArguments, forgetArguments]);

type In<A> = Omit<A, 'space' | 'action'> & { readonly space: string };
export type RememberArguments = In<z.output<typeof rememberArguments>>;
export type RecallArguments = In<z.output<typeof recallArguments>>;
export type ForgetArguments = Omit<z.output<typeof forgetArguments>, 'action'> & {
  /** Spaces in which it may be. */
  readonly spaces: readonly string[];
};

/** A memory service, for calls of the tool. Each method rejects with ToolError. */
export interface ToolMemory {
  /** Walls around a call, for its record. */
  readonly walls: readonly string[];
  remember(run: ToolRun, given: RememberArguments): Promise<ToolAnswer>;
  recall(run: ToolRun, given: RecallArguments): Promise<ToolAnswer>;
  forget(run: ToolRun, given: ForgetArguments): Promise<ToolAnswer>;
  health(): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

const refused = (detail: string): ToolError => new ToolError('TOOL_REQUEST_REFUSED', detail, { effect: 'none' });

/** Returns the spaces that a call may use. */
const spacesOf = (allowed: readonly string[], { sessionId }: ToolRun): readonly string[] =>
  allowed.flatMap((each) => (each !== SESSION ? [each] : sessionId === null ? [] : [sessionSpace(sessionId)]));

/** Returns the space of a call: the one that it names, else the first that it may use. Throws ToolError. */
function spaceOf(named: string | undefined, allowed: readonly string[], run: ToolRun): string {
  const spaces = spacesOf(allowed, run);
  const wanted = named === SESSION && run.sessionId !== null ? sessionSpace(run.sessionId) : (named ?? spaces[0]);
  if (wanted !== undefined && spaces.includes(wanted)) return wanted;
  throw refused(`The manifest gives this call no space ${named ?? 'at all'}`);
}

/**
 * Returns the built-in adapter of memories. `action` is remember, recall or forget. `config.spaces` has the spaces that calls may
 * use, `session` for that of the calling session; `config.actions` what they may do. An output names each memory by id and
 * digest, and has the labels of what was recalled.
 */
export const memoryAdapter = (memory: ToolMemory): ToolAdapter => ({
  name: 'khipu.memory',
  async audit({ tier }) {
    if (tier === 'declared') return { tier, walls: memory.walls };
    throw new ToolError('SANDBOX_UNAVAILABLE', `A call of the tier ${tier} cannot run here`, { effect: 'none' });
  },
  health: () => memory.health(),
  connect(manifest: Manifest) {
    const config = configSchema.safeParse(manifest.config);
    if (!config.success)
      throw new ToolError('TOOL_INVALID', 'config: expected spaces, and actions if not all', { effect: 'none' });
    const { spaces, actions: allowed } = config.data;
    return {
      ...{ verify: null, requests: () => [], forget: () => undefined, close: async () => undefined },
      async execute(run) {
        const given = argumentsOf(memoryArguments, run);
        if (!allowed.includes(given.action)) throw refused(`The manifest does not allow ${given.action}`);
        switch (given.action) {
          case 'remember':
            return memory.remember(run, { ...given, space: spaceOf(given.space, spaces, run) });
          case 'recall':
            return memory.recall(run, { ...given, space: spaceOf(given.space, spaces, run) });
          case 'forget':
            return memory.forget(run, { ...given, spaces: spacesOf(spaces, run) });
        }
      },
    };
  },
});
