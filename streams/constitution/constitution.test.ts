import { describe, expect, it } from 'vitest';
import {
  activateConstitution,
  constitutionActivated,
  constitutionProposed,
  constitutionPublished,
  constitutionRefused,
  constitutionReviewed,
  constitutionShadowed,
  constitutionSigned,
  proposeConstitution,
  reviewConstitution,
  shadowConstitution,
  signConstitution,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import { constitution } from './constitution.ts';
import { PROPOSALS_OPEN_MAX } from './current-version.ts';
import { absent, evolve, SIGNATURES_MAX } from './state.ts';
import { GOOD, lifeEngine, textOf } from './testing.ts';

const one = scenarios(constitution(lifeEngine(), { reviewsRequired: 0 }));
const two = scenarios(constitution(lifeEngine(2), { reviewsRequired: 0 }));
const reviewed = scenarios(constitution(lifeEngine(), { reviewsRequired: 1 }));

const all = ['constitution:*'];
const document = textOf('1');
const propose = (text = document, principal = 'ana', version = '1') =>
  proposeConstitution({ version, document: text, principal, capabilities: all });
const review = (verdict: 'approve' | 'reject', principal = 'ben', digest = 'd1') =>
  reviewConstitution({ version: '1', digest, verdict, comment: '', principal, capabilities: all });
const sign = (keyId: string, signature = GOOD, digest = 'd1') =>
  signConstitution({ version: '1', digest, keyId, signature, principal: 'cyd', capabilities: all });
const activate = (version = '1', digest = `d${version}`) =>
  activateConstitution({ version, digest, principal: 'ana', capabilities: all });
const shadow = (version: string | null) =>
  shadowConstitution({ slot: 'shadow', version, principal: 'ana', capabilities: all });

const proposed = constitutionProposed({ version: '1', digest: 'd1', document, proposedBy: 'ana' });
const said = (verdict: 'approve' | 'reject', reviewer = 'ben') =>
  constitutionReviewed({ version: '1', digest: 'd1', verdict, reviewer, comment: '' });
const signed = (keyId: string) =>
  constitutionSigned({ version: '1', digest: 'd1', keyId, signature: GOOD, submittedBy: 'cyd' });
const envelopeOf = (version: string, ...keys: string[]) =>
  lifeEngine().seal(
    textOf(version),
    keys.map((keyId) => ({ keyId, signature: GOOD })),
  );
const published = (...keys: string[]) =>
  constitutionPublished({ version: '1', digest: 'd1', envelope: envelopeOf('1', ...keys) });
const activated = constitutionActivated({ slot: 'active', version: '1', digest: 'd1', activatedBy: 'ana' });
const refusal = (code: string) => [{ type: 'ConstitutionRefused', data: { subject: '1', code } }];

describe('a proposal', () => {
  it('is a document that is valid and whose own tests pass', () => one.when(propose()).then(proposed));

  it('is refused with the reason when the document does not parse or its own tests fail', () => {
    for (const code of ['CONSTITUTION_INVALID', 'CONSTITUTION_TESTS_FAILED'])
      one
        .when(propose(textOf('1', { code, detail: 'gold: deny, got allow' })))
        .then(constitutionRefused({ subject: '1', principal: 'ana', code, detail: 'gold: deny, got allow' }));
  });

  it('is refused when the document names another version', () => {
    expect(one.when(propose(textOf('2'))).records).toMatchObject(refusal('CONSTITUTION_VERSION_MISMATCH'));
  });

  it('repeated restarts the life of the version: earlier signatures and approvals were for another document', () => {
    const again = reviewed.given(proposed, signed('k1'), said('approve')).when(propose());
    again.then(proposed);
    expect(again.state).toMatchObject({ status: 'proposed', signatures: [], reviews: [] });
  });

  it('is refused when the version is published: a published version never changes', () => {
    const after = one.given(proposed, signed('k1'), published('k1'));
    expect(after.when(propose()).records).toMatchObject(refusal('CONSTITUTION_PUBLISHED_ALREADY'));
    expect(after.when(review('reject')).records).toMatchObject(refusal('CONSTITUTION_PUBLISHED_ALREADY'));
  });

  it('is refused when too many are open', () => {
    const driver = createDriver({ processors: [constitution(lifeEngine(), { reviewsRequired: 0 })] });
    for (let n = 0; n <= PROPOSALS_OPEN_MAX; n += 1) driver.append(propose(textOf(`v${n}`), 'ana', `v${n}`));
    driver.run();
    expect(driver.records('constitution.events').at(-1)?.record).toMatchObject({
      data: { subject: `v${PROPOSALS_OPEN_MAX}`, code: 'CONSTITUTION_PROPOSALS_EXHAUSTED' },
    });
  });
});

describe('a signature', () => {
  it('publishes when it is the last one required', () => {
    one.given(proposed).when(sign('k1')).then(signed('k1'), published('k1'));
    two.given(proposed).when(sign('k1')).then(signed('k1'));
    two.given(proposed, signed('k1')).when(sign('k2')).then(signed('k2'), published('k1', 'k2'));
  });

  it('counts once per key', () => two.given(proposed, signed('k1')).when(sign('k1')).then(signed('k1')));

  it('is refused when it is invalid, belongs to another document, or to an unknown one', () => {
    expect(one.given(proposed).when(sign('k1', 'bad')).records).toMatchObject(refusal('SIGNATURE_INVALID'));
    expect(one.given(proposed).when(sign('k1', GOOD, 'd9')).records).toMatchObject(
      refusal('CONSTITUTION_DIGEST_MISMATCH'),
    );
    expect(one.when(sign('k1')).records).toMatchObject(refusal('CONSTITUTION_UNKNOWN'));
  });

  it('is kept for at most as many keys as an envelope holds', () => {
    const many = Array.from({ length: SIGNATURES_MAX }, (_, n) => signed(`k${n}`));
    const waits = scenarios(constitution(lifeEngine(99), { reviewsRequired: 0 })).given(proposed, ...many);
    expect(waits.when(sign('one-more')).records).toMatchObject(refusal('CONSTITUTION_SIGNATURES_EXHAUSTED'));
    expect(waits.when(sign('k3')).records).toHaveLength(1);
  });

  it('may be added later, when more are required than before', () => {
    const before = two.given(proposed, signed('k1'), published('k1'));
    before.when(sign('k2')).then(signed('k2'), published('k1', 'k2'));
  });
});

describe('a review', () => {
  it('that is required must exist before publication, in any order with the signatures', () => {
    reviewed.given(proposed).when(sign('k1')).then(signed('k1'));
    reviewed.given(proposed, signed('k1')).when(review('approve')).then(said('approve'), published('k1'));
    reviewed.given(proposed, said('approve')).when(sign('k1')).then(signed('k1'), published('k1'));
  });

  it('by the proposer alone is not enough', () => {
    reviewed.given(proposed, signed('k1')).when(review('approve', 'ana')).then(said('approve', 'ana'));
  });

  it('that rejects ends the proposal', () => {
    const rejected = reviewed.given(proposed, signed('k1')).when(review('reject'));
    rejected.then(said('reject'));
    expect(rejected.state).toBeUndefined();
  });

  it('is refused when it belongs to another document, or to an unknown one', () => {
    expect(one.given(proposed).when(review('approve', 'ben', 'd9')).records).toMatchObject(
      refusal('CONSTITUTION_DIGEST_MISMATCH'),
    );
    expect(one.when(review('approve')).records).toMatchObject(refusal('CONSTITUTION_UNKNOWN'));
  });
});

describe('an activation', () => {
  const ready = one.given(proposed, signed('k1'), published('k1'));

  it('is one event with version and digest, also for an older version', () => ready.when(activate()).then(activated));

  it('is refused for a version that is unknown, unpublished, or has another digest', () => {
    expect(one.when(activate()).records).toMatchObject(refusal('CONSTITUTION_UNKNOWN'));
    expect(one.given(proposed).when(activate()).records).toMatchObject(refusal('CONSTITUTION_NOT_PUBLISHED'));
    expect(ready.when(activate('1', 'd9')).records).toMatchObject(refusal('CONSTITUTION_DIGEST_MISMATCH'));
  });

  it('is refused for a version that now has too few valid signatures', () => {
    const stricter = two.given(proposed, signed('k1'), published('k1')).when(activate());
    expect(stricter.records).toMatchObject([{ data: { code: 'CONSTITUTION_NOT_VERIFIED' } }]);
  });

  it('is refused when its own tests fail with the current evaluator', () => {
    const engine = {
      ...lifeEngine(),
      read: () => ({ status: 'refused', code: 'CONSTITUTION_TESTS_FAILED', detail: '' }) as const,
    };
    const today = scenarios(constitution(engine, { reviewsRequired: 0 })).given(
      proposed,
      signed('k1'),
      published('k1'),
    );
    expect(today.when(activate()).records).toMatchObject(refusal('CONSTITUTION_TESTS_FAILED'));
  });
});

describe('a version published by the setup', () => {
  // Written by another writer, so the processor has no state for it.
  const afterSetup = (command: ReturnType<typeof sign> | ReturnType<typeof activate> | ReturnType<typeof propose>) => {
    const driver = createDriver({ processors: [constitution(lifeEngine(), { reviewsRequired: 1 })] });
    driver.append(published('k1'));
    driver.append(command);
    driver.run();
    return driver
      .records('constitution.events')
      .slice(1)
      .map(({ record }) => record);
  };

  it('is activated and signed like any other, and cannot be proposed again', () => {
    expect(afterSetup(activate())).toEqual([activated]);
    expect(afterSetup(sign('k2'))).toEqual([signed('k2'), published('k1', 'k2')]);
    expect(afterSetup(propose())).toMatchObject(refusal('CONSTITUTION_PUBLISHED_ALREADY'));
  });
});

describe('a shadow', () => {
  const shadowed = (...before: (ReturnType<typeof propose> | ReturnType<typeof sign>)[]) => {
    const driver = createDriver({ processors: [constitution(lifeEngine(), { reviewsRequired: 0 })] });
    for (const command of before) driver.append(command);
    driver.run();
    driver.append(shadow('1'));
    driver.run();
    return driver.records('constitution.events').at(-1)?.record;
  };

  it('is a published version, or none', () => {
    const told = { slot: 'shadow', shadowedBy: 'ana' };
    expect(shadowed(propose(), sign('k1'))).toEqual(constitutionShadowed({ ...told, version: '1', digest: 'd1' }));
    one.when(shadow(null)).then(constitutionShadowed({ ...told, version: null, digest: null }));
  });

  it('is refused for a version that is unknown or not published', () => {
    expect(shadowed()).toMatchObject({ data: { subject: 'shadow', code: 'CONSTITUTION_UNKNOWN' } });
    expect(shadowed(propose())).toMatchObject({ data: { subject: 'shadow', code: 'CONSTITUTION_NOT_PUBLISHED' } });
  });
});

describe('every step', () => {
  it.each([
    ['propose', propose()],
    ['review', review('approve')],
    ['sign', sign('k1')],
    ['activate', activate()],
    ['shadow', shadow('1')],
  ])('to %s requires its capability, also after the gateway’s check', (_, command) => {
    const { type, data } = command;
    const powerless = { type, data: { ...data, capabilities: ['slm:*', 'constitution:read'] } } as typeof command;
    expect(one.given(proposed).when(powerless).records).toMatchObject([
      { type: 'ConstitutionRefused', data: { code: 'CAPABILITY_MISSING' } },
    ]);
  });
});

describe('the fold', () => {
  it('is total: events about an unknown version leave it unknown', () => {
    for (const event of [said('approve'), signed('k1'), published('k1'), activated])
      expect(evolve(absent, event)).toBe(absent);
  });

  it('keeps a published version through any later events', () => {
    const kept = [proposed, published('k1'), said('reject'), activated].reduce(evolve, absent);
    expect(kept).toMatchObject({ status: 'published', digest: 'd1' });
  });
});
