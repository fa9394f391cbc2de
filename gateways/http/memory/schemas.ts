import { z } from 'zod';
import {
  MEMORY_CHARS_MAX,
  MEMORY_LIST_MAX,
  MEMORY_METADATA_CHARS_MAX,
  MEMORY_QUERY_CHARS_MAX,
  MEMORY_REASON_CHARS_MAX,
  MEMORY_RELATION,
  MEMORY_SOURCE_CHARS_MAX,
  MEMORY_SPACE,
  MEMORY_TAG,
  RECALL_DEFAULT,
  RECALL_MAX,
} from '../../../schemas/contexts/memory.ts';
import { DECLARED_LABELS_MAX, LABEL } from '../../../schemas/contexts/policy/labels.ts';
import { page } from '../../shared/paging.ts';
import { labels } from '../../shared/schemas.ts';

const MEMORY_ID = '6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44';
const OTHER_ID = '0b8d2f6a-91c3-5d17-a4e2-7f5b3c6d8e90';
const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const TEXT = 'The office in Cusco closes at six.';
const AT = '2026-11-29T10:30:00.000Z';

const moment = z.iso.datetime({ offset: true });

/** Name of a space. */
export const spaceName = z
  .string()
  .regex(MEMORY_SPACE, 'Expected lower-case letters, digits, dots, dashes and underscores, at most 128')
  .meta({
    description:
      'Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`',
    examples: ['shared'],
  });
const universe = spaceName.optional().meta({ description: 'The name that SomaBrain has for `space`' });

const tags = z
  .array(z.string().regex(MEMORY_TAG, 'Expected a tag of letters, digits and _.:/@-, at most 64'))
  .max(MEMORY_LIST_MAX);
const metadata = z
  .record(z.string().min(1).max(64), z.string().max(MEMORY_METADATA_CHARS_MAX))
  .refine((entries) => Object.keys(entries).length <= MEMORY_LIST_MAX, `At most ${MEMORY_LIST_MAX} entries`);
const someLabels = z.array(z.string().regex(LABEL, 'Expected a label')).max(DECLARED_LABELS_MAX);

/** Path parameter of a memory. */
export const memoryFields = { memory_id: z.uuid().meta({ description: 'Id of the memory', examples: [MEMORY_ID] }) };

/** Body of a text to keep. */
export const rememberBody = z
  .strictObject({
    text: z
      .string()
      .min(1)
      .max(MEMORY_CHARS_MAX)
      .meta({ description: 'The text', examples: [TEXT] }),
    ...{ space: spaceName.optional(), universe },
    source: z
      .string()
      .min(1)
      .max(MEMORY_SOURCE_CHARS_MAX)
      .optional()
      .meta({ description: 'Where the text comes from, in the words of its author' }),
    tags: tags.optional().meta({ description: 'Tags that recalls can filter by, at most 16', examples: [['office']] }),
    metadata: metadata.optional().meta({ description: 'Names and values that recalls can filter by, at most 16' }),
    valid_from: moment.optional().meta({ description: 'Time from which the text is true, RFC 3339' }),
    valid_to: moment.optional().meta({ description: 'Time from which it is not true any more, RFC 3339' }),
    supersedes: z.array(z.uuid()).max(MEMORY_LIST_MAX).optional().meta({
      description: 'Ids of memories of the space that this one takes the place of: they are recalled no more',
    }),
    labels,
  })
  .refine(({ valid_from: from, valid_to: to }) => from === undefined || to === undefined || from < to, {
    message: 'Expected a time after valid_from',
    path: ['valid_to'],
  })
  .meta({ id: 'Remember', examples: [{ text: TEXT, space: 'shared', tags: ['office'] }] });

