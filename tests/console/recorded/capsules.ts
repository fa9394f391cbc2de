import { BUNDLE_MEDIA_TYPE, predicates } from '../../../infra/capsules/statement.ts';
import type { Schemas } from '../../../infra/client/api.ts';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 10, 0, second)).toISOString();
const CHECK_ID = '0c0ffee0-0000-4000-8000-000000000001';
const sha = (digit: string): string => digit.repeat(64);

/** A manifest with two tools, a workflow and a capability that its runs can do without. */
const manifest = {
  ...{ api_version: 'khipu.dev/v1', kind: 'Capsule', name: 'invoice-desk', version: '1.1.0', publisher: 'acme' },
  ...{ description: 'Reads invoices and pays those that are right', license: 'Apache-2.0', keywords: ['invoices'] },
  agent: {
    ...{ name: 'invoice-desk', model: null, max_tokens: 512, prompt: 'Check the invoice of the input.' },
    instructions: 'You check invoices. Never pay what you are not sure of.',
    limits: { steps: 8, tokens: 20_000, cost: '0.25', wall_ms: 600_000, identical_calls: 3 },
  },
  tools: [
    { name: 'weather', digest: null },
    { name: 'pay', digest: sha('9') },
  ],
  input: { type: 'object', properties: { invoice: { type: 'string' } }, required: ['invoice'] },
  output: null,
  capabilities: [
    ...['agents:start:invoice-desk', 'memory:recall:shared', 'slm:invoke:default'],
    ...['tool:execute:pay', 'tool:execute:weather'],
  ],
  workflow: {
    document: { dsl: '1.0.3', namespace: 'acme', name: 'invoice-desk', version: '1.1.0' },
    do: [
      { look: { call: 'weather', with: { city: 'Cusco' } } },
      { settle: { call: 'pay', with: { to: 'Inti S.A.' }, metadata: { review: true } } },
    ],
  },
  price: { amount: '2.50', currency: 'EUR', meter: 'install' },
  golden: [{ name: 'a right one', input: { invoice: 'Inti S.A., 500' }, expects: 'It is paid.' }],
};

const price = { amount: '2.500000000', currency: 'EUR', meter: 'install' };

const summaryOf = (version: string, more: Partial<Schemas['CapsuleSummary']> = {}): Schemas['CapsuleSummary'] => ({
  ...{ capsule: `acme/invoice-desk@${version}`, publisher: 'acme', name: 'invoice-desk', version, price },
  ...{ status: 'listed', digest: sha('a'), description: manifest.description, license: 'Apache-2.0' },
  changed_at: at(0),
  ...more,
});

/** The version that is installed, one that asks for more, and one that waits for a review. */
export const pinned: Schemas['Capsule'] = {
  ...summaryOf('1.1.0'),
  ...{ asks: manifest.capabilities, manifest, required: 1, published_by: 'user:inti' },
  reviews: [{ principal: 'user:ana', outcome: 'approve' }],
};
export const newer: Schemas['Capsule'] = {
  ...pinned,
  ...summaryOf('1.2.0', { digest: sha('b'), changed_at: at(20) }),
  asks: [...manifest.capabilities, 'tool:execute:mail'],
  manifest: {
    ...manifest,
    ...{ version: '1.2.0', tools: [...manifest.tools, { name: 'mail', digest: null }] },
    capabilities: [...manifest.capabilities, 'tool:execute:mail'],
  },
};
export const waiting: Schemas['Capsule'] = {
  ...newer,
  ...summaryOf('1.3.0', { digest: sha('c'), status: 'submitted', changed_at: at(30) }),
  reviews: [],
};

const other = summaryOf('1.0.0', {
  ...{ capsule: 'demo/research-brief@1.0.0', publisher: 'demo', name: 'research-brief', digest: sha('d') },
  description: 'Answers a question in a short brief that separates what is known from what is uncertain',
  price: { amount: '0.000000000', currency: 'EUR', meter: 'install' },
});

