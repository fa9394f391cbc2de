import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTable } from '../../../infra/bin/setup/constitution.ts';
import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import { prepareConstitution } from '../../../infra/governance/constitution/signing.ts';
import { newSigner } from '../../../infra/governance/constitution/testing.ts';
import { constitutionSigner } from '../../../infra/security/load-keys.ts';
import type { ConstitutionDocument } from '../../../schemas/contexts/constitution/document.ts';
import { PARTITIONS_DEFAULT, topics } from '../../../schemas/topics.ts';
import { table } from '../../../streams/kernel.ts';
import { type ApiClient, type ProblemJson, until } from '../../support/api-client.ts';
import { signatureOf as signatureBy } from '../../support/signature.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
let reviewer: ApiClient;
beforeAll(async () => {
  platform = await startHarness({ KHIPU_CONSTITUTION_REVIEWS_REQUIRED: '1' });
  reviewer = await platform.clientWith('demo', ['constitution:review']);
});
afterAll(() => platform.close());

interface VersionJson extends Pick<ProblemJson, 'code' | 'detail'> {
  readonly version: string;
  readonly digest: string;
  readonly status: string;
  readonly active: boolean;
  readonly shadow: boolean;
  readonly signed_by: readonly string[];
  readonly document: object;
  readonly offset: number;
}
const post = (path: string, body: object, client = platform.api) =>
  client.call<VersionJson>('POST', `/v1/constitutions${path}`, { body });
const get = (version: string) => platform.api.call<VersionJson>('GET', `/v1/constitutions/${version}`);
const documentOf = (version: string, changes: Partial<ConstitutionDocument> = {}): ConstitutionDocument => ({
  ...defaultConstitution,
  version,
  ...changes,
});
const propose = (document: object, client = platform.api) => post('', { document }, client);
const signatureOf = (document: object, signer = constitutionSigner(platform.config)) => signatureBy(document, signer);
/** Proposes, reviews and signs a constitution. Resolves with its digest. */
async function publish(document: ConstitutionDocument): Promise<string> {
  const { version } = document;
  const { body } = await propose(document);
  await post(`/${version}/reviews`, { digest: body.digest, verdict: 'approve' }, reviewer);
  const signed = await post(`/${version}/signatures`, { digest: body.digest, ...signatureOf(document) });
  expect(signed.body).toMatchObject({ status: 'published' });
  return body.digest;
}
const decidedBy = async (): Promise<string | undefined> =>
  (await platform.api.start({ persona: 'guide' })).body.decision?.constitution.version;

