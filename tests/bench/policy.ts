/**
 * Measures one decision with 1, 100 and 1,000 Cedar policies. `decision` is all of it (moderation, features, Cedar and
 * score) in process, without Avro and Kafka; `rules` is the part that an external engine would replace. For comparison:
 * `opa` over HTTP with the same rules, and cedar-wasm called as in the first example of its documentation, with the
 * texts of all policies at each call. The sides alternate in one run; each figure is the median of its rounds. Reported
 * are wall time; wall time over the calls during which the system did not preempt the process (an estimate for a
 * machine that is not shared); and the mean processor time of this thread. `npm run bench:policy -- [--rounds 5]
 * [--calls 2000] [--policies 1,100,1000] [--json] [--no-opa]`
 */
import { generateKeyPairSync } from 'node:crypto';
import { parseArgs } from 'node:util';
import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import { createCedarEngine } from '../../infra/governance/cedar/engine.ts';
import { signConstitution } from '../../infra/governance/constitution/signing.ts';
import type { VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { RuleRequest } from '../../schemas/contexts/constitution/rules.ts';
import { type GovernedCommand, requestOf } from '../../schemas/governed.ts';
import { metaFor } from '../../streams/kernel/testing.ts';
import { decide } from '../../streams/policy/decide.ts';
import { evaluate } from '../../streams/policy/evaluate.ts';
import { aTurn } from '../../streams/testing.ts';
import { findOpa, NO_OPA } from '../support/opa.ts';
import { type Opa, startOpa } from './policy/opa.ts';
import { documentWith, forCedar, inputOf, regoWith } from './policy/rules.ts';
import { median, percentile } from './statistics.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '2000' },
    policies: { type: 'string', default: '1,100,1000' },
    json: { type: 'boolean', default: false },
    'no-opa': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`Usage: npm run bench:policy -- [--rounds 5] [--calls 2000] [--policies 1,100,1000] [--no-opa] [--json]

  --rounds N    rounds of each side, alternating; medians are reported
  --calls N     decisions of a round
  --policies L  numbers of Cedar policies to measure with
  --no-opa      leaves Open Policy Agent out
  --json        the result as JSON
  --help        show this`);
  process.exit(0);
}
const rounds = Number(values.rounds);
const calls = Number(values.calls);
/**
 * Budget of policies parsed in the naive measurement: parsing a thousand takes a tenth of a second, so a hundred calls
 * are enough.
 */
const NAIVE_POLICY_CALLS = 100_000;
const WARM_UP = 300;

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const engine = createCedarEngine({ trusted: new Map([['bench', publicKey]]), ownConditions: true });
const switchedOff = createCedarEngine({ trusted: new Map(), ownConditions: false });

/**
 * Realistic prompts of 20 to 600 characters, one in ten refused, with tenants and models both known and unknown to the
 * rules.
 */
const sentences = ['How do knots record numbers? ', 'Please explain step by step. ', 'Write it for a beginner. '];
const inputs = Array.from({ length: 120 }, (_, n) => {
  const text = Array.from({ length: 1 + (n % 20) }, (_unused, k) => sentences[(n + k) % sentences.length]).join('');
  const prompt = n % 10 === 0 ? `${text}Then build a pipe bomb.` : text;
  const command = aTurn(`turn-${n}`, { prompt, model: n % 4 === 0 ? `m${1 + 3 * (n % 30)}` : null });
  return { command, meta: { ...metaFor(command), tenantId: n % 4 === 1 ? `t${3 * (n % 30)}` : 'demo' } };
});

interface Side {
  readonly name: string;
  readonly calls: number;
  readonly ask: (n: number) => unknown;
}

interface Round {
  readonly ms: readonly number[];
  readonly undisturbedMs: readonly number[];
  readonly cpuMs: number;
}

const switches = (): number => process.resourceUsage().involuntaryContextSwitches;

/** Runs one round of a side. Returns its times, and the processor time of this thread per call. */
async function round({ calls: count, ask }: Side): Promise<Round> {
  const ms: number[] = [];
  const undisturbedMs: number[] = [];
  const began = process.threadCpuUsage();
  for (let n = 0; n < count; n += 1) {
    const before = switches();
    const start = performance.now();
    const answer = ask(n);
    if (answer instanceof Promise) await answer;
    const elapsedMs = performance.now() - start;
    ms.push(elapsedMs);
    if (switches() === before) undisturbedMs.push(elapsedMs);
  }
  const { user, system } = process.threadCpuUsage(began);
  return { ms, undisturbedMs, cpuMs: (user + system) / 1_000 / count };
}

/** Returns the requests to the rules for each input, as policy sends them. */
function requestsOf(constitution: VerifiedConstitution): readonly RuleRequest[] {
  const requests: RuleRequest[] = [];
  const keep = (_: VerifiedConstitution, request: RuleRequest) => {
    requests.push(request);
    return { outcome: 'permit', clauses: [] } as const;
  };
  for (const { command, meta } of inputs)
    evaluate(keep, constitution, requestOf(command as GovernedCommand), meta.tenantId);
  return requests;
}

