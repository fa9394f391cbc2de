import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Decoded } from '../../../infra/kafka/envelope.ts';
import type { AnyRecord } from '../../../schemas/generated/records.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { GatewayServices } from '../services.ts';
import { traceparentOf } from '../trace.ts';
import type { Command } from './command-appender.ts';
import type { EventTail } from './event-tail.ts';

interface Caused {
  /** The event, or null when it did not come in time. */
  readonly event: Promise<Decoded | null>;
  cancel(): void;
}

/** Waits for the first event that a command causes. Call before the append, or it may pass unseen. */
function firstCausedBy(tail: Pick<EventTail, 'listen'>, commandId: string, timeoutMs: number): Caused {
  const { promise, resolve } = Promise.withResolvers<Decoded | null>();
  const settle = (event: Decoded | null): void => {
    unlisten();
    clearTimeout(timer);
    resolve(event);
  };
  const unlisten = tail.listen((event) => {
    if (event.meta.causationId === commandId) settle(event);
  });
  const timer = setTimeout(() => settle(null), timeoutMs);
  return { event: promise, cancel: () => settle(null) };
}

/**
 * Appends a command of the caller, and resolves with the first event that it causes; null when none comes in time. It is of
 * the caller's own tenant unless another is named.
 */
export async function outcomeOf(
  { tail, commands, config }: Pick<GatewayServices, 'tail' | 'commands' | 'config'>,
  command: Command,
  request: FastifyRequest,
  tenantId: string = callerOf(request).tenantId,
): Promise<AnyRecord | null> {
  const id = randomUUID();
  const caused = firstCausedBy(tail, id, config.outcomeWaitMs);
  try {
    await commands.append(command, { id, tenantId, traceparent: traceparentOf(request.raw) });
    return (await caused.event)?.record ?? null;
  } finally {
    caused.cancel();
  }
}
