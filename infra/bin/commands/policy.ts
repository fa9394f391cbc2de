import { type Command, InvalidArgumentError } from 'commander';
import type { EngineAnswer } from '../../../schemas/generated/records.ts';
import { readDocument } from '../constitution/read-document.ts';
import { failure } from '../failure.ts';
import type { ExplainedDecision } from '../policy/explain.ts';
import type { ReplayReport } from '../policy/replay.ts';
import type { WhatIfReport } from '../policy/what-if.ts';
import { jsonOption, print } from '../show/print.ts';

interface Output {
  readonly json?: boolean;
}

interface Reading extends Output {
  readonly limit: number;
}

const count = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('expected a whole number of 1 or more');
  return number;
};

const PROGRESS_EVERY = 10_000;

/** Prints progress only on a terminal, and to standard error, so that scripts can parse standard output. */
const onProgress = (decisions: number): void => {
  if (process.stderr.isTTY && decisions % PROGRESS_EVERY === 0) process.stderr.write(`  … ${decisions} decisions\r`);
};

/** Registers `khipu policy check|replay|explain|what-if`: tests, past decisions and hypothetical decisions of a constitution. */
export function register(program: Command): void {
  const policy = program.command('policy').description('check a constitution, and recompute recorded decisions');
  const limit = ['--limit <n>', 'read at most n decisions', count, Number.POSITIVE_INFINITY] as const;

  policy
    .command('check')
    .description('validate an unsigned constitution and run its own tests; exit code 1 when one fails')
    .argument('<file>', 'the document, JSON')
    .option(...jsonOption)
    .action(async (file: string, options: Output) => {
      const { constitution, failed } = await readCandidate(file);
      const { version, digest, document } = constitution;
      print(options.json, { version, digest, tests: document.tests.length, failed }, () => [
        `constitution ${version}, sha256 ${digest}`,
        `${document.tests.length - failed.length} of ${document.tests.length} tests pass`,
        ...failed.map(({ name, expected, actual }) => `  ${name}: expected ${expected}, got ${actual}`),
      ]);
      if (failed.length > 0) process.exitCode = 1;
    });

  policy
    .command('replay')
    .description('recompute every recorded decision and compare byte for byte; exit code 1 when one differs')
    .option(...limit)
    .option(...jsonOption)
    .action(async (options: Reading) => {
      const { replayDecisions } = await import('../policy/replay.ts');
      const { verifyingEngine } = await import('../policy/engines.ts');
      const { withKafka } = await import('../roles/with-log.ts');
      const report = await withKafka(({ log, decoder }, config) =>
        replayDecisions(log, decoder, verifyingEngine(config), { limit: options.limit, onProgress }),
      );
      print(options.json, report, () => replayLines(report));
      if (report.different > 0) process.exitCode = 1;
    });

  policy
    .command('explain')
    .description(
      'explain one recorded decision: what decided, and the smallest change of one input that would have reversed a denial',
    )
    .argument('<decision-id>', 'id from a response, an event or the audit trail')
    .option(...jsonOption)
    .action(async (decisionId: string, options: Output) => {
      const { explainDecision } = await import('../policy/explain.ts');
      const { verifyingEngine } = await import('../policy/engines.ts');
      const { withKafka } = await import('../roles/with-log.ts');
      const found = await withKafka(({ log, decoder }, config) =>
        explainDecision(log, decoder, verifyingEngine(config), decisionId),
      );
      print(options.json, explained(found), () => explainLines(found));
    });

  policy
    .command('what-if')
    .description('list every recorded verdict that another constitution would change; read-only')
    .argument('<file>', 'the unsigned document, JSON')
    .option('--examples <n>', 'show at most n changed verdicts', count, 10)
    .option('--fail-on-flips', 'exit code 1 when a verdict would change')
    .option(...limit)
    .option(...jsonOption)
    .action(async (file: string, options: Reading & { examples: number; failOnFlips?: boolean }) => {
      const { constitution, failed } = await readCandidate(file);
      if (failed.length > 0)
        throw failure('CONSTITUTION_TESTS_FAIL', `its own tests fail; \`khipu policy check ${file}\` lists them`);
      const { whatIf } = await import('../policy/what-if.ts');
      const { unsignedEngine } = await import('../policy/engines.ts');
      const { withKafka } = await import('../roles/with-log.ts');
      const report = await withKafka(({ log, decoder }) =>
        whatIf(log, decoder, constitution, unsignedEngine(), {
          limit: options.limit,
          examples: options.examples,
          onProgress,
        }),
      );
      print(options.json, report, () => whatIfLines(report));
      if (options.failOnFlips === true && report.denyToAllow + report.allowToDeny + report.denyToUnknown > 0)
        process.exitCode = 1;
    });
}