describe('a constitution', () => {
  test('is proposed, reviewed by another, signed offline, published, activated and rolled back', async () => {
    const document = documentOf('2.0.0', { title: 'The second one' });
    const proposed = await propose(document);
    expect(proposed.status).toBe(201);
    const { digest } = proposed.body;
    expect(proposed.body).toMatchObject({ version: '2.0.0', status: 'proposed', signed_by: [], active: false });
    // The shown document is the signed one.
    expect(prepareConstitution((await get('2.0.0')).body.document).digest).toBe(digest);

    const signature = { digest, ...signatureOf(document) };
    expect((await post('/2.0.0/signatures', signature)).body).toMatchObject({ status: 'proposed' });
    // An approval by the proposer does not count.
    const own = await post('/2.0.0/reviews', { digest, verdict: 'approve', comment: 'mine' });
    expect([own.status, own.body.status]).toEqual([200, 'proposed']);
    const early = await post('/activations', { version: '2.0.0', digest });
    expect([early.status, early.body.code]).toEqual([409, 'CONSTITUTION_NOT_PUBLISHED']);
    const reviewed = await post('/2.0.0/reviews', { digest, verdict: 'approve' }, reviewer);
    expect(reviewed.body).toMatchObject({ status: 'published', signed_by: [signature.keyid], active: false });

    expect(await decidedBy()).toBe('1.3.0');
    const activated = await post('/activations', { version: '2.0.0', digest });
    expect(activated.status).toBe(200);
    expect(activated.body).toMatchObject({
      version: '2.0.0',
      digest,
      activated_by: expect.stringMatching(/^api_key:/),
    });
    await until(decidedBy, (version) => version === '2.0.0');

    const { body: first } = await get('1.3.0');
    const back = await post('/activations', { version: '1.3.0', digest: first.digest });
    expect(back.body.offset).toBeGreaterThan(activated.body.offset);
    await until(decidedBy, (version) => version === '1.3.0');
    const list = await platform.api.call<{ active: VersionJson; items: readonly VersionJson[] }>(
      'GET',
      '/v1/constitutions',
    );
    expect(list.body.active).toMatchObject({ version: '1.3.0' });
    expect(list.body.items.map(({ version, active }) => [version, active])).toEqual(
      expect.arrayContaining([
        ['1.3.0', true],
        ['2.0.0', false],
      ]),
    );
  });

  test('is refused with the errors when its own tests fail, or when it does not parse', async () => {
    const lax = await propose(documentOf('lax', { threshold: 0 }));
    expect([lax.status, lax.body.code]).toEqual([422, 'CONSTITUTION_TESTS_FAILED']);
    expect(lax.body.detail).toContain('two cautions together: deny SCORE_BELOW_THRESHOLD');
    const broken = await propose({ ...documentOf('broken'), mercy: true });
    expect([broken.status, broken.body.code]).toEqual([422, 'CONSTITUTION_INVALID']);
    expect(broken.body.detail).toContain('mercy');
    expect((await get('broken')).body.code).toBe('CONSTITUTION_UNKNOWN');
  });

  test('is signed only by trusted keys, over this document', async () => {
    const document = documentOf('signed');
    const { digest } = (await propose(document)).body;
    const answerTo = async (body: object) => {
      const answer = await post('/signed/signatures', { digest, ...body });
      return [answer.status, answer.body.code];
    };
    expect(await answerTo(signatureOf(document, newSigner('eve')))).toEqual([422, 'SIGNATURE_INVALID']);
    const { keyid } = signatureOf(document);
    expect(await answerTo({ ...signatureOf(document, newSigner('eve')), keyid })).toEqual([422, 'SIGNATURE_INVALID']);
    expect(await answerTo(signatureOf(documentOf('other')))).toEqual([422, 'SIGNATURE_INVALID']);
    expect(await answerTo({ ...signatureOf(document), digest: 'f'.repeat(64) })).toEqual([
      409,
      'CONSTITUTION_DIGEST_MISMATCH',
    ]);
    expect((await get('signed')).body.signed_by).toEqual([]);
  });

  test('that is published never changes; a rejected one may be proposed again', async () => {
    await publish(documentOf('3.0.0'));
    const again = await propose(documentOf('3.0.0', { title: 'Another one' }));
    expect([again.status, again.body.code]).toEqual([409, 'CONSTITUTION_PUBLISHED_ALREADY']);
    const { digest } = (await propose(documentOf('draft'))).body;
    const rejected = await post('/draft/reviews', { digest, verdict: 'reject', comment: 'no' }, reviewer);
    expect(rejected.body).toMatchObject({ status: 'rejected' });
    const unknown = await post('/draft/reviews', { digest, verdict: 'approve' }, reviewer);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'CONSTITUTION_UNKNOWN']);
    expect((await propose(documentOf('draft', { title: 'Better' }))).body).toMatchObject({
      status: 'proposed',
      reviews: [],
    });
  });

  test('requires a capability for each step', async () => {
    const { digest } = (await get('1.3.0')).body;
    const answerTo = async (path: string, body: object, client: ApiClient) =>
      (await post(path, body, client)).body.code;
    expect(await answerTo('', { document: documentOf('mine') }, reviewer)).toBe('CAPABILITY_MISSING');
    expect(await answerTo('/activations', { version: '1.3.0', digest }, reviewer)).toBe('CAPABILITY_MISSING');
    expect(await answerTo('/shadow', { version: null }, reviewer)).toBe('CAPABILITY_MISSING');
    expect((await reviewer.call('GET', '/v1/constitutions')).status).toBe(200);
    expect((await platform.acme.call<ProblemJson>('GET', '/v1/constitutions')).body.code).toBe('CAPABILITY_MISSING');
  });

  test('is the shadow of the active one until the shadow is cleared', async () => {
    await publish(documentOf('shade'));
    const shadowed = await post('/shadow', { version: 'shade' });
    expect([shadowed.status, shadowed.body.version]).toEqual([200, 'shade']);
    expect((await get('shade')).body).toMatchObject({ shadow: true, active: false });
    expect((await post('/shadow', { version: null })).body).toMatchObject({ version: null });
    expect((await get('shade')).body.shadow).toBe(false);
    expect((await post('/shadow', { version: 'nothing' })).body.code).toBe('CONSTITUTION_UNKNOWN');
  });
});

/** Resolves with the deciding versions of each partition in the order of offsets, from given positions on. */
const versionsOf = table({
  name: 'decisions',
  topic: topics.policyDecisions,
  initial: [] as readonly (readonly string[])[],
  evolve: (all, { data }, { partition }) => {
    const partitions = Array.from({ length: PARTITIONS_DEFAULT }, (_, n) => all[n] ?? []);
    return partitions.map((own, n) => (n === partition ? [...own, data.decision.constitutionVersion] : own));
  },
});

describe('an activation under load', () => {
  test('changes the version of every partition at exactly one offset', async () => {
    const digest = await publish(documentOf('4.0.0'));
    const decided = () => readTable(platform.log, platform.decoder, versionsOf);
    const before = await decided();
    const asked: Promise<unknown>[] = [];
    for (let n = 0; n < 80; n += 1) {
      if (n === 40) asked.push(post('/activations', { version: '4.0.0', digest }));
      asked.push(platform.api.start({ persona: 'guide' }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(asked);
    const during = (await decided()).map((own, n) => own.slice(before[n]?.length ?? 0));
    expect(during.flat()).toHaveLength(80);
    expect(new Set(during.flat())).toEqual(new Set(['1.3.0', '4.0.0']));
    // After the first decision of the new version, a partition uses only that version.
    for (const own of during) expect(own).toEqual([...own].sort());
  });
});
