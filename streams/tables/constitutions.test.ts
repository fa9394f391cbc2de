import { describe, expect, it } from 'vitest';
import {
  constitutionActivated,
  constitutionProposed,
  constitutionPublished,
  constitutionRefused,
  constitutionReviewed,
  constitutionShadowed,
  constitutionSigned,
} from '../../schemas/generated/records.ts';
import { metaFor } from '../kernel/testing.ts';
import { constitutions, evolveConstitutions } from './constitutions.ts';

type Event = Parameters<typeof evolveConstitutions>[1];
const heldAfter = (...events: readonly Event[]) =>
  events.reduce(
    (held, event, offset) => evolveConstitutions(held, event, { ...metaFor(event), offset }),
    constitutions.initial,
  );

const of = { version: '1', digest: 'd1' };
const proposed = constitutionProposed({ ...of, document: '{}', proposedBy: 'ana' });
const reviewed = (verdict: 'approve' | 'reject', reviewer = 'ben') =>
  constitutionReviewed({ ...of, verdict, reviewer, comment: '' });
const signed = (keyId: string) => constitutionSigned({ ...of, keyId, signature: 's', submittedBy: 'cyd' });
const published = (envelope: string) => constitutionPublished({ ...of, envelope });
const activated = (version: string) =>
  constitutionActivated({ slot: 'active', version, digest: `d${version}`, activatedBy: 'ana' });

describe('the versions of the constitution', () => {
  it('list the proposer, the reviewers and the signing keys, each once', () => {
    const { versions, active } = heldAfter(
      proposed,
      reviewed('approve'),
      reviewed('approve'),
      signed('k'),
      signed('k'),
    );
    expect(versions.get('1')).toMatchObject({
      ...{ status: 'proposed', document: '{}', proposedBy: 'ana', signedBy: ['k'] },
      reviews: [{ reviewer: 'ben', verdict: 'approve' }],
    });
    expect(active).toBeNull();
  });

  it('drop reviews and signatures when the document is replaced', () => {
    expect(heldAfter(proposed, reviewed('approve'), signed('k'), proposed).versions.get('1')).toMatchObject({
      ...{ reviews: [], signedBy: [] },
    });
  });

  it('keep no document of a rejected version', () => {
    expect(heldAfter(proposed, reviewed('reject')).versions.get('1')).toMatchObject({
      status: 'rejected',
      document: null,
    });
  });

  it('list the keys of an envelope published by the setup, and none when it is not an envelope', () => {
    const envelope = JSON.stringify({ signatures: [{ keyid: 'k' }, { keyid: 'k' }, null, { keyid: 1 }] });
    expect(heldAfter(published(envelope)).versions.get('1')).toMatchObject({ status: 'published', signedBy: ['k'] });
    for (const none of ['', '{}', 'null', '{"signatures":1}'])
      expect(heldAfter(published(none)).versions.get('1')?.signedBy).toEqual([]);
  });

  it('name the active version, who activated it, and the offset', () => {
    expect(heldAfter(activated('1'), activated('2')).active).toMatchObject({
      version: '2',
      activatedBy: 'ana',
      offset: 1,
    });
    expect(heldAfter(activated('1'), activated('2'), activated('1')).active).toMatchObject({ version: '1', offset: 2 });
  });

  it('name the shadow version until it is cleared', () => {
    const shadow = (version: string | null) =>
      constitutionShadowed({ slot: 'shadow', version, digest: version && `d${version}`, shadowedBy: 'ana' });
    expect(heldAfter(shadow('1')).shadow).toEqual({ version: '1', digest: 'd1' });
    expect(heldAfter(shadow('1'), shadow(null)).shadow).toBeNull();
  });

  it('are not changed by a refusal', () => {
    const before = heldAfter(proposed);
    const refused = constitutionRefused({ subject: '1', principal: 'p', code: 'C', detail: '' });
    expect(evolveConstitutions(before, refused, metaFor(refused))).toBe(before);
  });
});
