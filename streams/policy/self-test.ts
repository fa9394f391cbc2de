import { governs } from '../../schemas/capabilities.ts';
import type {
  ConstitutionTest,
  TestCommand,
  VerifiedConstitution,
} from '../../schemas/contexts/constitution/document.ts';
import { PERSONA_DEFAULT } from '../../schemas/contexts/personas/built-in.ts';
import { exampleOf, type GovernedCommand, governedActions, requestOf } from '../../schemas/governed.ts';
import { EXAMPLE_ID, EXAMPLE_TEXT } from '../../schemas/governed-command.ts';
import { evaluate } from './evaluate.ts';
import { historyEvents, historyFor } from './history.ts';
import { emptyHistoryStore, evolve, HISTORY_BYTES_MAX } from './history-store.ts';
import type { RuleEngine } from './rule-engine.ts';

/** A test of a constitution with another verdict than expected. */
export interface FailedTest {
  readonly name: string;
  /** Expected outcome and reason, such as `deny PROMPT_TOO_LONG`. */
  readonly expected: string;
  readonly actual: string;
}

/** Returns a failed test as one line. Never throws. */
export const failureLine = ({ name, expected, actual }: FailedTest): string => `${name}: ${expected}, got ${actual}`;

const TENANT = 'constitution-tests';
const PLACE = `${TENANT}/0`;

/**
 * Runs the tests of a document with the evaluator that later decides, and returns the failed ones: the document is
 * published only when there are none. Never throws.
 */
export const failedTests = (rule: RuleEngine['rule'], constitution: VerifiedConstitution): readonly FailedTest[] =>
  constitution.document.tests.flatMap((test) => {
    const { outcome, reason, approvals } = test.expect;
    const expected = `${outcome} ${reason}${approvalsIn(approvals)}`;
    const actual = verdictLine(rule, constitution, test);
    return actual === expected ? [] : [{ name: test.name, expected, actual }];
  });

const approvalsIn = (count: number | undefined): string => (count === undefined ? '' : ` with ${count} approvals`);

/** Returns the verdict on the last command of the session, or on the first earlier one that is denied. */
function verdictLine(
  rule: RuleEngine['rule'],
  constitution: VerifiedConstitution,
  { before = [], command, expect }: ConstitutionTest,
) {
  const [named = ''] = constitution.document.personas;
  const anyPersona = named === '*' ? PERSONA_DEFAULT : named;
  let histories = emptyHistoryStore;
  for (const [at, each] of [...before, command].entries()) {
    const request = requestOf(commandOf(each, anyPersona));
    const meta = { id: `${at}`, tenantId: TENANT, place: PLACE, timeMs: at };
    const history = historyFor(constitution, histories, request, { timeMs: at, bytesMax: HISTORY_BYTES_MAX });
    const past = { history, commandId: meta.id, persona: null, classifier: null };
    const { outcome, reasons, labels, approval } = evaluate(rule, constitution, request, TENANT, past);
    const isLast = at === before.length;
    const needed = isLast && expect.approvals !== undefined ? (approval?.required ?? 0) : undefined;
    if (isLast || outcome === 'deny')
      return `${isLast ? '' : `before ${at + 1}: `}${outcome} ${reasons[0]}${approvalsIn(needed)}`;
    const of = { labels, decisionId: EXAMPLE_ID, shadow: false };
    for (const event of historyEvents(constitution, history, request, meta, of)) histories = evolve(histories, event);
  }
  return '';
}

/** Capabilities of a test command that names none: those needed by any command, for any resource. */
const anyCapability: readonly string[] = [
  ...new Set(
    governedActions.flatMap((action) => {
      const given = {
        text: EXAMPLE_TEXT,
        persona: '',
        resourceId: null,
        capabilities: [],
        maxTokens: null,
        labels: [],
      };
      const { needs } = requestOf(exampleOf(action, given));
      return needs === null ? [] : [needs.replace(/[^:]+$/, '*')];
    }),
  ),
];

/**
 * Returns the command of a test. Missing fields get harmless values: the first persona that it names, the default resource, every
 * capability, no label.
 */
function commandOf({ type, ...given }: TestCommand, anyPersona: string): GovernedCommand {
  const made = (capabilities: readonly string[]) => exampleFor({ type, ...given }, anyPersona, capabilities);
  if (given.capabilities !== undefined) return made(given.capabilities);
  // What a session gets never governs the platform.
  const command = made(anyCapability);
  return requestOf(command).delegates ? made(anyCapability.filter((each) => !governs(each))) : command;
}

function exampleFor(
  { type, ...given }: TestCommand,
  anyPersona: string,
  capabilities: readonly string[],
): GovernedCommand {
  return exampleOf(type, {
    text: given.prompt ?? null,
    persona: given.persona ?? anyPersona,
    resourceId: given.model ?? given.resource ?? null,
    capabilities,
    maxTokens: given.max_tokens ?? null,
    labels: given.labels ?? [],
    ...(given.effect !== undefined && { effect: given.effect }),
  });
}
