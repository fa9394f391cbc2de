import type {
  ConstitutionTest,
  GovernedCommand,
  TestCommand,
  VerifiedConstitution,
} from '../../schemas/constitution.ts';
import { embedText, inferText, startSession, submitTurn } from '../../schemas/generated/records.ts';
import { assertNever } from '../kernel.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate } from './evaluate.ts';
import { evolve, HISTORY_BYTES_MAX, noHistories } from './histories.ts';
import { historyFor, remembered } from './history.ts';
import { subjectOf } from './subject.ts';

export interface FailedTest {
  readonly name: string;
  /** Such as `deny PROMPT_TOO_LONG`. */
  readonly expected: string;
  readonly actual: string;
}

export const failureLine = ({ name, expected, actual }: FailedTest): string => `${name}: ${expected}, got ${actual}`;

const NIL = '00000000-0000-0000-0000-000000000000';
const TENANT = 'constitution-tests';

/** Runs a document's own test cases. None may fail before it is published; the same evaluator decides later. */
export const failedTests = (rule: PolicyEngine['rule'], constitution: VerifiedConstitution): readonly FailedTest[] =>
  constitution.document.tests.flatMap((test) => {
    const expected = `${test.expect.outcome} ${test.expect.reason}`;
    const actual = said(rule, constitution, test);
    return actual === expected ? [] : [{ name: test.name, expected, actual }];
  });

/** The verdict on the last command of one session, or on the first of those before it that is denied. */
function said(
  rule: PolicyEngine['rule'],
  constitution: VerifiedConstitution,
  { before = [], command }: ConstitutionTest,
) {
  const [anyPersona = ''] = constitution.document.personas;
  let histories = noHistories;
  for (const [at, each] of [...before, command].entries()) {
    const asked = commandOf(each, anyPersona);
    const meta = { id: `${at}`, tenantId: TENANT, timeMs: at };
    const history = historyFor(constitution, histories, asked, { timeMs: at, bytesMax: HISTORY_BYTES_MAX });
    const past = { history, commandId: meta.id };
    const { outcome, reasons, labels } = evaluate(rule, constitution, subjectOf(asked), TENANT, past);
    const isLast = at === before.length;
    if (isLast || outcome === 'deny') return `${isLast ? '' : `before ${at + 1}: `}${outcome} ${reasons[0]}`;
    for (const event of remembered(constitution, history, asked, meta, { labels, decisionId: NIL, shadow: false }))
      histories = evolve(histories, event);
  }
  return '';
}

/** What a test leaves out: the first persona, every model, a greeting (none at the start of a session), the default length. */
function commandOf(command: TestCommand, anyPersona: string): GovernedCommand {
  const { type, prompt = 'Good morning.', persona = anyPersona, model = null, max_tokens: maxTokens = null } = command;
  const capabilities = command.capabilities ?? ['slm:invoke:*', 'slm:embed:*'];
  const common = { principal: 'constitution-tests', capabilities, model, labels: command.labels ?? [] };
  const credential = { sessionId: NIL, issuedAt: 0 };
  switch (type) {
    case 'StartSession':
      return startSession({
        ...common,
        sessionId: NIL,
        persona,
        metadata: {},
        turnId: command.prompt === undefined ? null : NIL,
        prompt: command.prompt ?? null,
        maxTokens,
        requestDigest: '',
      });
    case 'SubmitTurn':
      return submitTurn({ ...common, sessionId: NIL, turnId: NIL, persona, prompt, maxTokens, credential });
    case 'InferText':
      return inferText({ ...common, requestId: NIL, prompt, maxTokens, credential });
    case 'EmbedText':
      return embedText({ ...common, requestId: NIL, input: [prompt], credential });
    default:
      return assertNever(type);
  }
}
