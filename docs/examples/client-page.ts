import { createApi, followTurn, type TurnEvent, ticketedEvents } from 'khipu/client';

/** Asks, and shows the answer as it is generated. Needs a token of the session. */
export async function ask(
  url: string,
  { sessionId, token }: { readonly sessionId: string; readonly token: string },
  prompt: string,
  show: (event: TurnEvent) => void,
): Promise<void> {
  const api = createApi({ url, token });
  const params = { path: { session_id: sessionId } };
  const { data: turn, error } = await api.POST('/v1/sessions/{session_id}/turns', { params, body: { prompt } });
  if (turn === undefined) throw new Error(error.detail);
  for await (const event of followTurn(api, { sessionId, turnId: turn.turn_id })) show(event);
}

/** Shows all turns of a session with EventSource, and resumes until `signal` aborts. Needs no token in the page, only tickets. */
export async function watch(
  url: string,
  sessionId: string,
  ticket: () => Promise<string>,
  show: (event: TurnEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  for await (const event of ticketedEvents({ url, sessionId, ticket, signal })) show(event);
}
