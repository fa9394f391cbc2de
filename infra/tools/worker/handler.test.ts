import { createHash } from 'node:crypto';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { payloadName } from '../../../schemas/contexts/jobs/payload.ts';
import { MANIFEST_PAYLOAD_TYPE, TOOL_PREVIEW_BYTES_MAX } from '../../../schemas/contexts/tools.ts';
import { type EgressRequest, runToolCall, type ToolCallEnded } from '../../../schemas/generated/records.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import type { AnyRecord, WorkContext } from '../../../streams/kernel.ts';
import { aSwitch } from '../../../streams/testing.ts';
import { weatherManifest } from '../../../tests/support/outside-service.ts';
import { sealEnvelope } from '../../governance/constitution/dsse.ts';
import { newSigner, trusting } from '../../governance/constitution/testing.ts';
import { inForce } from '../../models/worker/testing.ts';
import { adaptersOf, type ConnectedTool, type ToolAdapter } from '../adapters/port.ts';
import { ToolError } from '../errors.ts';
import { prepareManifest } from '../manifest/signing.ts';
import { createToolMetrics } from '../metrics.ts';
import type { CallRate } from '../rate/port.ts';
import { createToolHandler } from './handler.ts';

const alice = newSigner('alice');
const noVerify = null as ConnectedTool['verify'];

const REQUEST: EgressRequest = {
  ...{ method: 'GET', host: 'api.weather.example:443', path: '/weather', pathDigest: 'd', address: '192.0.2.1' },
  ...{ status: 200, requestBytes: 0, responseBytes: 2, durationMs: 3, outcome: 'answered', code: null },
};
/** Returns the name of JSON as a content. */
const nameOf = (json: string): string =>
  payloadName({ digest: createHash('sha256').update(json).digest('hex'), bytes: Buffer.byteLength(json) });
const unlimited: CallRate = { take: async () => null, close: async () => undefined };

/** A worker with an adapter that does as a test says. */
function workerWith(
  execute: ConnectedTool['execute'],
  {
    changes = {},
    verify = noVerify,
    scopes = [] as readonly string[],
    rate = unlimited,
    constitution = inForce(),
    keep = (_tenantId: string, json: string) => Promise.resolve(nameOf(json)),
  } = {},
) {
  const { payload, digest } = prepareManifest(weatherManifest({ host: 'api.weather.example' }, changes));
  const envelope = sealEnvelope(MANIFEST_PAYLOAD_TYPE, payload, [alice]);
  const adapter: ToolAdapter = {
    ...{ name: 'declared', health: async () => ({ ok: true, detail: '' }) },
    audit: async () => ({ tier: 'declared', walls: ['egress-broker'] }),
    connect: () => ({
      ...{ execute, verify, requests: () => [REQUEST], forget: () => undefined },
      close: async () => undefined,
    }),
  };
  const register = new Registry();
  const switches = new Map(scopes.map((scope) => [scope, aSwitch(scope, { mode: 'stop' }).data]));
  const handler = createToolHandler({
    ...{ trusted: trusting(alice), adapters: adaptersOf(adapter), metrics: createToolMetrics(register), now: () => 0 },
    ...{ rate, constitution, contents: { keep } },
    switches: { ready: Promise.resolve(), value: switches, listen: () => () => undefined },
  });
  const work = runToolCall({
    chain: null,
    ...{ callId: 'call-1', toolId: 'acme/weather', digest, envelope, principal: 'key-1', decisionId: 'd' },
    ...{ sessionId: null, labels: [] },
    ...{ arguments: '{"city":"Cusco"}', purpose: 'call' },
  });
  return { handler, work, register };
}

/** A run that keeps what it writes, in order, with how it was written. */
function runOf(work: AnyRecord, attempt = 1) {
  const written: [string, AnyRecord][] = [];
  const abort = new AbortController();
  const context: WorkContext = {
    ...{ meta: metaFor(work, { tenantId: 'acme' }), attempt, signal: abort.signal, inherited: false },
    idempotencyKey: 'k',
    commit: async (...records) => void written.push(...records.map((each) => ['commit', each] as [string, AnyRecord])),
    emit: async (...records) => void written.push(...records.map((each) => ['emit', each] as [string, AnyRecord])),
    end: (...records) => void written.push(...records.map((each) => ['end', each] as [string, AnyRecord])),
  };
  return {
    context,
    abort,
    shown: () => written.map(([how, { type }]) => `${how} ${type}`),
    end: () => written.at(-1)?.[1].data,
  };
}

