/** Limits and vocabularies of evaluations, and what governance has to know of their commands. */

import type { Credential } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';

/** Name of a golden set in its tenant. */
export const GOLDEN_SET_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
/** Longest document of a golden set, in bytes of JSON, its cases, and golden sets of a tenant. */
export const GOLDEN_SET_BYTES_MAX = 2 * 1024 * 1024;
export const GOLDEN_CASES_MAX = 1_000;
export const GOLDEN_SETS_MAX = 200;
/** Answers to one case, and of a whole run. */
export const EVALUATION_REPEATS_MAX = 10;
export const EVALUATION_ANSWERS_MAX = 2_000;
export const SCORERS_MAX = 8;
export const GOLDEN_TEXT_CHARS_MAX = 16_000;
export const GOLDEN_DESCRIPTION_CHARS_MAX = 500;
/** Longest wait of a run that a change starts, for a later change of its golden set, in ms: one run for all of them. */
export const EVALUATION_SETTLE_MS = 10_000;

/** Types of the jobs that run a golden set: asked for, and started by a change. */
export const PERSONA_CHECK = 'persona.check';
export const PERSONA_RECHECK = 'persona.recheck';

/** Verdicts of a run; an open vocabulary on the wire. */
export const evaluationVerdicts = ['pass', 'regress', 'improve', 'inconclusive'] as const;
export type EvaluationVerdict = (typeof evaluationVerdicts)[number];

/** Changes that start a run; an open vocabulary on the wire. */
export const evaluationTriggers = ['model', 'persona', 'tool', 'memory', 'constitution'] as const;
export type EvaluationTrigger = (typeof evaluationTriggers)[number];
export const evaluationCauses = ['manual', ...evaluationTriggers] as const;
export type EvaluationCause = (typeof evaluationCauses)[number];

/** Label of data that does not leave its session: no turn with it becomes a case. */
export const SECRET_LABEL = 'secret';

/** Capabilities of evaluations: to read, to define sets and baselines, to run them, and to take turns of production. */
export const READ_EVALUATIONS = 'evaluations:read';
export const MANAGE_EVALUATIONS = 'evaluations:manage';
export const RUN_EVALUATIONS = 'evaluations:run';
export const CAPTURE_EVALUATIONS = 'evaluations:capture';

/** Returns the id of a golden set in the log: names are those of a tenant. */
export const goldenSetIdOf = (tenantId: string, name: string): string => `${tenantId}/${name}`;
/** Returns the name of a golden set. Never throws. */
export const goldenSetName = (goldenSetId: string): string => goldenSetId.slice(goldenSetId.indexOf('/') + 1);

interface EvaluationCommand {
  readonly goldenSetId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

/** Nothing runs because of these commands: each run is a job, and each of its prompts is decided on its own. */
const describe = (
  { principal, capabilities, credential, labels }: EvaluationCommand,
  needs: string,
  text: string | null = null,
): Description => ({
  ...{ principal, capabilities, credential, resourceId: 'evaluations', needs, delegates: false },
  ...{ session: credential?.sessionId ?? null, persona: null, text: text === '' ? null : text, labels },
  ...{ textLimit: 'embedding_chars_max', maxTokens: null, estimate: { unit: 'none' }, requestId: null },
});

const content = { digest: '0'.repeat(64), bytes: 2, pieces: 1 };

const example = ({ capabilities, labels }: Example) => ({
  ...{ goldenSetId: 'demo/example', principal: 'constitution-tests', capabilities, labels, credential: null },
});
const exampleChange = (given: Example) => ({ ...example(given), expectedVersion: 0 });

export const evaluationsCommands: Descriptors<RecordsIn<typeof topics.evaluationsCommands>> = {
  PutGoldenSet: {
    resource: 'Tool',
    describe: (command) => describe(command, MANAGE_EVALUATIONS, command.description),
    example: (given) => ({
      ...{ ...exampleChange(given), description: given.text ?? EXAMPLE_TEXT, persona: 'guide', content, cases: 1 },
      ...{ tools: [], triggers: [] },
    }),
  },
  AddGoldenCase: {
    resource: 'Tool',
    describe: (command) => describe(command, CAPTURE_EVALUATIONS, command.text),
    example: (given) => ({
      ...{ ...exampleChange(given), content, cases: 1, caseId: 'example', sessionId: EXAMPLE_ID, turnId: EXAMPLE_ID },
      ...{ redactions: 0, text: given.text ?? EXAMPLE_TEXT },
    }),
  },
  RemoveGoldenSet: {
    resource: 'Tool',
    describe: (command) => describe(command, MANAGE_EVALUATIONS),
    example: exampleChange,
  },
  SetBaseline: {
    resource: 'Tool',
    describe: (command) => describe(command, MANAGE_EVALUATIONS),
    example: (given) => ({ ...example(given), runId: EXAMPLE_ID, result: content, setDigest: content.digest }),
  },
};