const filters = {
  space: spaceName.optional(),
  universe,
  as_of: z
    .string()
    .min(1)
    .max(2_048)
    .optional()
    .meta({
      description:
        'Only what was remembered by then: a time, RFC 3339, or the `Khipu-Position` of an answer to `remember`; a memory that was forgotten since is not recalled',
      examples: [AT],
    }),
  valid_at: moment
    .optional()
    .meta({ description: 'Only what is true at this time, RFC 3339. Default: `as_of`, or now' }),
  labels: someLabels.optional().meta({ description: 'Only memories with all of these labels' }),
  without_labels: someLabels.optional().meta({ description: 'Only memories with none of these labels' }),
  tags: tags.optional().meta({ description: 'Only memories with all of these tags' }),
  metadata: metadata.optional().meta({ description: 'Only memories with these entries' }),
};
const query = z
  .string()
  .min(1)
  .max(MEMORY_QUERY_CHARS_MAX)
  .meta({ description: 'What to look for', examples: ['When does the office close?'] });
const count = z.int().min(1).max(RECALL_MAX);
const counts = {
  k: count.optional().meta({ description: `Maximum number of memories; default: ${RECALL_DEFAULT}`, examples: [3] }),
  top_k: count.optional().meta({ description: 'The name that SomaBrain has for `k`' }),
  limit: count.optional().meta({ description: 'Another name for `k`' }),
  threshold: z.number().min(-1).max(1).optional().meta({ description: 'Least score of a memory; default: none' }),
};

/** Body of a recall. */
export const recallBody = z
  .strictObject({ query, ...counts, ...filters })
  .meta({ id: 'Recall', examples: [{ query: 'When does the office close?', k: 3, space: 'shared' }] });

/** Body of a retrieval for a prompt. */
export const retrieveBody = z
  .strictObject({
    ...{ query, ...counts, ...filters },
    trace_id: z.string().min(1).max(128).optional().meta({ description: 'Returned as it is' }),
    context_chars_max: z
      .int()
      .min(100)
      .max(100_000)
      .default(8_000)
      .meta({ description: 'Longest `context`, in characters' }),
  })
  .meta({ id: 'Retrieve', examples: [{ query: 'When does the office close?', k: 3, space: 'shared' }] });

/** Body of a relation. */
export const linkBody = z
  .strictObject({
    from_key: z.uuid().meta({ description: 'Id of a memory', examples: [MEMORY_ID] }),
    to_key: z.uuid().meta({ description: 'Id of the other memory, of the same space', examples: [OTHER_ID] }),
    type: z
      .string()
      .regex(MEMORY_RELATION, 'Expected lower-case letters, digits, dots, dashes and underscores')
      .default('related')
      .meta({ description: 'How they are related', examples: ['supports'] }),
    labels,
  })
  .meta({ id: 'LinkMemories', examples: [{ from_key: MEMORY_ID, to_key: OTHER_ID, type: 'supports' }] });

/** Body of a command to forget. */
export const forgetBody = z
  .strictObject({
    reason: z.string().min(1).max(MEMORY_REASON_CHARS_MAX).meta({ description: 'Why, in one sentence for a person' }),
    labels,
  })
  .meta({ id: 'ForgetMemory', examples: [{ reason: 'It is not true any more' }] });

const time = (description: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `${description}, RFC 3339`, examples: [AT] });

/** Body of a memory. */
export const memoryBody = z
  .object({
    memory_id: z.string().meta({ examples: [MEMORY_ID] }),
    space: z.string().meta({ examples: ['shared'] }),
    status: z.enum(['kept', 'forgotten']).meta({ description: 'A forgotten memory has no content' }),
    text: z.string().meta({ description: 'Empty when it was forgotten', examples: [TEXT] }),
    digest: z.string().meta({ description: 'sha256 of the text, hex', examples: [DIGEST] }),
    source: z
      .string()
      .nullable()
      .meta({ description: 'Where the text comes from', examples: ['A notice at the door'] }),
    tags: z.array(z.string()).meta({ examples: [['office']] }),
    metadata: z.record(z.string(), z.string()).meta({ examples: [{ city: 'Cusco' }] }),
    labels: z
      .array(z.string())
      .meta({ description: 'Labels that were declared of the text, or found in it', examples: [['customer-data']] }),
    valid_from: time('Time from which it is true'),
    valid_to: time('Time from which it is not true any more'),
    principal: z.string().meta({ description: 'Who asked', examples: ['user:ana'] }),
    call_id: z
      .string()
      .nullable()
      .meta({ description: 'Call of the tool that kept it; null for a request', examples: [null] }),
    remembered_at: time('Time at which it was kept'),
    forgotten_at: time('Time at which it was forgotten'),
  })
  .meta({ id: 'Memory' });

