import { describe, expect, it } from 'vitest';
import {
  type AnyRecord,
  type Capsule,
  capsule,
  installCapsule,
  keepUpgradeCheck,
  rollbackCapsule,
  type UpgradeCheck,
  uninstallCapsule,
  upgradeCapsule,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { metaFor } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { capsuleInstalls } from './capsule-installs.ts';

const asker = { principal: 'key-1', capabilities: ['capsules:*'], credential: null, labels: [] };
const { tenantId } = metaFor(rollbackCapsule({ ...asker, installId: 'x' }));
const installId = `${tenantId}/greeter`;
const price = { amount: '1.500000000', currency: 'EUR', meter: 'install' };
const aCapsule = (version: string, changes: Partial<Capsule> = {}) =>
  capsule({
    ...{ capsuleId: `acme/greeter@${version}`, tenantId: 'acme', status: 'listed', digest: `d${version}` },
    ...{ manifest: '{}', asks: ['slm:invoke:*', 'tool:execute:mail'], price, required: 0, reviews: [] },
    ...{ principal: 'key-9', changedAt: 0, place: null, ...changes },
  });
const shelf = [
  aCapsule('1.0.0'),
  aCapsule('1.1.0'),
  aCapsule('2.0.0', { asks: ['slm:invoke:*', 'tool:execute:mail', 'tool:execute:bank'] }),
  aCapsule('3.0.0', { status: 'submitted' }),
  aCapsule('4.0.0', { status: 'yanked' }),
  aCapsule('5.0.0', { status: 'revoked' }),
  aCapsule('1.0.0', { capsuleId: 'acme/other@1.0.0', digest: 'dother' }),
];
const granted = ['slm:invoke:default'];
const of = (version: string) => ({ capsuleId: `acme/greeter@${version}`, digest: `d${version}` });
const installing = (version = '1.0.0', changes: object = {}) =>
  installCapsule({ ...asker, installId, ...of(version), granted, ...changes });
const upgrading = (version: string, grant: readonly string[] | null = null, changes: object = {}) =>
  upgradeCapsule({ ...asker, installId, ...of(version), granted: grant, checkId: `check-${version}`, ...changes });
/** The result of a check of an upgrade between two versions. */
const checkOf = (from: string, to: string, changes: Partial<UpgradeCheck> = {}) =>
  keepUpgradeCheck({
    ...{ installId, place: null },
    check: {
      ...{ checkId: `check-${to}`, fromDigest: `d${from}`, ...of(to), granted, verdict: 'pass', detail: 'No worse.' },
      ...{ moreCases: null, cases: 29, passed: 28, pastRuns: 7, pastChanged: 1 },
      ...{ report: { digest: 'f'.repeat(64), bytes: 2, pieces: 1 }, ...changes },
    },
  });
const rollingBack = rollbackCapsule({ ...asker, installId });
const removing = uninstallCapsule({ ...asker, installId });

type Given = Parameters<typeof decisionOn>[0] | ReturnType<typeof keepUpgradeCheck>;
const recordOf = (given: Given): AnyRecord => (given.type === 'KeepUpgradeCheck' ? given : decisionOn(given));

/** Returns the events of commands and results of checks, in their order, after all capsules of the shelf. */
function eventsOf(...given: readonly Given[]): readonly AnyRecord[] {
  const driver = createDriver({ processors: [capsuleInstalls] });
  for (const each of shelf) driver.append(each);
  driver.run();
  for (const each of given) {
    driver.append(recordOf(each));
    driver.run();
  }
  return driver.records('capsules.installs').map(({ record }) => record);
}
const lastOf = (...given: readonly Given[]) => eventsOf(...given).at(-1);
const refusal = (code: string) => ({ type: 'CapsuleInstallRefused', data: { code } });

describe('an install', () => {
  it('pins the digest, the grant, the price and the publisher', () => {
    expect(lastOf(installing())).toMatchObject({
      type: 'CapsuleInstalled',
      data: {
        ...{ installId, tenantId, principal: 'key-1' },
        pin: { ...of('1.0.0'), publisher: 'acme', granted, price, asks: ['slm:invoke:*', 'tool:execute:mail'] },
      },
    });
  });

  it.each([
    ['a capsule that is not listed', installing('3.0.0'), 'CAPSULE_UNKNOWN'],
    ['a capsule that does not exist', installing('9.0.0'), 'CAPSULE_UNKNOWN'],
    ['a yanked capsule', installing('4.0.0'), 'CAPSULE_STATE_INVALID'],
    ['a revoked capsule', installing('5.0.0'), 'CAPSULE_REVOKED'],
    ['another digest', installing('1.0.0', { digest: 'other' }), 'CAPSULE_DIGEST_MISMATCH'],
    ['a grant beyond what it asks for', installing('1.0.0', { granted: ['tool:execute:*'] }), 'CAPSULE_GRANT_INVALID'],
    ['a name of another tenant', installing('1.0.0', { installId: 'acme/greeter' }), 'CAPSULE_INSTALL_UNKNOWN'],
    ['a name that is none', installing('1.0.0', { installId: `${tenantId}/No name` }), 'CAPSULE_INSTALL_UNKNOWN'],
  ])('is refused for %s', (_, command, code) => {
    expect(eventsOf(command)).toMatchObject([refusal(code)]);
  });

  it('is refused with the code of the decision', () => {
    const driver = createDriver({ processors: [capsuleInstalls] });
    driver.append(decisionOn(installing(), denied));
    driver.run();
    expect(driver.records('capsules.installs')[0]?.record).toMatchObject(refusal('POLICY_DENIED'));
    expect(driver.records('capsules.installed')).toEqual([]);
  });

  it('is made once, and again after it was removed', () => {
    expect(lastOf(installing(), installing())).toMatchObject(refusal('ALREADY_EXISTS'));
    expect(eventsOf(installing(), removing, removing, installing())).toMatchObject([
      { type: 'CapsuleInstalled' },
      { type: 'CapsuleUninstalled', data: { digest: 'd1.0.0' } },
      refusal('CAPSULE_INSTALL_UNKNOWN'),
      { type: 'CapsuleInstalled' },
    ]);
  });

  it('is upgraded with its grant to a version that asks for no more', () => {
    expect(lastOf(installing(), checkOf('1.0.0', '1.1.0'), upgrading('1.1.0'))).toMatchObject({
      type: 'CapsuleUpgraded',
      data: { fromDigest: 'd1.0.0', checkId: 'check-1.1.0', pin: { ...of('1.1.0'), granted } },
    });
  });

  it('keeps the latest check of an upgrade from what it runs, once', () => {
    const check = checkOf('1.0.0', '1.1.0');
    expect(eventsOf(check)).toEqual([]);
    expect(eventsOf(installing(), check, check, checkOf('1.1.0', '1.0.0'), checkOf('1.0.0', '2.0.0'))).toMatchObject([
      { type: 'CapsuleInstalled' },
      { type: 'CapsuleUpgradeChecked', data: { installId, tenantId, check: check.data.check } },
      { type: 'CapsuleUpgradeChecked', data: { check: { digest: 'd2.0.0' } } },
    ]);
    const driver = createDriver({ processors: [capsuleInstalls] });
    for (const each of shelf) driver.append(each);
    driver.append(decisionOn(installing()));
    driver.run();
    driver.append(check);
    driver.run();
    expect(driver.records('capsules.installed').map(({ record }) => record)).toMatchObject([
      { data: { check: null } },
      { data: { check: { checkId: 'check-1.1.0', verdict: 'pass' }, pin: of('1.0.0') } },
    ]);
  });

  it.each([
    ['names no check', [checkOf('1.0.0', '1.1.0')], { checkId: null }],
    ['has no check', [], {}],
    ['names an earlier check', [checkOf('1.0.0', '1.1.0'), checkOf('1.0.0', '1.1.0', { checkId: 'later' })], {}],
    ['names a check of another version', [checkOf('1.0.0', '2.0.0', { checkId: 'check-1.1.0' })], {}],
    ['names a check of another grant', [checkOf('1.0.0', '1.1.0', { granted: [] })], {}],
  ] as const)('is not upgraded by a command that %s', (_, checks, changes) => {
    expect(lastOf(installing(), ...checks, upgrading('1.1.0', null, changes))).toMatchObject(
      refusal('CAPSULE_CHECK_REQUIRED'),
    );
  });

  it.each([
    ['pass', 'CapsuleUpgraded'],
    ['improve', 'CapsuleUpgraded'],
    ['regress', 'CapsuleInstallRefused'],
    ['inconclusive', 'CapsuleInstallRefused'],
    ['a later verdict', 'CapsuleInstallRefused'],
  ])('with the verdict %s of its regression: %s', (verdict, type) => {
    const last = lastOf(installing(), checkOf('1.0.0', '1.1.0', { verdict }), upgrading('1.1.0'));
    expect(last?.type).toBe(type);
    if (type === 'CapsuleInstallRefused')
      expect(last?.data).toMatchObject({
        code: 'CAPSULE_REGRESSION_FAILED',
        detail: `The regression is ${verdict}, 28 of 29 cases passed: No worse.`,
      });
  });

  it('takes a check for one upgrade: it ends with the version that it is of', () => {
    const once = [installing(), checkOf('1.0.0', '1.1.0'), upgrading('1.1.0')] as const;
    expect(lastOf(...once, rollingBack, upgrading('1.1.0'))).toMatchObject(refusal('CAPSULE_CHECK_REQUIRED'));
    expect(lastOf(installing(), checkOf('1.0.0', '1.1.0'), removing, installing(), upgrading('1.1.0'))).toMatchObject(
      refusal('CAPSULE_CHECK_REQUIRED'),
    );
  });

  it('needs a new grant for a version that asks for more', () => {
    expect(lastOf(installing(), upgrading('2.0.0'))).toMatchObject(refusal('CAPSULE_GRANT_REQUIRED'));
    const more = [...granted, 'tool:execute:bank'];
    const check = checkOf('1.0.0', '2.0.0', { granted: [...more].reverse() });
    expect(lastOf(installing(), check, upgrading('2.0.0', more))).toMatchObject({ data: { pin: { granted: more } } });
    expect(lastOf(installing(), upgrading('2.0.0', ['x:y']))).toMatchObject(refusal('CAPSULE_GRANT_INVALID'));
  });

  it('is upgraded to another version of the same capsule alone', () => {
    const other = upgrading('1.0.0', null, { capsuleId: 'acme/other@1.0.0', digest: 'dother' });
    expect(lastOf(installing(), other)).toMatchObject(refusal('CAPSULE_STATE_INVALID'));
    expect(lastOf(installing(), upgrading('1.0.0'))).toMatchObject(refusal('CAPSULE_STATE_INVALID'));
    expect(lastOf(upgrading('1.1.0'))).toMatchObject(refusal('CAPSULE_INSTALL_UNKNOWN'));
  });

  it('returns to what it ran before, with the grant of that time, and no further', () => {
    const two = upgrading('2.0.0', ['tool:execute:bank']);
    const check = checkOf('1.0.0', '2.0.0', { granted: ['tool:execute:bank'] });
    expect(eventsOf(installing(), check, two, rollingBack, rollingBack)).toMatchObject([
      ...[{ type: 'CapsuleInstalled' }, { type: 'CapsuleUpgradeChecked' }, { type: 'CapsuleUpgraded' }],
      { type: 'CapsuleRolledBack', data: { fromDigest: 'd2.0.0', pin: { ...of('1.0.0'), granted } } },
      refusal('CAPSULE_STATE_INVALID'),
    ]);
  });

  it('does not return to a revoked capsule', () => {
    const driver = createDriver({ processors: [capsuleInstalls] });
    for (const each of shelf) driver.append(each);
    for (const each of [installing(), checkOf('1.0.0', '1.1.0'), upgrading('1.1.0')]) {
      driver.append(recordOf(each));
      driver.run();
    }
    driver.append(aCapsule('1.0.0', { status: 'revoked' }));
    driver.run();
    driver.append(decisionOn(rollingBack));
    driver.run();
    expect(driver.records('capsules.installs').at(-1)?.record).toMatchObject(refusal('CAPSULE_REVOKED'));
  });

  it('forgets what is ten versions back', () => {
    const versions = Array.from({ length: 12 }, (_, nth) => (nth % 2 === 0 ? '1.1.0' : '1.0.0'));
    const commands = [
      installing(),
      ...versions.flatMap((version, nth) => {
        const checkId = `check ${nth}`;
        const other = version === '1.1.0' ? '1.0.0' : '1.1.0';
        return [checkOf(other, version, { checkId }), upgrading(version, null, { checkId })];
      }),
    ];
    const back = Array.from({ length: 11 }, () => rollingBack);
    expect(eventsOf(...commands, ...back).slice(-2)).toMatchObject([
      { type: 'CapsuleRolledBack' },
      refusal('CAPSULE_STATE_INVALID'),
    ]);
  });
});
