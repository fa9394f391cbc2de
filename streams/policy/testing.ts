/** A small constitution and an engine without Cedar, for tests of what policy does around them. */
import type {
  ConstitutionDocument,
  RuleRequest,
  RuleVerdict,
  VerifiedConstitution,
} from '../../schemas/constitution.ts';
import {
  type ConstitutionPublished,
  constitutionActivated,
  constitutionPublished,
} from '../../schemas/generated/records.ts';
import type { PolicyEngine } from './engine.ts';

export const document: ConstitutionDocument = {
  id: 'test',
  version: '1',
  title: 'For tests',
  threshold: 0.75,
  features: [
    { name: 'prompt_safety', weight: 0.6 },
    { name: 'capability_fit', weight: 0.4 },
  ],
  moderation: [
    { id: 'no-gold', pattern: 'gold', code: 'MODERATION_GOLD', severity: 'forbid' },
    { id: 'careful', pattern: 'silver', code: 'MODERATION_SILVER', severity: 'caution' },
    { id: 'careful-too', pattern: 'copper', code: 'MODERATION_COPPER', severity: 'caution' },
  ],
  policies: [
    { id: 'permit-all', text: 'permit (principal, action, resource);' },
    { id: 'forbid-some', text: 'forbid (…)', code: 'HOUSE_RULE' },
    { id: 'forbid-others', text: 'forbid (…)' },
  ],
  personas: ['guide', 'teacher'],
  models: ['small', 'large'],
  limits: { prompt_chars_max: 100, embedding_chars_max: 200, max_tokens_max: 50 },
  tests: [
    {
      name: 'gold is refused',
      command: { type: 'SubmitTurn', prompt: 'gold' },
      expect: { outcome: 'deny', reason: 'MODERATION_GOLD' },
    },
    {
      name: 'a start is allowed',
      command: { type: 'StartSession' },
      expect: { outcome: 'allow', reason: 'PERMITTED' },
    },
  ],
};

export const verified: VerifiedConstitution = { status: 'verified', version: '1', digest: 'd1', document };

export const permitAll = (): RuleVerdict => ({ outcome: 'permit', clauses: ['permit-all'] });

/** Believes an envelope that is `signed`; keeps the requests that its rules saw. */
export function engineWith(rule: (request: RuleRequest) => RuleVerdict = permitAll): PolicyEngine & {
  readonly requests: RuleRequest[];
} {
  const requests: RuleRequest[] = [];
  return {
    requests,
    verify: ({ version, digest, envelope }) =>
      envelope === 'signed'
        ? { status: 'verified', version, digest, document: { ...document, version } }
        : { status: 'unverified', code: 'SIGNATURE_INVALID', detail: 'no trusted key signed it' },
    rule: (_, request) => {
      requests.push(request);
      return rule(request);
    },
  };
}

/** What tokens cost in tests: a million of them 0.2. */
export const options = { pricePerMillionTokens: '0.200' };

export const published = (version: string, changes: Partial<ConstitutionPublished> = {}) =>
  constitutionPublished({ version, digest: `d${version}`, envelope: 'signed', ...changes });

export const activated = (version: string, digest = `d${version}`) =>
  constitutionActivated({ slot: 'active', version, digest, activatedBy: null });
