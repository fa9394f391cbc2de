import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type DeadLetterShown, readDeadLetters, settleDeadLetters } from '../../../schemas/generated/records.ts';
import { allTopics } from '../../../schemas/topics.ts';
import { auditOfCommand } from '../../shared/command/defaults.ts';
import { refusal } from '../../shared/command/outcome.ts';
import { digestOf } from '../../shared/idempotency.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { Route } from '../../shared/route/route.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { traceparentOf } from '../../shared/trace.ts';

type LetterServices = Pick<GatewayServices, 'sender' | 'config' | 'partitions' | 'readModel'>;

const { command, endpoint } = declare<LetterServices>();

const READ = 'operations:read';
const REDRIVE = 'operations:redrive';

const LETTERS_MAX = 200;
/** An answer of this age is shown again to the same question of the same tenant. */
const SHOWN_AGAIN_MS = 2_000;

const letterBody = z
  .object({
    name: z.string().meta({ description: 'Name of the letter', examples: ['sessions.commands.dlq/0/12'] }),
    from: z
      .object({ topic: z.string(), partition: z.int(), offset: z.int() })
      .meta({ description: 'Place of the original record; the offset is -1 when it is unknown' }),
    key: z.string().nullable().meta({ description: 'Key of the original record; null without one' }),
    processor: z.string().meta({ description: 'Reader that wrote the letter' }),
    code: z.string().meta({ description: 'Stable code of the latest failure' }),
    message: z.string().meta({ description: 'Message of the latest failure' }),
    attempt: z.int().meta({ description: 'Number of attempts' }),
    at: z.string().meta({ description: 'Time at which the letter was written, RFC 3339' }),
    parked: z
      .int()
      .nullable()
      .meta({ description: 'Position in the queue of its parked key, from 1; null without one' }),
    outcome: z
      .object({ verb: z.string(), by: z.string(), at: z.string() })
      .nullable()
      .meta({ description: 'Latest action: redriven, dropped, or failed again; null before the first' }),
  })
  .meta({ id: 'DeadLetter' });

const lettersBody = z
  .object({ items: z.array(letterBody).meta({ description: 'Newest first' }) })
  .meta({ id: 'DeadLetters' });

const settleBody = z
  .strictObject({
    names: z.array(z.string().min(1).max(300)).min(1).max(LETTERS_MAX).meta({ description: 'Names of the letters' }),
  })
  .meta({ id: 'SettleDeadLetters', examples: [{ names: ['sessions.commands.dlq/0/12'] }] });

const settledBody = z
  .object({
    verb: z.enum(['redrive', 'drop']).meta({ description: 'Requested action' }),
    settled: z.array(z.string()).meta({ description: 'Names of the letters that are settled now' }),
    parked: z.array(z.string()).meta({ description: 'Names of letters of parked keys that are still open' }),
  })
  .meta({ id: 'DeadLettersSettled' });

const instant = (ms: number): string => new Date(ms).toISOString();

const letterOf = ({
  topic,
  partition,
  offset,
  recordKey,
  at,
  outcome,
  settledBy,
  settledAt,
  ...letter
}: DeadLetterShown): z.infer<typeof letterBody> => ({
  ...letter,
  from: { topic, partition, offset },
  key: recordKey,
  at: instant(at),
  outcome:
    outcome === null || settledAt === null ? null : { verb: outcome, by: settledBy ?? '', at: instant(settledAt) },
});

const letteredTopics = allTopics.filter(({ deadLetters }) => deadLetters).map(({ name }) => name);

const query = {
  topic: z.enum(letteredTopics).optional().meta({ description: 'Only letters of this topic' }),
  processor: z.string().max(200).optional().meta({ description: 'Only letters of this reader' }),
  code: z.string().max(100).optional().meta({ description: 'Only letters with this code' }),
  all: z.stringbool().default(false).meta({ description: 'Include letters that were redriven or dropped' }),
  limit: z.coerce.number().int().min(1).max(LETTERS_MAX).default(50).meta({ description: 'Maximum number of letters' }),
};

