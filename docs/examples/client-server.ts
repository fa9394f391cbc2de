import { createApi, createTicket, settledAnswer, untilSettled } from 'khipu/client';

const { KHIPU_URL: url = '', KHIPU_API_KEY: apiKey = '' } = process.env;
const api = createApi({ url, token: apiKey });

/** Starts a session. Resolves with what its page may have: the id, and a token that can only ask the default model. */
export async function sessionForPage(): Promise<{ readonly sessionId: string; readonly token: string }> {
  const signal = AbortSignal.timeout(60_000);
  const body = { persona: 'guide' };
  const started = await untilSettled((headers) => api.POST('/v1/sessions/start', { body, headers, signal }), signal);
  const { session_id: sessionId, token: whole } = settledAnswer(started);
  const narrowed = await createApi({ url, token: whole }).POST('/v1/sessions/{session_id}/tokens', {
    params: { path: { session_id: sessionId } },
    body: { capabilities: ['slm:invoke:default'], ttl_seconds: 600 },
  });
  return { sessionId, token: settledAnswer(narrowed).token };
}

/** Resolves with a ticket for the stream of a session. Check before that this visitor may read it. */
export const ticketForPage = (sessionId: string): Promise<string> => createTicket(api, sessionId);
