import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CapsuleFacts } from '../../schemas/contexts/capsules.ts';
import {
  attestCapsule,
  reviewCapsule,
  revokeCapsule,
  submitCapsule,
  tool,
  yankCapsule,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { metaFor, scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { capsules } from './capsules.ts';
import { capsuleEnvelopeOf, testCapsuleReader } from './testing.ts';

const START_MS = Date.UTC(2026, 0, 1);
const processor = capsules({ read: testCapsuleReader, reviewsRequired: 2 });
const { given, when } = scenarios(processor, { startMs: START_MS });
const open = scenarios(capsules({ read: testCapsuleReader, reviewsRequired: 0 }), { startMs: START_MS });

const asker = { principal: 'key-1', capabilities: ['capsules:*'], credential: null, labels: [] };
const capsuleId = 'demo/greeter@1.0.0';
const { tenantId } = metaFor(yankCapsule({ ...asker, capsuleId, reason: '' }));
const submitting = (changes: Partial<CapsuleFacts> = {}, more = {}) => {
  const { version = '1.0.0' } = changes;
  const envelope = capsuleEnvelopeOf({ publisher: tenantId, ...changes });
  const named = { capsuleId: `${tenantId}/greeter@${version}`, digest: `d${version}`, attestations: [] };
  return submitCapsule({ ...asker, ...named, envelope, ...more });
};
const reviewing = (principal: string, outcome = 'approve', digest = 'd1.0.0') =>
  reviewCapsule({ ...asker, principal, capsuleId, digest, outcome, note: '' });
const revoking = revokeCapsule({ ...asker, capsuleId, reason: 'it leaks' });
const yanking = yankCapsule({ ...asker, capsuleId, reason: 'old' });
const eventsOf = (command: Parameters<typeof decisionOn>[0]) => when(decisionOn(command)).records;
const submitted = () => eventsOf(submitting()).slice(0, 1) as never[];
const published = (...commands: readonly Parameters<typeof decisionOn>[0][]) => {
  const events: never[] = [...submitted()];
  for (const command of commands)
    for (const each of given(...events).when(decisionOn(command)).records)
      if (each.type !== 'Capsule' && each.type !== 'EngageKillSwitch') events.push(each as never);
  return events;
};
const refusal = (code: string) => [{ type: 'CapsuleRefused', data: { code } }];

describe('a capsule', () => {
  it('waits for its reviews, and is there for readers that hold all of them', () => {
    expect(eventsOf(submitting())).toMatchObject([
      { type: 'CapsuleSubmitted', data: { capsuleId, digest: 'd1.0.0', required: 2, asks: ['slm:invoke:default'] } },
      { type: 'Capsule', data: { capsuleId, status: 'submitted', reviews: [] } },
    ]);
  });

  it('is listed at once where no review is needed', () => {
    expect(open.when(decisionOn(submitting())).records).toMatchObject([
      { type: 'CapsuleSubmitted' },
      { type: 'CapsuleListed', data: { capsuleId, digest: 'd1.0.0', principal: 'key-1' } },
      { type: 'Capsule', data: { status: 'listed' } },
    ]);
  });

  it('is listed by the last approval, of two principals other than the publisher', () => {
    const first = given(...submitted()).when(decisionOn(reviewing('ana'))).records;
    expect(first).toMatchObject([
      { type: 'CapsuleReviewed', data: { approvals: 1, status: 'submitted' } },
      { type: 'Capsule' },
    ]);
    const second = given(...published(reviewing('ana'))).when(decisionOn(reviewing('ben'))).records;
    expect(second).toMatchObject([
      { type: 'CapsuleReviewed', data: { approvals: 2, status: 'listed' } },
      { type: 'CapsuleListed', data: { principal: 'key-1' } },
      { type: 'Capsule', data: { status: 'listed', reviews: [{ principal: 'ana' }, { principal: 'ben' }] } },
    ]);
  });

  it('ends with a rejection', () => {
    const rejected = published(reviewing('ana', 'reject'));
    expect(given(...rejected).when(decisionOn(reviewing('ben'))).records).toMatchObject(
      refusal('CAPSULE_STATE_INVALID'),
    );
  });

  it.each([
    ['the publisher', reviewing('key-1'), 'CAPSULE_REVIEW_OWN'],
    ['another digest', reviewing('ana', 'approve', 'other'), 'CAPSULE_DIGEST_MISMATCH'],
    ['another outcome', reviewing('ana', 'perhaps'), 'CAPSULE_STATE_INVALID'],
  ])('takes no review of %s', (_, command, code) => {
    expect(given(...submitted()).when(decisionOn(command)).records).toMatchObject(refusal(code));
  });

  it('takes one review of a principal', () => {
    expect(given(...published(reviewing('ana'))).when(decisionOn(reviewing('ana'))).records).toMatchObject(
      refusal('CAPSULE_REVIEW_REPEATED'),
    );
  });

  it.each([
    ['the decision', submitting(), 'POLICY_DENIED', true],
    ['no signature', submitCapsule({ ...submitting().data, envelope: 'no' }), 'SIGNATURE_INVALID', false],
    ['another digest', submitCapsule({ ...submitting().data, digest: 'other' }), 'CAPSULE_DIGEST_MISMATCH', false],
    ['another publisher', submitting({ publisher: 'other' }), 'CAPSULE_INVALID', false],
    ['another name', submitting({ name: 'other' }), 'CAPSULE_INVALID', false],
    ['a statement', submitting({}, { attestations: ['no'] }), 'CAPSULE_STATEMENT_INVALID', false],
    ['too many statements', submitting({}, { attestations: Array(9).fill('{}') }), 'CAPSULE_STATEMENT_INVALID', false],
    ['a missing tool', submitting({ tools: [{ name: 'weather', digest: null }] }), 'CAPSULE_TOOL_MISSING', false],
  ] as const)('is refused for %s, and keeps no state', (_, command, code, isDenied) => {
    const outcome = when(isDenied ? decisionOn(command, denied) : decisionOn(command));
    expect(outcome.records).toMatchObject(refusal(code));
    expect(outcome.state).toBeUndefined();
  });

  it('needs its tools under the manifests that it names', () => {
    const weather = tool({
      ...{ toolId: `${tenantId}/weather`, tenantId, status: 'active', version: 1, digest: 't1', manifest: '{}' },
      ...{ envelope: '{}', changedAt: 0, place: null },
    });
    const driver = createDriver({ processors: [processor] });
    driver.append(weather);
    const using = (digest: string, version: string) => submitting({ version, tools: [{ name: 'weather', digest }] });
    for (const command of [using('t1', '1.0.0'), using('t2', '2.0.0')]) driver.append(decisionOn(command));
    driver.run();
    // Two capsules, which may be in two partitions.
    const events = driver.records('capsules.events').map(({ record }) => record);
    expect(events.sort((one, other) => (one.type < other.type ? 1 : -1))).toMatchObject([
      { type: 'CapsuleSubmitted', data: { capsuleId } },
      { type: 'CapsuleRefused', data: { code: 'CAPSULE_TOOL_MISSING' } },
    ]);
  });

  it('never changes: a version is submitted once', () => {
    expect(given(...submitted()).when(decisionOn(submitting())).records).toMatchObject(refusal('ALREADY_EXISTS'));
  });

  it('is yanked while it is listed', () => {
    const listed = published(reviewing('ana'), reviewing('ben'));
    expect(given(...listed).when(decisionOn(yanking)).records).toMatchObject([
      { type: 'CapsuleYanked', data: { reason: 'old' } },
      { type: 'Capsule', data: { status: 'yanked' } },
    ]);
    expect(given(...submitted()).when(decisionOn(yanking)).records).toMatchObject(refusal('CAPSULE_STATE_INVALID'));
  });

  it('is revoked in any state, with the kill switch of its digest, once', () => {
    expect(given(...submitted()).when(decisionOn(revoking)).records).toMatchObject([
      { type: 'CapsuleRevoked', data: { digest: 'd1.0.0', reason: 'it leaks' } },
      {
        type: 'EngageKillSwitch',
        data: { scope: 'capsule:sha256.d1.0.0', mode: 'stop', capabilities: ['kill-switch:set:capsule:sha256.d1.0.0'] },
      },
      { type: 'Capsule', data: { status: 'revoked' } },
    ]);
    expect(given(...published(revoking)).when(decisionOn(revoking)).records).toMatchObject(
      refusal('CAPSULE_STATE_INVALID'),
    );
  });

  it('has statements of its digest, at most eight', () => {
    const attesting = (digest: string, bundle: string) => attestCapsule({ ...asker, capsuleId, digest, bundle });
    const of = (command: Parameters<typeof decisionOn>[0], before: readonly never[] = submitted()) =>
      given(...before).when(decisionOn(command)).records;
    expect(of(attesting('d1.0.0', '{}'))).toMatchObject([{ type: 'CapsuleAttested' }, { type: 'Capsule' }]);
    expect(of(attesting('other', '{}'))).toMatchObject(refusal('CAPSULE_DIGEST_MISMATCH'));
    expect(of(attesting('d1.0.0', 'no'))).toMatchObject(refusal('CAPSULE_STATEMENT_INVALID'));
    const full = published(...Array.from({ length: 8 }, () => attesting('d1.0.0', '{}')));
    expect(of(attesting('d1.0.0', '{}'), full)).toMatchObject(refusal('CAPSULE_STATEMENT_INVALID'));
  });

  it('does not exist where it was never submitted', () => {
    for (const command of [reviewing('ana'), yanking, revoking])
      expect(eventsOf(command)).toMatchObject(refusal('CAPSULE_UNKNOWN'));
  });

  it('is listed only after enough approvals, in any order of commands, and never runs on after it was revoked', () => {
    const command = fc.constantFrom(
      ...['ana', 'ben', 'key-1'].map((principal) => reviewing(principal)),
      ...[reviewing('cho', 'reject'), yanking, revoking, submitting()],
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        const driver = createDriver({ processors: [processor] });
        for (const each of commands) driver.append(decisionOn(each));
        driver.run();
        const types = driver.records('capsules.events').map(({ record }) => record);
        const listedAt = types.findIndex(({ type }) => type === 'CapsuleListed');
        const approvals = types
          .slice(0, listedAt)
          .filter(({ type, data }) => type === 'CapsuleReviewed' && 'outcome' in data && data.outcome === 'approve');
        if (listedAt >= 0) expect(approvals.length).toBe(2);
        const revokedAt = types.findIndex(({ type }) => type === 'CapsuleRevoked');
        if (revokedAt >= 0) {
          expect(types.slice(revokedAt + 1).every(({ type }) => type === 'CapsuleRefused')).toBe(true);
          expect(driver.records('kill-switch.commands')).toHaveLength(1);
        }
      }),
    );
  });
});
