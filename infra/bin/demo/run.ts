import { PERSONA_DEFAULT } from '../../../schemas/contexts/personas/built-in.ts';
import { answerText } from './answer.ts';
import type { DemoApi, Started, StartOutcome } from './api.ts';
import { decisionsText, featuresText, type TextOptions } from './decisions.ts';
import { DemoError } from './platform.ts';
import { forbiddenPrompt } from './prompts.ts';
import { recordsText } from './records.ts';
import {
  type AllowedReport,
  commandOf,
  type DemoReport,
  featuresOf,
  type JudgedPrompt,
  linksOf,
  type RefusedReport,
  usageOf,
} from './report.ts';

const ANSWER_TOKENS_MAX = 40;

/** What to run, and how to show it. */
export interface DemoOptions extends TextOptions {
  readonly prompt: string;
  /** Shows the features of the decisions too. */
  readonly features: boolean;
  /** Receives each part of the text as soon as it is known. */
  readonly write: (text: string) => void;
}

interface Answer {
  readonly text: string;
  readonly firstMs: number;
  readonly ms: number;
}

/** Returns the session of a start. Throws DemoError with the code of a refusal. */
function sessionOf({ status, started, refused }: StartOutcome): Started {
  if (started !== undefined) return started;
  const hint = status === 401 ? '; is KHIPU_API_KEY of this shell from before a reset? unset KHIPU_API_KEY' : '';
  throw new DemoError(refused?.code ?? 'TURN_FAILED', `the start was answered ${status}: ${refused?.detail}${hint}`);
}

/** Reads the answer of a turn to its end. An attempt that begins again replaces the text. */
async function answerOf(api: DemoApi, started: Started, began: number): Promise<Answer> {
  const since = (): number => Math.round(performance.now() - began);
  let firstMs = 0;
  for await (const { event, data } of api.stream(started)) {
    if (event === 'turn.delta') firstMs ||= since();
    if (event === 'turn.failed' || event === 'turn.refused')
      throw new DemoError(String(data['code']), `${event}: ${String(data['detail'])}`);
    if (event === 'turn.completed') return { text: String(data['text']), firstMs: firstMs || since(), ms: since() };
  }
  throw new DemoError('TURN_FAILED', 'the stream ended before the turn');
}

/** Returns the denied prompt, with its decision. Rejects with DEMO_NOT_REFUSED when it is not denied. */
async function refusedPrompt(api: DemoApi): Promise<RefusedReport> {
  const { status, refused } = await api.start({ persona: PERSONA_DEFAULT, prompt: forbiddenPrompt });
  if (status !== 403 || refused?.decision === undefined || refused.session_id === undefined)
    throw new DemoError(
      'DEMO_NOT_REFUSED',
      `the start was answered ${status} ${refused?.code ?? ''}, not with a refusal`,
    );
  const { code, detail, decision, session_id } = refused;
  const events = await api.events(session_id, 'PolicyDecided', 'SessionRefused');
  const judged = { prompt: forbiddenPrompt, status, decision, ...recorded(events) };
  return { session_id, ...judged, code, detail };
}

const recorded = (
  events: Awaited<ReturnType<DemoApi['events']>>,
): Pick<JudgedPrompt, 'features' | 'command_id' | 'events'> => ({
  features: featuresOf(events),
  command_id: commandOf(events),
  events: linksOf(events),
});

/**
 * Starts a session whose prompt is allowed and one whose prompt is denied, and shows the decisions, then the records of both,
 * then the answer of the model. Rejects with DemoError.
 */
export async function runDemo(api: DemoApi, { prompt, features, write, ...options }: DemoOptions): Promise<DemoReport> {
  const began = performance.now();
  const outcome = await api.start({ persona: PERSONA_DEFAULT, prompt, max_tokens: ANSWER_TOKENS_MAX });
  const started = sessionOf(outcome);
  const startedMs = Math.round(performance.now() - began);
  const answering = answerOf(api, started, began);
  // It is awaited below; a failure of the other prompt must not leave it unhandled.
  answering.catch(() => undefined);
  const { session_id, decision, turn_id = '' } = started;
  const [refused, decided] = await Promise.all([refusedPrompt(api), api.events(session_id, 'PolicyDecided')]);
  const judged: JudgedPrompt = { session_id, prompt, status: outcome.status, decision, ...recorded(decided) };
  write(`\n${decisionsText(judged, refused, options)}\n`);
  if (features) write(`\n${featuresText(judged, refused, options)}\n`);

  const { text, firstMs, ms } = await answering;
  const events = await api.events(session_id, 'PolicyDecided', 'SessionStarted', 'TurnCompleted', 'SlmMetered');
  const allowed: AllowedReport = {
    ...{ ...judged, ...recorded(events), turn_id, answer: text },
    ...{ started_ms: startedMs, first_token_ms: firstMs, answer_ms: ms, usage: usageOf(events) },
  };
  write(`\n${recordsText(allowed, refused, options)}\n\n${answerText(allowed, options)}\n`);
  return { allowed, refused };
}
