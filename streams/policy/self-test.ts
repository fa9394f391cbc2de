import type { ConstitutionTest, GovernedCommand, VerifiedConstitution } from '../../schemas/constitution.ts';
import { embedText, inferText, startSession, submitTurn } from '../../schemas/generated/records.ts';
import { assertNever } from '../kernel.ts';
import type { PolicyEngine } from './engine.ts';
import { evaluate } from './evaluate.ts';
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
    const subject = subjectOf(commandOf(test.command, constitution.document.personas[0] ?? ''));
    const { outcome, reasons } = evaluate(rule, constitution, subject, TENANT);
    const expected = `${test.expect.outcome} ${test.expect.reason}`;
    const actual = `${outcome} ${reasons[0]}`;
    return actual === expected ? [] : [{ name: test.name, expected, actual }];
  });

/** What a test leaves out: the first persona, every model, a greeting (none at the start of a session), the default length. */
function commandOf(command: ConstitutionTest['command'], anyPersona: string): GovernedCommand {
  const { type, prompt = 'Good morning.', persona = anyPersona, model = null, max_tokens: maxTokens = null } = command;
  const capabilities = command.capabilities ?? ['slm:invoke:*', 'slm:embed:*'];
  const common = { principal: 'constitution-tests', capabilities, model };
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
      return submitTurn({ ...common, sessionId: NIL, turnId: NIL, persona, prompt, maxTokens, credential: null });
    case 'InferText':
      return inferText({ ...common, requestId: NIL, prompt, maxTokens, credential: null });
    case 'EmbedText':
      return embedText({ ...common, requestId: NIL, input: [prompt], credential: null });
    default:
      return assertNever(type);
  }
}
