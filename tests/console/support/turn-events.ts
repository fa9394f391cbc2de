/** Events of turns, as the stream of the tenant sends them. */

const id = (kind: number, turn: number): string => `${kind}0000000-0000-4000-8000-${String(turn).padStart(12, '0')}`;

/** Id of the session of a made turn. */
export const sessionOf = (turn: number): string => id(1, turn);

export interface MadeEvent {
  readonly event: string;
  readonly data: object;
}

/** Returns an event of a made turn. */
export const turnEvent = (name: string, turn: number, data: object = {}): MadeEvent => ({
  event: `turn.${name}`,
  data: { event_id: '', session_id: sessionOf(turn), turn_id: id(2, turn), at: new Date().toISOString(), ...data },
});

/** Returns the request and the start of a turn. */
export const begin = (turn: number, prompt: string): readonly MadeEvent[] => [
  turnEvent('queued', turn, { prompt, model: null, position: 0, sequence: 1 }),
  turnEvent('started', turn, { prompt, model: null, sequence: 2 }),
];

/** Returns a part of the answer of a turn. */
export const delta = (turn: number, start: number, text: string): MadeEvent =>
  turnEvent('delta', turn, { attempt: 1, start, text });

/** Returns the end of a turn. */
export const complete = (turn: number, text: string): MadeEvent =>
  turnEvent('completed', turn, {
    ...{ attempt: 1, text, model_id: 'deterministic', finish_reason: 'stop', latency_ms: 412, sequence: 3 },
    tokens_consumed: { prompt: 31, completion: 12 },
  });
