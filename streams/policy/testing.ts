/** A small constitution and an engine without Cedar, for tests of policy. */
import type {
  ConstitutionDocument,
  ConstitutionStatus,
  VerifiedConstitution,
} from '../../schemas/contexts/constitution/document.ts';
import type { RuleRequest, RuleVerdict } from '../../schemas/contexts/constitution/rules.ts';
import { flatPrice } from '../../schemas/contexts/slm/prices.ts';
import {
  type ConstitutionPublished,
  constitutionActivated,
  constitutionPublished,
} from '../../schemas/generated/records.ts';
import type { GovernedCommand } from '../../schemas/governed.ts';
import { createDriver } from '../kernel/driver.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { aTurn, personaRecords } from '../testing.ts';
import { policy } from './policy.ts';
import type { RuleEngine } from './rule-engine.ts';
import type { PolicyState } from './state.ts';

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

/** An engine that accepts the envelope `signed`, and records the requests that its rules saw. */
export function engineWith(rule: (request: RuleRequest) => RuleVerdict = permitAll): RuleEngine & {
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

/** Price of tokens in tests: 0.2 per million. */
export const PRICE = '0.200';
export const options = { prices: flatPrice(PRICE) };

export const published = (version: string, changes: Partial<ConstitutionPublished> = {}) =>
  constitutionPublished({ version, digest: `d${version}`, envelope: 'signed', ...changes });

export const activated = (version: string, digest = `d${version}`) =>
  constitutionActivated({ slot: 'active', version, digest, activatedBy: null });

/* For histories: constitutions that use one, and policy alone that decides with them. */

export const NOW = Date.UTC(2026, 0, 1);
export const labels = [{ id: 'mail', pattern: '\\w@\\w', label: 'personal_data' }];
export const leaves = {
  id: 'leaves',
  code: 'PERSONAL_DATA_LEAVES',
  steps: [{ labels: ['personal_data'] }, { models: ['large'] }],
};
/** Version 1 has the sequence; 2 has none; 3 has a rule that uses labels of the session. */
const documents: Readonly<Record<string, ConstitutionDocument>> = {
  '1': { ...document, labels, sequences: [leaves] },
  '2': { ...document, version: '2' },
  '3': {
    ...document,
    version: '3',
    labels,
    policies: [...document.policies, { id: 'tainted', text: 'session_labels', code: 'TAINTED' }],
  },
};
export const statusOf = (version: string): ConstitutionStatus => ({
  ...verified,
  version,
  digest: `d${version}`,
  document: documents[version] ?? document,
});
const tainted = ({ action, context }: RuleRequest) =>
  action === 'EmbedText' && context.session_labels.includes('personal_data')
    ? ({ outcome: 'forbid', clauses: ['tainted'] } as const)
    : permitAll();
export const historyEngine = {
  ...engineWith(tainted),
  verify: ({ version }: { version: string }) => statusOf(version),
};
export const known = new Map(Object.keys(documents).map((version) => [`d${version}`, statusOf(version)]));

let turns = 0;
export const turn = (prompt: string, changes: Parameters<typeof aTurn>[1] = {}) => {
  turns += 1;
  return aTurn(`turn-${turns}`, { prompt, ...changes });
};
export const mail = (changes: Parameters<typeof aTurn>[1] = {}) => turn('write to a@b', changes);
export const outside = (changes: Parameters<typeof aTurn>[1] = {}) =>
  turn('translate it', { model: 'large', ...changes });

/** Returns a driver of policy alone, under version 1, with one place a tenant: requests beside a session share its place. */
export function startPolicy() {
  const driver = createDriver({ processors: [policy(historyEngine, options)], startMs: NOW, places: 1 });
  for (const version of Object.keys(documents)) driver.append(published(version));
  driver.append(activated('1'));
  for (const each of personaRecords) driver.append(each);
  const decisions = () =>
    driver
      .records('policy.decisions')
      .map(({ record, meta }) => ({ record: record as RecordOf<'PolicyDecided'>, meta }));
  return {
    driver,
    decisions,
    memory: (): readonly AnyRecord[] => driver.records('policy.memory').map(({ record }) => record),
    state: () => driver.state('policy', 'demo/0') as PolicyState,
    /** Returns the deciding reason of each command; all are sent at once. */
    asked(...commands: readonly GovernedCommand[]): readonly (string | undefined)[] {
      const before = decisions().length;
      for (const command of commands) driver.append(command);
      driver.run();
      if (driver.deadLetters.length > 0) throw driver.deadLetters[0]?.error;
      return decisions()
        .slice(before)
        .map(({ record }) => record.data.decision.reasons[0]);
    },
  };
}
