import { isOpen, type LiveTurn } from '../state/live-turn.ts';
import { count, duration, shortId } from '../state/text.ts';
import { Cord } from './cord.tsx';
import { Mark } from './mark.tsx';

/** Characters of an answer that a row shows: its end, where it grows. */
const TAIL_CHARS = 140;

const tailOf = (text: string): string => (text.length > TAIL_CHARS ? `…${text.slice(-TAIL_CHARS)}` : text);

const answerOf = ({ status, text, code, detail }: LiveTurn): string =>
  status === 'failed' || status === 'refused' ? `${code ?? ''} ${detail ?? ''}` : tailOf(text);

const timeOf = ({ endedAt, firstTextAt, since, latencyMs }: LiveTurn): string => {
  if (latencyMs !== null) return duration(latencyMs);
  if (endedAt !== null) return duration(endedAt - since);
  return firstTextAt === null ? '' : `first ${duration(Math.max(0, firstTextAt - since))}`;
};

/** One turn on one line of the list: its cord, its prompt, the end of its answer, its state. */
export const TurnRow = ({ turn }: { readonly turn: LiveTurn }) => (
  <div class="turn-row">
    <Cord turn={turn} />
    <div class="turn-texts">
      <span class="turn-prompt">{turn.prompt === '' ? `session ${shortId(turn.sessionId)}` : turn.prompt}</span>
      <span class={isOpen(turn) ? 'turn-answer turn-growing' : 'turn-answer'}>{answerOf(turn)}</span>
    </div>
    <div class="turn-facts">
      <Mark state={turn.status} />
      <span class="turn-time">{timeOf(turn)}</span>
      <span class="turn-tokens">{turn.tokens === null ? '' : `${count(turn.tokens)} tokens`}</span>
    </div>
  </div>
);
