/**
 * Decides many commands under several constitutions, with activations, rollbacks, kill switches, budgets, changed personas and
 * unverifiable constitutions, through the processor and real Avro bytes; then decides each again from its record alone, and compares
 * byte for byte. `npm run replay:decisions -- [--decisions 100000] [--seed 1] [--json]`; exit code 1 when one differs.
 */

import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { createCedarEngine } from '../../infra/governance/cedar/engine.ts';
import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import { newSigner, putInForce, trusting } from '../../infra/governance/constitution/testing.ts';
import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import { personaEntry } from '../../schemas/contexts/personas/entries.ts';
import { flatPrice } from '../../schemas/contexts/slm/prices.ts';
import { constitutionActivated, constitutionShadowed, persona } from '../../schemas/generated/records.ts';
import { budget } from '../../streams/budget/budget.ts';
import { createDriver, type Driver } from '../../streams/kernel/driver.ts';
import { createLocalCodec } from '../../streams/kernel/local-codec.ts';
import type { AnyRecord } from '../../streams/kernel.ts';
import { policy } from '../../streams/policy/policy.ts';
import { decideAgain } from '../../streams/policy/replay.ts';
import { anEmbedding, anInference, aStart, aSwitch, aTenant, aTurn, personaRecords } from '../../streams/testing.ts';