async function readCandidate(file: string) {
  const { checkConstitution } = await import('../policy/what-if.ts');
  const { unsignedEngine } = await import('../policy/engines.ts');
  return checkConstitution(readDocument(file), unsignedEngine());
}

const replayLines = ({ decisions, equal, different, notAgain, seconds, examples }: ReplayReport): string[] => [
  `${decisions} decisions recomputed in ${seconds.toFixed(1)} s: ${equal} are equal, byte for byte; ${different} differ`,
  ...Object.entries(notAgain)
    .filter(([, skipped]) => skipped > 0)
    .map(([why, skipped]) => `  ${skipped} could not be recomputed: ${why}`),
  ...examples.map(
    ({ position, recorded, again }) =>
      `  ${position}\n    recorded ${JSON.stringify(recorded)}\n    again    ${JSON.stringify(again)}`,
  ),
];

/** Returns the printable part of a decision. It contains only the changed inputs of the command, never its prompt. */
const explained = ({
  decided: { decision, features, commandType, labels, engine },
  explanation,
}: ExplainedDecision) => ({
  decision,
  commandType,
  features,
  engine,
  labels,
  sequences: explanation?.sequences ?? [],
  raise: explanation?.raise ?? null,
  flips: (explanation?.counterfactuals ?? []).map(({ input, what, size }) => ({ input, what, size })),
});

/** Returns the external engine's answer and the decision id in the engine's own log. */
const engineLine = ({ outcome, reasons, detail, engineDecisionId, latencyMs }: EngineAnswer): string =>
  outcome === 'unasked'
    ? 'was not asked'
    : [
        `${outcome} in ${latencyMs} ms`,
        ...reasons,
        ...(detail === '' ? [] : [detail]),
        ...(engineDecisionId === null ? [] : [`decision ${engineDecisionId}`]),
      ].join(', ');

const explainLines = (found: ExplainedDecision): string[] => {
  const { decision, commandType, features, engine, labels, sequences, raise, flips } = explained(found);
  const { outcome, score, threshold, reasons, clauses, constitutionVersion } = decision;
  return [
    `${outcome} of ${commandType} by constitution ${constitutionVersion || 'none'}: score ${score.toFixed(3)}, needs ${threshold.toFixed(3)}`,
    `  reasons ${reasons.join(', ')}`,
    `  clauses ${clauses.join(', ')}`,
    ...(labels.length === 0 ? [] : [`  labels ${labels.join(', ')}`]),
    ...sequences.map(
      ({ sequence, reached, steps, commands }) =>
        `  sequence ${sequence}: the session was at step ${reached} of ${steps}, after ${commands.join(', ')}`,
    ),
    ...features.map(({ name, value, weight }) => `  ${name.padEnd(18)} ${value.toFixed(3)} × ${weight}`),
    ...(engine === null ? [] : [`  external engine    ${engineLine(engine)}`]),
    ...(raise === null
      ? []
      : [`  nearest: ${raise.feature} at ${raise.needed.toFixed(3)} instead of ${raise.value.toFixed(3)}`]),
    ...(outcome === 'deny' && flips.length === 0 ? ['  no change of a single input would reverse it'] : []),
    ...flips.map(({ what }, n) => `  ${n === 0 ? 'smallest change' : 'or             '}: ${what}`),
  ];
};

const whatIfLines = ({ decisions, reasons, examples, seconds, ...turned }: WhatIfReport): string[] => [
  `${decisions} decisions in ${seconds.toFixed(1)} s: ${turned.allowToDeny} would change from allow to deny, ${turned.denyToAllow} from deny to allow`,
  ...(turned.denyToUnknown === 0
    ? []
    : [`  ${turned.denyToUnknown} from deny to unknown, because the external engine was not asked`]),
  ...reasons.map(({ reasons: turn, count: times }) => `  ${String(times).padStart(7)}  ${turn}`),
  ...examples.map(
    ({ decisionId, commandType, from, to, reasonAfter }) =>
      `  ${decisionId}  ${commandType}  ${from} → ${to}  ${reasonAfter}`,
  ),
];
