import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { messageOf } from '../../kit/errors.ts';
import { SomaBrainError } from './error.ts';
import { createSomaHttp, type SomaBrainOptions } from './http.ts';
import type { FoundMemory, RequestOptions, SomaBrain } from './types.ts';

const text = z.string().nullish();
const memoryPayload = z.looseObject({
  ...{ memory_id: text, id: text, text, content: text, task: text, digest: text },
  labels: z.array(z.string()).nullish(),
});
const scored = z.looseObject({ score: z.number().nullish(), payload: memoryPayload });
const head = { namespace: text, trace_id: text };
const rememberedAnswer = z.looseObject({ ...head, memory_id: text, digest: text });
const recallAnswer = z.looseObject({ ...head, wm: z.array(scored).nullish(), memory: z.array(scored).nullish() });
const retrieveAnswer = z.looseObject({ ...head, candidates: z.array(scored), context: text });
const personaAnswer = z.looseObject({
  ...{ id: z.string(), display_name: text },
  properties: z.record(z.string(), z.unknown()).nullish(),
});

/** Returns an answer by its schema. Throws SomaBrainError SOMABRAIN_ANSWER_INVALID. */
function answerOf<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  throw new SomaBrainError('SOMABRAIN_ANSWER_INVALID', z.prettifyError(found.error).replaceAll('\n', ' '));
}

const foundOf = ({ score, payload }: z.output<typeof scored>): FoundMemory => ({
  ...{ memoryId: payload.memory_id ?? payload.id ?? null, score: score ?? 0, digest: payload.digest ?? null },
  ...{ text: payload.text ?? payload.content ?? payload.task ?? '', labels: payload.labels ?? [], payload },
});

const headOf = (answer: {
  readonly namespace?: string | null | undefined;
  readonly trace_id?: string | null | undefined;
}) => ({
  namespace: answer.namespace ?? '',
  traceId: answer.trace_id ?? '',
});

/** Names of the service that are not its routes below the URL of a gateway. */
const HEALTH_PATHS = ['health', '/health/ready'] as const;

/**
 * Creates a client of SomaBrain: of an external one, or of the memory service of a Khipu gateway, which speaks the same
 * interface below `/v1/memory`. A write has one `Idempotency-Key` for all its attempts.
 */
export function createSomaBrain(options: SomaBrainOptions): SomaBrain {
  const http = createSomaHttp(options);
  const { host } = new URL(options.url);
  const headersOf = ({ tenantId }: RequestOptions): Record<string, string> =>
    tenantId === undefined ? {} : { 'x-tenant-id': tenantId };
  const read = (path: string, body: object | undefined, asked: RequestOptions = {}) =>
    http.send({
      ...{ method: body === undefined ? 'GET' : 'POST', path, headers: headersOf(asked), signal: asked.signal },
      ...(body !== undefined && { body }),
    });
  const write = (path: string, body: object, asked: RequestOptions = {}) => {
    const headers = { ...headersOf(asked), 'idempotency-key': asked.idempotencyKey ?? randomUUID() };
    return http.send({ method: 'POST', path, body, headers, signal: asked.signal });
  };

  async function answers(path: string): Promise<boolean> {
    const signal = AbortSignal.timeout(1_500);
    const response = await fetch(new URL(path, options.url), { redirect: 'manual', signal });
    await response.body?.cancel();
    return response.ok;
  }

  return {
    async remember(request, asked) {
      const answer = answerOf(rememberedAnswer, await write('remember', request, asked));
      return { memoryId: answer.memory_id ?? null, digest: answer.digest ?? null, ...headOf(answer) };
    },
    async recall(request, asked) {
      const answer = answerOf(recallAnswer, await read('recall', request, asked));
      const memories = [...(answer.wm ?? []), ...(answer.memory ?? [])].map(foundOf);
      return { memories: memories.sort((one, other) => other.score - one.score), ...headOf(answer) };
    },
    async ragRetrieve(request, asked) {
      const answer = answerOf(retrieveAnswer, await read('rag/retrieve', request, asked));
      return { memories: answer.candidates.map(foundOf), context: answer.context ?? null, ...headOf(answer) };
    },
    link: async (request, asked) => void (await write('link', request, asked)),
    async persona(id, asked) {
      const answer = answerOf(personaAnswer, await read(`persona/${encodeURIComponent(id)}`, undefined, asked));
      return { id: answer.id, displayName: answer.display_name ?? null, properties: answer.properties ?? {} };
    },
    async health() {
      if (http.isOpen()) return { ok: false, detail: `${host}: circuit open` };
      try {
        for (const path of HEALTH_PATHS) if (await answers(path)) return { ok: true, detail: `${host} answers` };
        return { ok: false, detail: `${host} is not ready` };
      } catch (error) {
        return { ok: false, detail: `${host}: ${messageOf(error)}` };
      }
    },
  };
}