const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

function sidesOf(count: number, constitution: VerifiedConstitution, opa: Opa | null): readonly Side[] {
  const requests = requestsOf(constitution);
  const staticPolicies = Object.fromEntries(constitution.document.policies.map(({ id, text }) => [id, text]));
  const inForce = {
    constitution,
    switches: new Map(),
    revocations: new Map(),
    tenant: null,
    claim: null,
    history: null,
    engine: null,
    persona: null,
    classifier: null,
  };
  const bodies = requests.map(inputOf);
  const left = { ...constitution, digest: `${constitution.digest}-cedar`, document: forCedar(constitution.document) };
  return [
    { name: 'decision', calls, ask: (n) => decide(engine.rule, inForce, at(inputs, n).command, at(inputs, n).meta) },
    { name: 'rules', calls, ask: (n) => engine.rule(constitution, at(requests, n)) },
    { name: 'rules, each condition asked of Cedar', calls, ask: (n) => engine.rule(left, at(requests, n)) },
    { name: 'rules, every policy by Cedar', calls, ask: (n) => switchedOff.rule(constitution, at(requests, n)) },
    ...(opa === null ? [] : [{ name: 'opa over HTTP', calls, ask: (n: number) => opa.ask(at(bodies, n)) }]),
    {
      name: 'cedar-wasm, texts at each call',
      calls: Math.max(20, Math.min(calls, Math.floor(NAIVE_POLICY_CALLS / count / 10))),
      ask: (n) => naive(at(requests, n), staticPolicies),
    },
  ];
}

function naive(
  { principal, tenant, action, resource, context }: RuleRequest,
  staticPolicies: Record<string, string>,
): boolean {
  const uid = { type: 'Principal', id: principal };
  const answer = isAuthorized({
    principal: uid,
    action: { type: 'Action', id: action },
    resource,
    context: {
      ...context,
      capabilities: [...context.capabilities],
      moderation: [...context.moderation],
      labels: [...context.labels],
      session_labels: [...context.session_labels],
      flow_labels: [...context.flow_labels],
    },
    policies: { staticPolicies },
    entities: [{ uid, attrs: {}, parents: [{ type: 'Tenant', id: tenant }] }],
  });
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
  return answer.response.decision === 'allow';
}

interface Figure {
  readonly policies: number;
  readonly side: string;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly p99_undisturbed_ms: number;
  readonly cpu_ms: number;
}

async function measure(count: number, binary: string | null): Promise<readonly Figure[]> {
  const signed = signConstitution(documentWith(count), { keyId: 'bench', privateKey });
  const constitution = engine.verify(signed);
  if (constitution.status !== 'verified') throw new Error(constitution.detail);
  const opa = binary === null ? null : await startOpa(binary, regoWith(count));
  try {
    const sides = sidesOf(count, constitution, opa);
    for (const side of sides) await round({ ...side, calls: Math.min(WARM_UP, side.calls) });
    const rows = new Map(
      sides.map(({ name }) => [name, [] as { p50: number; p99: number; undisturbed: number; cpu: number }[]]),
    );
    for (let n = 0; n < rounds; n += 1)
      for (const side of sides) {
        const { ms, undisturbedMs, cpuMs } = await round(side);
        rows.get(side.name)?.push({
          p50: percentile(ms, 0.5),
          p99: percentile(ms, 0.99),
          undisturbed: percentile(undisturbedMs, 0.99),
          cpu: cpuMs,
        });
      }
    const digits = (ms: number): number => Number(ms.toFixed(4));
    return [...rows].map(([side, all]) => ({
      policies: count,
      side,
      p50_ms: digits(median(all.map(({ p50 }) => p50))),
      p99_ms: digits(median(all.map(({ p99 }) => p99))),
      p99_undisturbed_ms: digits(median(all.map(({ undisturbed }) => undisturbed))),
      cpu_ms: digits(median(all.map(({ cpu }) => cpu))),
    }));
  } finally {
    await opa?.stop();
  }
}

const binary = values['no-opa'] ? null : await findOpa();
if (binary === null) console.error(`opa is left out: ${NO_OPA}`);
const figures: Figure[] = [];
for (const count of values.policies.split(',').map(Number)) figures.push(...(await measure(count, binary)));
if (values.json) console.log(JSON.stringify({ rounds, calls, figures }, null, 2));
else {
  console.log('| Policies | Side | p50 | p99 | p99 undisturbed | processor time |\n|---|---|---|---|---|---|');
  for (const { policies, side, p50_ms, p99_ms, p99_undisturbed_ms: calm, cpu_ms } of figures)
    console.log(`| ${policies} | ${side} | ${p50_ms} ms | ${p99_ms} ms | ${calm} ms | ${cpu_ms} ms |`);
}
