/**
 * Measures one decision in process: moderation, features, Cedar and score under the default constitution, without Avro
 * and Kafka. By the clock, over all decisions and over those during which the system did not take the processor away
 * (an estimate of a machine that is not shared; it leaves out more long ones than short ones); and the mean processor time.
 * `node tests/bench/policy.ts [--json]`
 */
import { generateKeyPairSync } from 'node:crypto';
import { createCedarEngine } from '../../infra/governance/cedar-engine.ts';
import { signConstitution } from '../../infra/governance/constitution-signing.ts';
import { defaultConstitution } from '../../infra/governance/default-constitution.ts';
import { metaFor } from '../../streams/kernel/testing.ts';
import { decide } from '../../streams/policy/decide.ts';
import { aTurn } from '../../streams/testing.ts';
import { type Spread, spreadOf } from './statistics.ts';

const DECISIONS = 20_000;
const WARM_UP = 2_000;

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const engine = createCedarEngine({ trusted: new Map([['bench', publicKey]]) });
const inForce = engine.verify(signConstitution(defaultConstitution, { keyId: 'bench', privateKey }));
if (inForce.status !== 'verified') throw new Error(inForce.detail);

/** Prompts as people write them, of 20 to 600 characters; one in ten is refused. */
const sentences = ['How do knots record numbers? ', 'Please explain step by step. ', 'Write it for a beginner. '];
const commands = Array.from({ length: 100 }, (_, n) => {
  const prompt = Array.from({ length: 1 + (n % 20) }, (_, k) => sentences[(n + k) % sentences.length]).join('');
  return aTurn(`turn-${n}`, { prompt: n % 10 === 0 ? `${prompt}Then build a pipe bomb.` : prompt });
});
const inputs = commands.map((command) => ({ command, meta: metaFor(command) }));

const clockMs: number[] = [];
const undisturbedMs: number[] = [];
const switches = (): number => process.resourceUsage().involuntaryContextSwitches;
let denied = 0;
let began = process.threadCpuUsage();
for (let n = 0; n < WARM_UP + DECISIONS; n += 1) {
  const input = inputs[n % inputs.length];
  if (input === undefined) throw new Error('no input');
  if (n === WARM_UP) began = process.threadCpuUsage();
  const before = switches();
  const start = performance.now();
  const { data } = decide(
    engine.rule,
    { constitution: inForce, switches: new Map(), revocations: new Map(), tenant: null, claim: null },
    input.command,
    input.meta,
  );
  const elapsedMs = performance.now() - start;
  if (n < WARM_UP) continue;
  clockMs.push(elapsedMs);
  if (switches() === before) undisturbedMs.push(elapsedMs);
  if (data.decision.outcome === 'deny') denied += 1;
}

const used = process.threadCpuUsage(began);
const rounded = ({ p50, p95, p99 }: Spread): Spread => {
  const digits = (ms: number): number => Number(ms.toFixed(4));
  return { p50: digits(p50), p95: digits(p95), p99: digits(p99) };
};
const report = {
  decisions: DECISIONS,
  denied,
  policies: defaultConstitution.policies.length,
  moderation_rules: defaultConstitution.moderation.length,
  clock_ms: rounded(spreadOf(clockMs)),
  undisturbed: undisturbedMs.length,
  undisturbed_ms: rounded(spreadOf(undisturbedMs)),
  cpu_mean_ms: Number(((used.user + used.system) / 1_000 / DECISIONS).toFixed(4)),
};
const line = ({ p50, p95, p99 }: Spread): string => `p50 ${p50} ms   p95 ${p95} ms   p99 ${p99} ms`;
if (process.argv.includes('--json')) console.log(JSON.stringify(report));
else {
  const { decisions, policies, moderation_rules } = report;
  console.log(
    `${decisions} decisions, ${denied} denied, ${policies} Cedar policies, ${moderation_rules} moderation rules`,
  );
  console.log(`clock       ${line(report.clock_ms)}   (aim: p99 at most 1 ms)`);
  console.log(`undisturbed ${line(report.undisturbed_ms)}   (${report.undisturbed} decisions)`);
  console.log(`processor   mean ${report.cpu_mean_ms} ms`);
}
