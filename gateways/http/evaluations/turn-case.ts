/** A turn of production as a case of a golden set: without personal data, and never of a secret. */
import type { GoldenCase } from '../../../infra/evaluations/golden-set.ts';
import { redact } from '../../../infra/evaluations/redact.ts';
import type { TurnView } from '../../../projections/turns/queries.ts';
import { GOLDEN_TEXT_CHARS_MAX, SECRET_LABEL } from '../../../schemas/contexts/evaluations.ts';
import { DECLARED_LABELS_MAX } from '../../../schemas/contexts/policy/labels.ts';
import { shortName } from '../../../schemas/naming.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { ReadModel, StoredEvent } from '../../shared/read-model.ts';
import { sessionUnknown } from '../../shared/session-access.ts';

const PAGE = 200;
const EVENTS_MAX = 5_000;
/** Most turns before it that become messages of a case. */
const EARLIER_MAX = 8;

/** What a request says of the case. */
export interface CaseRequest {
  readonly session_id: string;
  readonly turn_id: string;
  readonly case_id?: string | undefined;
  readonly expect?: GoldenCase['expect'] | undefined;
  readonly earlier: boolean;
}

/** Resolves with all labels of the decisions of a session: declared, found in texts, or carried on. */
async function labelsOf(readModel: ReadModel, tenantId: string, sessionId: string): Promise<readonly string[]> {
  const labels = new Set<string>();
  let [cursor, count]: [string | null, number] = [null, 0];
  do {
    const found: { items: readonly StoredEvent[]; nextCursor: string | null } = await readModel.events(
      tenantId,
      sessionId,
      { limit: PAGE, cursor },
    );
    for (const { type, data } of found.items) {
      if (shortName(type) !== 'PolicyDecided') continue;
      for (const label of (data['labels'] ?? []) as readonly string[]) labels.add(label);
      for (const { label } of (data['flow'] ?? []) as readonly { readonly label: string }[]) labels.add(label);
    }
    [cursor, count] = [found.nextCursor, count + found.items.length];
  } while (cursor !== null && count < EVENTS_MAX);
  // A session that is too long to be read whole may have a label that was not read here.
  return cursor === null ? [...labels] : [...labels, SECRET_LABEL];
}

interface Made {
  readonly given: GoldenCase;
  readonly redactions: number;
  /** At most as many as a command takes. */
  readonly labels: readonly string[];
}

/**
 * Resolves with the case of a turn. Rejects with Problem SESSION_UNKNOWN or RESOURCE_UNKNOWN without such a turn, TURN_RUNNING for
 * one that has not ended, GOLDEN_CASE_SECRET where the session has the label `secret`.
 */
export async function caseOfTurn(readModel: ReadModel, tenantId: string, request: CaseRequest): Promise<Made> {
  const { session_id: sessionId, turn_id: turnId } = request;
  const detail = await readModel.sessionDetail(tenantId, sessionId);
  if (detail === undefined) throw sessionUnknown(sessionId);
  const at = detail.turns.findIndex((each) => each.turnId === turnId);
  const turn = detail.turns[at];
  if (turn === undefined || turn.prompt === null)
    throw new Problem('RESOURCE_UNKNOWN', `The session has no turn ${turnId} with a prompt`);
  if (turn.status !== 'completed' && turn.status !== 'failed')
    throw new Problem('TURN_RUNNING', `The turn ${turnId} is ${turn.status}`);
  const labels = await labelsOf(readModel, tenantId, sessionId);
  if (labels.includes(SECRET_LABEL))
    throw new Problem('GOLDEN_CASE_SECRET', `The session ${sessionId} has the label ${SECRET_LABEL}`);
  let redactions = 0;
  const clean = (text: string): string => {
    const found = redact(text);
    redactions += found.redactions;
    return found.text.slice(0, GOLDEN_TEXT_CHARS_MAX);
  };
  const before = request.earlier ? detail.turns.slice(0, at).filter(isAnswered).slice(-EARLIER_MAX) : [];
  const earlier = before.flatMap(({ prompt, text }) => [
    { role: 'user' as const, content: clean(prompt ?? '') },
    { role: 'assistant' as const, content: clean(text ?? '') },
  ]);
  const prompt = clean(turn.prompt);
  const answer = turn.text === null || turn.text === '' ? {} : { text: clean(turn.text), verdict: 'allow' as const };
  const given: GoldenCase = {
    ...{ case_id: request.case_id ?? turnId, prompt, earlier, expect: request.expect ?? answer },
    source: { session_id: sessionId, turn_id: turnId, redactions, labels: [...labels] },
  };
  return { given, redactions, labels: labels.slice(0, DECLARED_LABELS_MAX) };
}

const isAnswered = ({ status, prompt, text }: TurnView): boolean =>
  status === 'completed' && prompt !== null && prompt !== '' && text !== null && text !== '';