const page = (items: readonly Schemas['CapsuleSummary'][]): Schemas['CapsulePage'] => ({
  items: [...items],
  next_cursor: null,
});

/** Answers a list of capsules, by its state, its words and its publisher. */
export function capsuleList(query: URLSearchParams): Schemas['CapsulePage'] {
  const status = query.get('status') ?? 'listed';
  const publisher = query.get('publisher');
  const yanked = summaryOf('1.0.0', { digest: sha('e'), status: 'yanked' });
  return page(
    [summaryOf('1.3.0', waiting), summaryOf('1.2.0', newer), summaryOf('1.1.0'), other, yanked].filter(
      (each) =>
        each.status === status &&
        (publisher === null || each.publisher === publisher) &&
        (query.get('q') ?? '').split(/\W+/).every((word) => `${each.name} ${each.description}`.includes(word)),
    ),
  );
}

const bundleOf = (predicateType: string, predicate: object): object => ({
  mediaType: BUNDLE_MEDIA_TYPE,
  verificationMaterial: {},
  dsseEnvelope: {
    payload: Buffer.from(
      JSON.stringify({ predicateType, predicate, subject: [{ digest: { sha256: pinned.digest } }] }),
    ).toString('base64'),
    payloadType: 'application/vnd.in-toto+json',
    signatures: [{ sig: '' }],
  },
});

export const attestationPage: Schemas['CapsuleAttestationPage'] = {
  items: [
    {
      ...{ predicate_type: predicates.review, principal: 'user:ana', created_at: at(8) },
      bundle: bundleOf(predicates.review, { outcome: 'approve', note: 'Instruções lidas' }),
    },
    {
      ...{ predicate_type: null, principal: 'user:inti', created_at: at(1) },
      bundle: bundleOf(predicates.provenance, { buildDefinition: { buildType: 'https://khipu.dev/capsule/v1' } }),
    },
  ],
  next_cursor: null,
};

export const install: Schemas['CapsuleInstall'] = {
  ...{ install: 'invoice-desk', status: 'installed', capsule: pinned.capsule, publisher: 'acme' },
  ...{ digest: pinned.digest, asks: manifest.capabilities, price, principal: 'user:ana', changed_at: at(9) },
  granted: ['agents:start:invoice-desk', 'slm:invoke:default', 'tool:execute:pay', 'tool:execute:weather'],
};
export const installPage: Schemas['CapsuleInstallPage'] = { items: [install], next_cursor: null };

/** A check of the upgrade of the install to the newer version: its verdict and what past runs would have been. */
export const upgradeCheck = (verdict: Schemas['UpgradeReport']['regression']['verdict']): Schemas['UpgradeCheck'] => {
  const price = { amount: '2.5', currency: 'EUR', meter: 'install', charged: '0' };
  const { capsule, digest } = install;
  return {
    ...{ check_id: CHECK_ID, install: install.install, status: 'ended', detail: null },
    report: {
      ...{ check_id: CHECK_ID, install: install.install, from: { capsule, digest } },
      ...{ to: { capsule: newer.capsule, digest: newer.digest }, granted: [...install.granted, 'tool:execute:mail'] },
      regression: {
        ...{ verdict, detail: 'It is worse in 3 of 40 cases.', more_cases: null, margin: 0.1, repeats: 1, passed: 37 },
        ...{ tokens: 9_120, cost: 0.02, scorers: [], cases: [] },
      },
      what_if: {
        ...{
          from: at(0),
          until: at(50),
          runs: 41,
          changed: 2,
          tokens: 52_000,
          cost: '0.31',
          before: price,
          after: price,
        },
        reasons: [{ code: 'CAPSULE_INPUT_INVALID', runs: 2, detail: '/invoice must be a string', examples: [] }],
      },
      ended_at: at(55),
    },
  };
};