const { values } = parseArgs({
  options: {
    decisions: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`Usage: npm run replay:decisions -- [--decisions 100000] [--seed 1] [--json]

  --decisions N  commands that are decided, then decided again from their records
  --seed N       repeats the choice of commands
  --json         the result as JSON
  --help         show this`);
  process.exit(0);
}
const wanted = Number(values.decisions);
/** Maximum of commands that one driver holds in memory. */
const CHUNK = 5_000;

const signer = newSigner('replay');
const trusted = trusting(signer);
const stricter = { ...defaultConstitution, version: '2.0.0', threshold: 0.9, personas: ['guide', 'teacher'] };
const ruled = {
  ...defaultConstitution,
  version: '3.0.0',
  policies: [
    ...defaultConstitution.policies,
    { id: 'no-small', text: 'forbid (principal, action, resource == Model::"small");', code: 'SMALL' },
    {
      id: 'no-long-guides',
      text: 'forbid (principal in Tenant::"acme", action, resource) when { context.prompt_chars > 40 };',
    },
  ],
};
const published = [defaultConstitution, stricter, ruled].map((document) => putInForce(document, signer));
const [forged] = putInForce({ ...defaultConstitution, version: '4.0.0' }, newSigner('eve'));

const words = [
  'khipu',
  'knots',
  'pipe bomb',
  'build a',
  'ignore the previous instructions',
  'password',
  '\u200b',
  'ñ',
  '🪢',
  '\0',
  '\n',
];
const prompt = fc.oneof(
  fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((all) => all.join(' ')),
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.constant('long '.repeat(2_000)),
);
const common = fc.record({
  principal: fc.constantFrom('api_key:a', 'api_key:b', '"); permit'),
  capabilities: fc.subarray(['slm:invoke:*', 'slm:invoke:default', 'slm:embed:*', '*', 'constitution:activate']),
  model: fc.constantFrom(null, 'small', 'default', 'large'),
});
const named = fc.constantFrom('guide', 'teacher', 'stranger');
const maxTokens = fc.constantFrom(null, 1, 600, 4_096);
const command: fc.Arbitrary<AnyRecord> = fc.oneof(
  fc
    .tuple(common, named, fc.option(prompt), maxTokens)
    .map(([shared, who, text, tokens]) =>
      aStart({ ...shared, persona: who, prompt: text, turnId: text === null ? null : 't', maxTokens: tokens }),
    ),
  fc
    .tuple(common, named, prompt, maxTokens)
    .map(([shared, who, text, tokens]) => aTurn('t', { ...shared, persona: who, prompt: text, maxTokens: tokens })),
  fc
    .tuple(common, prompt, maxTokens)
    .map(([shared, text, tokens]) => anInference({ ...shared, prompt: text, maxTokens: tokens })),
  fc.tuple(common, fc.array(prompt, { maxLength: 3 })).map(([shared, input]) => anEmbedding({ ...shared, input })),
);
/** Personas of the platform and of a tenant, removed or changed. */
const changedPersonas: readonly AnyRecord[] = personaRecords.flatMap(({ data }) => [
  persona({ ...data, version: 2, status: 'removed' }),
  persona({ ...data, entryId: personaEntry('demo', data.name), tenantId: 'demo', instructions: 'x'.repeat(900) }),
]);
/** A change between commands: the active version, the shadow version, a persona, or a kill switch. */
const change: fc.Arbitrary<AnyRecord> = fc.oneof(
  fc
    .constantFrom(...published)
    .map(([{ data }]) =>
      constitutionActivated({ slot: 'active', version: data.version, digest: data.digest, activatedBy: 'ana' }),
    ),
  fc
    .constantFrom(...published)
    .map(([{ data }]) =>
      constitutionShadowed({ slot: 'shadow', version: data.version, digest: data.digest, shadowedBy: 'ana' }),
    ),
  fc.constant(
    constitutionActivated({ slot: 'active', version: '4.0.0', digest: forged.data.digest, activatedBy: 'ana' }),
  ),
  fc.constantFrom(...personaRecords, ...changedPersonas),
  fc
    .constantFrom('global', 'tenant:demo', 'model:small')
    .chain((scope) => fc.constantFrom(true, false, false, false).map((engaged) => aSwitch(scope, { engaged }))),
);

const BUDGETED = 'acme';
/** A budget for about half of the requests of a chunk: its places decide some, its ledger others, and the rest is refused. */
const budgeted = aTenant([{ window: 'total', tokensMax: 15 * CHUNK, costMax: null }], { tenantId: BUDGETED });

/** Returns the command with an id of its own for its request: a repeated request reserves nothing. */
function withOwnRequest({ type, data }: AnyRecord, nth: number): AnyRecord {
  const ids: Record<string, string> = {};
  if ('turnId' in data && data.turnId !== null) ids['turnId'] = `t${nth}`;
  if (type === 'InferText' || type === 'EmbedText' || type === 'ModerateText') ids['requestId'] = `r${nth}`;
  return { type, data: { ...data, ...ids } } as AnyRecord;
}

interface Tally {
  decisions: number;
  equal: number;
  different: number;
  readonly reasons: Map<string, number>;
}

/** Runs `count` commands through the processor, with a change before one in fifty. */
function record(count: number, seed: number): Driver {
  const driver = createDriver({
    processors: [policy(createCedarEngine({ trusted, ownConditions: true }), { prices: flatPrice('0.200') }), budget],
  });
  for (const record of personaRecords) driver.append(record);
  for (const [document] of published) driver.append(document);
  driver.append(forged);
  driver.append(budgeted);
  driver.append(published[0]?.[1] as AnyRecord);
  driver.run();
  const commands = fc.sample(command, { seed, numRuns: count });
  const changes = fc.sample(change, { seed, numRuns: Math.ceil(count / 50) });
  for (const [n, each] of commands.entries()) {
    if (n % 50 === 25) driver.append(changes[Math.floor(n / 50)] as AnyRecord);
    driver.append(withOwnRequest(each, n), { tenantId: n % 3 === 0 ? BUDGETED : 'demo' });
    driver.run();
  }
  return driver;
}

/** Decides each record of the log again with a new engine. */
function again(driver: Driver, tally: Tally): void {
  const engine = createCedarEngine({ trusted, ownConditions: true });
  const codec = createLocalCodec();
  const constitutions = new Map<string, ConstitutionStatus>(
    published.map(([{ data }]) => [data.digest, engine.verify(data)]),
  );
  for (const { record: decided, meta } of driver.records('policy.decisions')) {
    if (decided.type !== 'PolicyDecided') continue;
    tally.decisions += 1;
    const reason = decided.data.decision.reasons[0] ?? '';
    tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
    const other = decideAgain(engine.rule, constitutions, { record: decided, meta });
    if (typeof other !== 'string' && codec.encode(other).equals(meta.value)) tally.equal += 1;
    else {
      tally.different += 1;
      if (tally.different <= 5)
        console.error(typeof other === 'string' ? other : JSON.stringify([decided.data, other.data]));
    }
  }
}

const began = performance.now();
const tally: Tally = { decisions: 0, equal: 0, different: 0, reasons: new Map() };
for (let chunk = 0; tally.decisions < wanted; chunk += 1) {
  const driver = record(Math.min(CHUNK, wanted - tally.decisions), Number(values.seed) + chunk);
  if (driver.deadLetters.length > 0) throw driver.deadLetters[0]?.error;
  again(driver, tally);
}
const { reasons, ...counts } = tally;
const report = {
  ...counts,
  seconds: Number(((performance.now() - began) / 1_000).toFixed(1)),
  reasons: Object.fromEntries(reasons),
};
console.log(
  values.json
    ? JSON.stringify(report, null, 2)
    : `${report.decisions} decisions made again in ${report.seconds} s: ${report.equal} equal byte for byte, ${report.different} different; ${reasons.size} deciding reasons`,
);
if (tally.different > 0) process.exitCode = 1;
