import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approvalEscalated, approvalRequested, approvalVoted } from '../../../schemas/generated/records.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import type { AnyRecord, WorkContext } from '../../../streams/kernel.ts';
import { allowed } from '../../../streams/testing.ts';
import { testEgress } from '../../egress/testing.ts';
import { createWebhookHandler } from './webhook.ts';

interface Message {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const NOW = Date.UTC(2026, 0, 1);
const secret = Buffer.alloc(32, 7);
const messages: Message[] = [];
const statuses: number[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    messages.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(statuses.shift() ?? 204).end();
  });
});
let egress: ReturnType<typeof testEgress>;
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  url = `http://${host}/hook`;
  const bounds = { maxRequestBytes: 65_536, maxResponseBytes: 4_096 };
  egress = testEgress({ allow: [{ host, scheme: 'http', methods: ['POST'], ...bounds }] });
});
beforeEach(() => {
  messages.length = 0;
  statuses.length = 0;
});
afterAll(async () => {
  await egress.close();
  server.close();
});

const requested = approvalRequested({
  ...{ scopeId: 's', approvalId: 'call-1', tenantId: 'demo', toolId: 'demo/pay', toolDigest: 'd', principal: 'agent' },
  ...{
    sessionId: 's',
    effect: 'irreversible',
    arguments: '{"card":"4111"}',
    costMax: '0.000000000',
    labels: [],
    flow: [],
  },
  ...{ decision: allowed, digest: 'digest', revision: 1, editor: null, expiresAt: NOW + 1_000, escalatesAt: null },
  requirement: {
    ...{ rules: ['r'], required: 2, capabilities: [], expiresMs: 1_000 },
    ...{ escalateAfterMs: null, escalateCapability: null },
  },
});

/** Runs a record once; resolves with the records of its end. */
async function ended(record: AnyRecord, run: 'handle' | 'abandon' = 'handle', attempt = 1): Promise<AnyRecord[]> {
  const ends: AnyRecord[] = [];
  const context: WorkContext = {
    meta: { ...metaFor(record, { tenantId: 'demo' }), timeMs: NOW },
    ...{ attempt, signal: new AbortController().signal, idempotencyKey: 'stable-id', inherited: false },
    commit: () => Promise.reject(new Error('nothing is committed before the end')),
    emit: () => Promise.reject(new Error('nothing is emitted before the end')),
    end: (...records) => void ends.push(...records),
  };
  const handler = createWebhookHandler(egress, { url, secret }, () => NOW);
  await handler[run](record, context, { code: 'EGRESS_TIMEOUT' });
  return ends;
}

describe('the webhook of approvals', () => {
  it('gets a signed message about what to look at, without arguments', async () => {
    expect(await ended(requested)).toMatchObject([
      { type: 'ApproverNotified', data: { outcome: 'delivered', deliveryId: 'stable-id', attempts: 1, code: null } },
    ]);
    const [{ headers, body } = { headers: {}, body: '' }] = messages;
    const signed = createHmac('sha256', secret)
      .update(`stable-id.${NOW / 1_000}.${body}`)
      .digest('base64');
    expect(headers).toMatchObject({
      ...{ 'webhook-id': 'stable-id', 'webhook-timestamp': String(NOW / 1_000) },
      'webhook-signature': `v1,${signed}`,
    });
    expect(JSON.parse(body)).toMatchObject({
      type: 'approval.requested',
      data: { tenant: 'demo', approval_id: 'call-1', tool: 'pay', digest: 'digest', required: 2 },
    });
    expect(body).not.toContain('4111');
  });

  it('is asked again with the same id until it answers 2xx', async () => {
    statuses.push(503, 302, 200);
    await expect(ended(requested)).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
    await expect(ended(requested, 'handle', 2)).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
    expect(await ended(requested, 'handle', 3)).toMatchObject([{ data: { outcome: 'delivered', attempts: 3 } }]);
    expect(new Set(messages.map(({ headers }) => headers['webhook-id']))).toEqual(new Set(['stable-id']));
  });

  it('that stays away is recorded as given up', async () => {
    expect(await ended(requested, 'abandon', 30)).toMatchObject([
      { data: { outcome: 'failed', code: 'EGRESS_TIMEOUT', attempts: 30 } },
    ]);
    expect(messages).toEqual([]);
  });

  it('receives an escalation, and nothing that is over or that needs no decision', async () => {
    const of = { scopeId: 's', approvalId: 'call-1', revision: 1 };
    await ended(approvalEscalated({ ...of, capability: 'approval:on-call' }));
    expect(messages.map(({ body }) => JSON.parse(body).data.capability)).toEqual(['approval:on-call']);
    await ended(approvalRequested({ ...requested.data, expiresAt: NOW }));
    const vote = approvalVoted({ ...of, digest: 'd', principal: 'ana', reason: '', given: 1, required: 2 });
    expect([await ended(vote), await ended(vote, 'abandon')]).toEqual([[], []]);
    expect(messages).toHaveLength(1);
  });
});
