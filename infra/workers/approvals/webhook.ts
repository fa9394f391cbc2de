/** Messages of Standard Webhooks (version 1): an id that stays, a time, and an HMAC over both and the body. */
import { createHmac } from 'node:crypto';
import { approverNotified } from '../../../schemas/generated/records.ts';
import type { AnyRecord, RecordOf } from '../../../streams/kernel.ts';
import type { Egress } from '../../egress/broker.ts';
import { codedError } from '../../kit/coded-error.ts';
import { codeOf } from '../../kit/errors.ts';
import type { WorkHandler } from '../../runner/worker/attempts.ts';

/** Codes of WebhookError, with their default messages. */
export const webhookErrorCodes = {
  WEBHOOK_REFUSED: 'the webhook answered with another status than 2xx',
} as const;

/** The webhook did not take a message. */
export class WebhookError extends codedError<keyof typeof webhookErrorCodes>('WebhookError') {}

/** Where messages go, and the secret that signs them. */
export interface WebhookSettings {
  readonly url: string;
  /** The bytes of the secret. */
  readonly secret: Buffer;
}

/** Longest answer that is read, in bytes. Its content is not used. */
export const WEBHOOK_ANSWER_BYTES_MAX = 4_096;
const TIMEOUT_MS = 10_000;

/** Returns the signature of a message: `v1,` and base64. `timestamp` in s since 1970. Source: standardwebhooks.com, 1.0.0. */
export const webhookSignature = (secret: Buffer, id: string, timestamp: number, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`;

type Notice = RecordOf<'ApprovalRequested' | 'ApprovalEscalated'>;
const isNotice = (record: AnyRecord): record is Notice =>
  record.type === 'ApprovalRequested' || record.type === 'ApprovalEscalated';

/** Returns the body: what to look at, without arguments, which only approvers see. */
function bodyOf(notice: Notice, tenant: string, timeMs: number): string {
  const { approvalId: approval_id, revision } = notice.data;
  const of = { tenant, approval_id, revision, url: `/v1/approvals/${approval_id}` };
  const timestamp = new Date(timeMs).toISOString();
  if (notice.type === 'ApprovalEscalated')
    return JSON.stringify({
      type: 'approval.escalated',
      timestamp,
      data: { ...of, capability: notice.data.capability },
    });
  const { toolId, effect, principal, requirement, digest, expiresAt } = notice.data;
  const data = {
    ...{ ...of, tool: toolId.slice(toolId.indexOf('/') + 1), effect, principal, digest },
    ...{ required: requirement.required, capabilities: requirement.capabilities },
    expires_at: new Date(expiresAt).toISOString(),
  };
  return JSON.stringify({ type: 'approval.requested', timestamp, data });
}

/**
 * Returns the handler of the approval-notifier: sends one message for each record, at least once, with the same `webhook-id`
 * each time. It rejects until the webhook answers with 2xx; after the last run the log says that it was given up.
 */
export function createWebhookHandler(
  egress: Pick<Egress, 'fetch'>,
  { url, secret }: WebhookSettings,
  now: () => number = Date.now,
): WorkHandler {
  const ended = (notice: Notice, id: string, attempts: number, code: string | null) =>
    approverNotified({
      ...{ approvalId: notice.data.approvalId, revision: notice.data.revision, deliveryId: id, attempts, code },
      outcome: code === null ? 'delivered' : 'failed',
    });
  return {
    async handle(record, context) {
      if (!isNotice(record)) return;
      // A first start reads what is long over.
      if (record.type === 'ApprovalRequested' && record.data.expiresAt <= now()) return;
      const { meta, idempotencyKey: id, attempt, signal } = context;
      const body = bodyOf(record, meta.tenantId, meta.timeMs);
      const timestamp = Math.floor(now() / 1_000);
      const answer = await egress.fetch({
        ...{ callId: null, method: 'POST', url, redirect: 'return', timeoutMs: TIMEOUT_MS, signal },
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': webhookSignature(secret, id, timestamp, body),
        },
        body: Buffer.from(body),
      });
      await answer.bytes();
      const { status } = answer;
      if (status < 200 || status > 299) throw new WebhookError('WEBHOOK_REFUSED', `the webhook answered ${status}`);
      context.end(ended(record, id, attempt, null));
    },
    async abandon(record, context, error) {
      if (!isNotice(record)) return;
      context.end(ended(record, context.idempotencyKey, context.attempt, codeOf(error) ?? 'UNEXPECTED'));
    },
  };
}