const fails =
  (effect: ToolError['effect'], canRetry = false) =>
  async () => {
    throw new ToolError('TOOL_UNAVAILABLE', 'no answer', { effect, canRetry });
  };
const answers = async () => ({ output: { celsius: 14 } });
const never = () => Promise.reject(new Error('the tool was called'));
const irreversible = { effect: 'irreversible' };

describe('the tool worker', () => {
  it('ends a call with its output, its walls and its use, and counts it', async () => {
    const { handler, work, register } = workerWith(answers, {
      changes: { limits: { cost: '0.5' }, labels: { out: ['public'] } },
    });
    const run = runOf(work);
    await handler.handle(work, run.context);
    expect(run.shown()).toEqual(['emit ToolCallBegan', 'end ToolCallEnded']);
    expect(run.end()).toMatchObject({
      ...{ outcome: 'succeeded', code: null, output: '{"celsius":14}', cost: '0.500000000', labels: ['public'] },
      ...{ tier: 'declared', walls: ['egress-broker'], requests: [REQUEST] },
    });
    expect(await register.metrics()).toContain('khipu_tool_calls_total{tool="weather",outcome="succeeded"} 1');
    await handler.close();
  });

  it('has the start of an irreversible call in the log before it is sent', async () => {
    const run: { at?: readonly string[] } = {};
    const { handler, work } = workerWith(
      async () => {
        run.at = context.shown();
        return answers();
      },
      { changes: irreversible },
    );
    const context = runOf(work);
    await handler.handle(work, context.context);
    expect(run.at).toEqual(['commit ToolCallBegan']);
  });

  it('never sends an irreversible call again: a later run ends it as unknown', async () => {
    const { handler, work } = workerWith(never, { changes: irreversible });
    const run = runOf(work, 2);
    await handler.handle(work, run.context);
    expect(run.shown()).toEqual(['end ToolCallEnded']);
    expect(run.end()).toMatchObject({ outcome: 'unknown', code: 'TOOL_OUTCOME_UNKNOWN' });
  });

  it.each([
    ['done', 'succeeded', true],
    ['none', 'failed', true],
    ['unknown', 'unknown', false],
  ] as const)('looks up an unknown outcome: %s is %s', async (found, outcome, verified) => {
    const verify = async () => found;
    for (const attempt of [1, 2]) {
      const { handler, work } = workerWith(fails('unknown'), { changes: irreversible, verify });
      const run = runOf(work, attempt);
      await handler.handle(work, run.context);
      expect(run.end()).toMatchObject({ outcome, verified });
    }
  });

  it('leaves an outcome unknown when the look-up fails', async () => {
    const { handler, work } = workerWith(fails('unknown'), { changes: irreversible, verify: fails('none') });
    const run = runOf(work);
    await handler.handle(work, run.context);
    expect(run.end()).toMatchObject({ outcome: 'unknown', verified: false });
  });

  it.each([
    ['read', 'unknown', 'failed', '0.000000000'],
    ['write', 'unknown', 'unknown', '0.500000000'],
    ['write', 'none', 'failed', '0.000000000'],
    ['irreversible', 'none', 'failed', '0.000000000'],
    ['irreversible', 'done', 'succeeded', '0.500000000'],
  ] as const)('ends a %s whose effect is %s as %s, for %s', async (effect, known, outcome, cost) => {
    const { handler, work } = workerWith(fails(known), { changes: { effect, limits: { cost: '0.5' } } });
    const run = runOf(work);
    await handler.handle(work, run.context);
    expect(run.end()).toMatchObject({ outcome, cost, code: 'TOOL_UNAVAILABLE' });
  });

  it('does not say that a write failed when an earlier run of it may have taken effect', async () => {
    const errors = [
      new ToolError('TOOL_UNAVAILABLE', 'no answer', { effect: 'unknown', canRetry: true }),
      new ToolError('TOOL_REFUSED', 'no', { effect: 'none' }),
    ];
    const refuses = async () => Promise.reject(errors.shift());
    const { handler, work } = workerWith(refuses, { changes: { effect: 'write' } });
    await expect(handler.handle(work, runOf(work).context)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    const again = runOf(work, 2);
    await handler.handle(work, again.context);
    expect(again.end()).toMatchObject({ outcome: 'unknown', code: 'TOOL_REFUSED' });
    const inherited = workerWith(fails('none'), { changes: { effect: 'write' } });
    const run = runOf(inherited.work);
    await inherited.handler.handle(inherited.work, { ...run.context, inherited: true });
    expect(run.end()).toMatchObject({ outcome: 'unknown' });
  });

  it.each(['read', 'write'])('lets a %s be tried again where that may help', async (effect) => {
    const { handler, work } = workerWith(fails('unknown', true), { changes: { effect } });
    const run = runOf(work);
    await expect(handler.handle(work, run.context)).rejects.toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect(run.shown()).toEqual(['emit ToolCallBegan']);
    await handler.abandon(work, run.context, new ToolError('TOOL_TIMEOUT', 'late', { effect: 'unknown' }));
    expect(run.end()).toMatchObject({ outcome: effect === 'read' ? 'failed' : 'unknown', code: 'TOOL_TIMEOUT' });
  });

  it('leaves the end of an irreversible call to the next owner when its partition is lost', async () => {
    const { handler, work } = workerWith(
      async () => {
        run.abort.abort(new Error('the partition was lost'));
        throw new ToolError('TOOL_UNAVAILABLE', 'stopped', { effect: 'unknown' });
      },
      { changes: irreversible },
    );
    const run = runOf(work);
    await expect(handler.handle(work, run.context)).rejects.toThrow('stopped');
    expect(run.shown()).toEqual(['commit ToolCallBegan']);
  });

  it.each([
    ['is too large', 'x'.repeat(300), 'TOOL_OUTPUT_TOO_LARGE'],
    ['does not fit its schema', { celsius: 'warm' }, 'TOOL_OUTPUT_INVALID'],
  ])('drops an output that %s; a write has taken effect all the same', async (_, output, code) => {
    for (const [effect, outcome] of [
      ['read', 'failed'],
      ['write', 'succeeded'],
    ]) {
      const { handler, work } = workerWith(async () => ({ output }), {
        changes: { effect, limits: { max_response_bytes: 256 } },
      });
      const run = runOf(work);
      await handler.handle(work, run.context);
      expect(run.end()).toMatchObject({ outcome, code, output: null });
    }
  });

  describe('with an output that a record cannot have', () => {
    const changes = { output_schema: { type: 'object' }, limits: { max_response_bytes: 1_000_000 } };
    const large = { text: `${'knots é '.repeat(10_000)}end` };
    const json = JSON.stringify(large);
    const answersLarge = async () => ({ output: large, labels: ['public'] });

    it('keeps it by its name before the end, with what the rules found in it and its beginning', async () => {
      const kept: unknown[] = [];
      const labelling = inForce([
        { id: 'end', pattern: 'end$', code: 'MODERATION_END', severity: 'caution', applies_to: ['tool'] },
      ]);
      const { handler, work } = workerWith(answersLarge, {
        ...{ changes, constitution: labelling },
        keep: async (...given) => {
          kept.push(given, run.shown());
          return nameOf(json);
        },
      });
      const run = runOf(work);
      await handler.handle(work, run.context);
      expect(kept).toEqual([['acme', json], ['emit ToolCallBegan']]);
      const end = run.end() as ToolCallEnded;
      expect(end).toMatchObject({
        ...{ outcome: 'succeeded', code: null, output: nameOf(json), labels: ['public'] },
        check: { constitutionVersion: '1', constitutionDigest: 'd1', findings: [{ rule: 'end', outcome: 'caution' }] },
      });
      expect(json.startsWith(end.preview ?? 'none')).toBe(true);
      expect(Buffer.byteLength(end.preview ?? '')).toBeGreaterThan(TOOL_PREVIEW_BYTES_MAX - 4);
      expect(Buffer.byteLength(end.preview ?? '')).toBeLessThanOrEqual(TOOL_PREVIEW_BYTES_MAX);
    });

    it('keeps nothing that a rule forbids anywhere in it, and nothing that it cannot check', async () => {
      const keep = () => Promise.reject(new Error('it was kept'));
      const forbids = inForce([
        { id: 'end', pattern: 'end$', code: 'MODERATION_END', severity: 'forbid', applies_to: ['tool'] },
      ]);
      const refused = workerWith(answersLarge, { changes, keep, constitution: forbids });
      const run = runOf(refused.work);
      await refused.handler.handle(refused.work, run.context);
      expect(run.end()).toMatchObject({
        ...{ outcome: 'succeeded', output: null, preview: null },
        check: { findings: [{ rule: 'end', outcome: 'forbid', place: 'tool' }] },
      });
      const value = { inForce: { status: 'unverified', code: 'SIGNATURE_INVALID', detail: '' } } as const;
      const unchecked = workerWith(answersLarge, { changes, keep, constitution: { ready: Promise.resolve(), value } });
      const other = runOf(unchecked.work);
      await unchecked.handler.handle(unchecked.work, other.context);
      expect(other.end()).toMatchObject({ code: 'OUTPUT_UNCHECKED', output: null, preview: null, check: null });
    });

    it.each([
      ['read', 'failed'],
      ['write', 'succeeded'],
      ['irreversible', 'succeeded'],
    ])('that cannot be kept: a %s has %s, and an irreversible one is not sent again', async (effect, outcome) => {
      const keep = () => Promise.reject(new Error('the log is away'));
      const { handler, work } = workerWith(answersLarge, { changes: { ...changes, effect }, keep });
      const run = runOf(work);
      const handled = handler.handle(work, run.context);
      if (effect === 'irreversible') await handled;
      else {
        const error = await handled.then(
          () => expect.unreachable('it ended'),
          (thrown: unknown) => thrown,
        );
        await handler.abandon(work, run.context, error);
      }
      expect(run.end()).toMatchObject({ outcome, code: 'TOOL_OUTPUT_NOT_KEPT', output: null });
    });
  });

  it('begins nothing under a kill switch of the tool, or of its manifest', async () => {
    const { digest } = prepareManifest(weatherManifest({ host: 'api.weather.example' }));
    for (const scope of ['tool:weather', `tool:sha256.${digest}`]) {
      const { handler, work } = workerWith(never, { scopes: [scope] });
      const run = runOf(work);
      await handler.handle(work, run.context);
      expect(run.end()).toMatchObject({ outcome: 'failed', code: 'KILL_SWITCH' });
    }
  });

  it('sends nothing beyond the calls of a minute, or where they cannot be counted', async () => {
    const limits = { calls_per_minute: 3 };
    const asked: unknown[] = [];
    const full = async (...given: readonly unknown[]) => {
      asked.push(given);
      return 30_000;
    };
    const { handler, work } = workerWith(never, { changes: { limits }, rate: { ...unlimited, take: full } });
    const run = runOf(work);
    await handler.handle(work, run.context);
    const rate = { perMinute: 3, waitMs: 30_000 };
    expect(run.end()).toMatchObject({ outcome: 'failed', code: 'TOOL_RATE_LIMITED', rate });
    expect(asked).toEqual([['acme/weather', 3]]);
    const away = { ...unlimited, take: () => Promise.reject(new Error('away')) };
    const once = workerWith(never, { changes: { ...irreversible, limits }, rate: away });
    const ended = runOf(once.work);
    await once.handler.handle(once.work, ended.context);
    expect(ended.end()).toMatchObject({ outcome: 'failed', code: 'TOOL_RATE_UNKNOWN', rate: null });
    const again = workerWith(never, { changes: { limits }, rate: away });
    await expect(again.handler.handle(again.work, runOf(again.work).context)).rejects.toMatchObject({
      code: 'TOOL_RATE_UNKNOWN',
    });
  });

  it('runs nothing without a trusted manifest, its digest, an adapter, or arguments', async () => {
    const { handler, work } = workerWith(never);
    const other = workerWith(never, { changes: { adapter: 'mcp' } }).work.data;
    const cases = [
      [{ digest: 'another' }, 'TOOL_INVALID'],
      [{ envelope: '{}', digest: 'unsigned' }, 'ENVELOPE_INVALID'],
      [{ envelope: other.envelope, digest: other.digest }, 'TOOL_ADAPTER_UNAVAILABLE'],
      [{ arguments: '[]' }, 'TOOL_ARGUMENTS_INVALID'],
      [{ arguments: 'no JSON' }, 'TOOL_ARGUMENTS_INVALID'],
    ] as const;
    for (const [changes, code] of cases) {
      const changed = runToolCall({ ...work.data, ...changes });
      const run = runOf(changed);
      await handler.handle(changed, run.context);
      expect([run.shown(), run.end()]).toMatchObject([['end ToolCallEnded'], { outcome: 'failed', code }]);
    }
  });

  it('ends a call that cannot be begun again as unknown when it is abandoned', async () => {
    const { handler, work } = workerWith(never);
    const broken = runToolCall({ ...work.data, envelope: '{}', digest: 'unsigned' });
    for (const [attempt, outcome] of [
      [1, 'failed'],
      [2, 'unknown'],
    ] as const) {
      const run = runOf(broken, attempt);
      await handler.abandon(broken, run.context, new Error('gone'));
      expect(run.end()).toMatchObject({ outcome, code: 'ENVELOPE_INVALID' });
    }
  });
});