const envelope = {
  namespace: z.string().meta({ description: 'The space, by the name that SomaBrain has for it', examples: ['shared'] }),
  trace_id: z.string().meta({ description: 'Id of the command, or what the request named', examples: [OTHER_ID] }),
};

/** Body of a text that was kept. */
export const rememberedBody = memoryBody
  .extend({ ok: z.literal(true), success: z.literal(true), ...envelope })
  .meta({ id: 'Remembered' });

const scored = z
  .object({
    score: z.number().meta({ description: 'Cosine of the vectors, from -1 to 1', examples: [0.714] }),
    payload: memoryBody,
  })
  .meta({ id: 'RecalledMemory' });

const basis = {
  model: z.string().meta({ description: 'Model of the vectors', examples: ['static-256-0a1b2c3d4e5f'] }),
  compared: z.int().meta({ description: 'Number of memories that were compared', examples: [1] }),
  as_of: z.string().meta({ description: 'Time of the recall in the log, RFC 3339', examples: [AT] }),
};

/** Body of a recall. */
export const recalledBody = z
  .object({
    memory: z.array(scored).meta({ description: 'The nearest first' }),
    wm: z.array(scored).meta({ description: 'Always empty: there is no working memory beside', examples: [[]] }),
    ...{ ...envelope, ...basis },
  })
  .meta({ id: 'Recalled' });

/** Body of a retrieval. */
export const retrievedBody = z
  .object({
    candidates: z.array(scored).meta({ description: 'The nearest first' }),
    context: z
      .string()
      .meta({ description: 'Their texts for a prompt, one a line, each with its number', examples: [`[1] ${TEXT}\n`] }),
    ...{ ...envelope, ...basis },
  })
  .meta({ id: 'Retrieved' });

/** Body of a relation. */
export const linkedBody = z
  .object({
    ok: z.literal(true),
    from_key: z.string().meta({ examples: [MEMORY_ID] }),
    to_key: z.string().meta({ examples: [OTHER_ID] }),
    type: z.string().meta({ examples: ['supports'] }),
  })
  .meta({ id: 'MemoryLink' });

/** Body of a memory with its relations. */
export const memoryDetailBody = memoryBody
  .extend({
    links: z.array(
      z.object({
        from_key: z.string().meta({ examples: [MEMORY_ID] }),
        to_key: z.string().meta({ examples: [OTHER_ID] }),
        type: z.string().meta({ examples: ['supports'] }),
        created_at: z.string().meta({ description: 'RFC 3339', examples: [AT] }),
      }),
    ),
  })
  .meta({ id: 'MemoryDetail' });

export const memoryPage = page(memoryBody, 'MemoryPage');

/** Body of a memory that was forgotten. */
export const forgottenBody = z
  .object({
    memory_id: z.string().meta({ examples: [MEMORY_ID] }),
    status: z.literal('forgotten'),
    forgotten_at: z.string().meta({ description: 'RFC 3339', examples: [AT] }),
  })
  .meta({ id: 'MemoryForgotten' });

/** Body of a persona as SomaBrain shows one. */
export const memoryPersonaBody = z
  .object({
    id: z.string().meta({ examples: ['guide'] }),
    display_name: z
      .string()
      .nullable()
      .meta({ examples: ['Answers questions about the product'] }),
    properties: z.object({
      instructions: z.string().meta({ examples: ['Answer in two sentences.'] }),
      model: z
        .string()
        .nullable()
        .meta({ examples: [null] }),
      temperature: z
        .number()
        .nullable()
        .meta({ examples: [0.2] }),
      max_tokens: z
        .number()
        .nullable()
        .meta({ examples: [256] }),
      version: z.int().meta({ examples: [1] }),
    }),
    fact: z.literal('persona'),
  })
  .meta({ id: 'MemoryPersona' });

/** Fields that a 202 adds. */
export const pendingMemory = { id: 'MemoryPending', shape: { memory_id: z.string().meta({ examples: [MEMORY_ID] }) } };