/** Route that lists dead letters. The operations worker reads them: a gateway may not. */
const listDeadLetters: Route<LetterServices> = {
  outcomes: ['DeadLettersRead', 'OperationRefused'],
  follows: [],
  register(app, services) {
    const { sender, config } = services;
    const shown = new Map<string, { readonly atMs: number; readonly letters: readonly DeadLetterShown[] }>();

    const read = async (asked: Parameters<typeof readDeadLetters>[0], tenantId: string) => {
      const { outcome } = await sender.send({
        ...{ tenantId, requestDigest: digestOf(asked), traceparent: traceparentOf({ headers: {} }), place: () => null },
        identity: {
          ...{ idempotencyKey: asked.requestId, repeatable: false, commandId: asked.requestId },
          ...{ subjectId: asked.requestId, partId: () => asked.requestId },
        },
        outcomes: ['DeadLettersRead', 'OperationRefused'],
        make: () => readDeadLetters(asked),
        waitMs: config.outcomeWaitMs,
      });
      if (outcome?.record.type === 'DeadLettersRead') return outcome.record.data.letters;
      throw new Problem(
        'OPERATIONS_UNAVAILABLE',
        'The dead letters were not read in time; does the operations worker run?',
      );
    };

    endpoint({
      operationId: 'listDeadLetters',
      tag: 'operations',
      summary: 'List the records that could not be decoded or decided',
      description:
        'Of the whole platform, newest first. The operations worker reads them; an answer is at most 2 s old.',
      url: '/v1/dead-letters',
      takes: READ,
      query,
      response: lettersBody,
      problems: ['OPERATIONS_UNAVAILABLE', 'LOG_OVERLOADED'],
      answer: async ({ caller, query: wanted }) => {
        const question = JSON.stringify([caller.tenantId, wanted]);
        const known = shown.get(question);
        if (known !== undefined && Date.now() - known.atMs < SHOWN_AGAIN_MS)
          return { items: known.letters.map(letterOf) };
        const { topic = null, processor = null, code = null, all, limit } = wanted;
        const asked = { requestId: randomUUID(), principal: caller.principal, topic, processor, code };
        const letters = await read({ ...asked, settled: all, limit }, caller.tenantId);
        for (const [key, { atMs }] of shown) if (Date.now() - atMs >= SHOWN_AGAIN_MS) shown.delete(key);
        shown.set(question, { atMs: Date.now(), letters });
        return { items: letters.map(letterOf) };
      },
    }).register(app, services);
  },
};

const settleRoute = (verb: 'redrive' | 'drop', operationId: string, summary: string) =>
  command({
    operationId,
    summary,
    tag: 'operations',
    method: 'POST',
    url: `/v1/dead-letters/${verb}`,
    description:
      'A letter is settled once, however often this is asked. A letter of a parked key brings the queue of its key.',
    takes: REDRIVE,
    body: settleBody,
    appends: ['SettleDeadLetters'],
    command: ({ caller: { principal }, body: { names }, identity }) =>
      settleDeadLetters({ requestId: identity.subjectId, principal, verb, names }),
    location: auditOfCommand,
    outcomes: {
      OperationRefused: refusal(['LOG_UNAVAILABLE']),
      DeadLettersSettled: {
        status: 200,
        schema: settledBody,
        answer: ({ settled, parked }) => ({ verb, settled: [...settled], parked: [...parked] }),
      },
    },
  });

/** Routes of dead letters. */
export const deadLetterRoutes = [
  listDeadLetters,
  settleRoute('redrive', 'redriveDeadLetters', 'Append dead letters to their topics again, after a fix'),
  settleRoute('drop', 'dropDeadLetters', 'Settle dead letters without sending them again'),
];
