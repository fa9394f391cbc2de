import { describe, expect, it } from 'vitest';
import * as make from '../../schemas/generated/records.ts';
import { allowed } from '../../streams/testing.ts';
import { AT, rowsOf } from '../testing/apply.ts';
import { capsuleAttestationsTable, capsuleInstallsTable, capsules } from './projection.ts';

const capsuleId = 'acme/greeter@1.0.0';
const price = { amount: '1.500000000', currency: 'EUR', meter: 'run' };
const manifest = JSON.stringify({
  name: 'greeter',
  description: 'Greets a Person',
  license: 'MIT',
  keywords: ['hello'],
});
const submitted = make.capsuleSubmitted({
  ...{ capsuleId, tenantId: 'acme', digest: 'd1', manifest, envelope: '{}', attestations: ['{"a":1}'], asks: ['x:*'] },
  ...{ price, checks: [], required: 1, principal: 'key-1', decisionId: 'd' },
});
const of = { capsuleId, tenantId: 'acme', digest: 'd1', principal: 'key-1' };
const reviewed = make.capsuleReviewed({
  ...{ capsuleId, digest: 'd1', outcome: 'approve', note: '', approvals: 1, required: 1, status: 'listed' },
  ...{ principal: 'key-2', decisionId: 'd' },
});
const listed = make.capsuleListed({ ...of, manifest, price });
const yanked = make.capsuleYanked({ ...of, reason: 'old', decisionId: 'd' });
const revoked = make.capsuleRevoked({ ...of, reason: 'it leaks', decisionId: 'd' });
const refusal = { principal: 'key-1', code: 'C', detail: 'no', decision: allowed, shortfall: null };

describe('a capsule', () => {
  it('has a row of all tenants, with its words for the search', () => {
    expect(rowsOf(capsules, [submitted])).toMatchObject([
      {
        ...{ tenant_id: '*', capsule_id: capsuleId, publisher: 'acme', status: 'submitted', digest: 'd1' },
        ...{ words: ['greeter', 'greets', 'person', 'mit', 'hello'], amount: '1.500000000', created_at: AT },
      },
    ]);
  });

  it('has the state of its latest event; a refusal changes none', () => {
    const statusAfter = (...records: readonly make.AnyRecord[]) =>
      rowsOf(capsules, [submitted, ...records, make.capsuleRefused({ ...refusal, capsuleId })])[0]?.['status'];
    expect(statusAfter(reviewed)).toBe('listed');
    expect(statusAfter(reviewed, listed)).toBe('listed');
    expect(statusAfter(reviewed, listed, yanked)).toBe('yanked');
    expect(statusAfter(reviewed, listed, yanked, revoked)).toBe('revoked');
  });

  it('has a row for each statement, once', () => {
    const attested = (bundle: string) =>
      make.capsuleAttested({
        capsuleId,
        digest: 'd1',
        predicateType: 'p',
        bundle,
        principal: 'key-2',
        decisionId: 'd',
      });
    const records = [submitted, attested('{"b":2}'), attested('{"b":2}'), attested('{"a":1}')];
    expect(rowsOf(capsules, records, capsuleAttestationsTable.name)).toMatchObject([
      { capsule_id: capsuleId, bundle: '{"a":1}', predicate_type: null, principal: 'key-1' },
      { capsule_id: capsuleId, bundle: '{"b":2}', predicate_type: 'p', principal: 'key-2' },
    ]);
  });

  it('has no words where its manifest is not JSON', () => {
    const odd = make.capsuleSubmitted({ ...submitted.data, manifest: 'knots' });
    expect(rowsOf(capsules, [odd])).toMatchObject([{ words: [] }]);
  });
});

describe('an install', () => {
  const pin = { capsuleId, digest: 'd1', publisher: 'acme', granted: ['x:y'], asks: ['x:*'], price };
  const made = { installId: 'umbra/greeter', tenantId: 'umbra', principal: 'key-3', decisionId: 'd' };
  const installed = make.capsuleInstalled({ ...made, pin });
  const next = { ...pin, digest: 'd2', granted: ['x:z'] };
  const rowAfter = (...records: readonly make.AnyRecord[]) =>
    rowsOf(capsules, [installed, ...records], capsuleInstallsTable.name);

  it('has what it runs now, and is a row of its tenant', () => {
    expect(rowAfter()).toMatchObject([
      { tenant_id: 'umbra', install: 'greeter', status: 'installed', digest: 'd1', granted: ['x:y'], meter: 'run' },
    ]);
    const upgraded = make.capsuleUpgraded({ ...made, pin: next, fromDigest: 'd1', checkId: 'c1' });
    expect(rowAfter(upgraded)).toMatchObject([{ digest: 'd2', granted: ['x:z'], status: 'installed' }]);
    const back = make.capsuleRolledBack({ ...made, pin, fromDigest: 'd2' });
    expect(rowAfter(upgraded, back)).toMatchObject([{ digest: 'd1', granted: ['x:y'] }]);
    const removed = make.capsuleUninstalled({ ...made, digest: 'd1' });
    const refused = make.capsuleInstallRefused({ ...refusal, installId: made.installId });
    expect(rowAfter(removed, refused)).toMatchObject([{ status: 'uninstalled', digest: 'd1' }]);
  });
});
