import { createApi, followTurn, settledAnswer, untilSettled } from 'khipu/client';

const { KHIPU_URL: url = '', KHIPU_API_KEY: apiKey = '' } = process.env;
const signal = AbortSignal.timeout(120_000);

// A write may be answered 202, before its outcome is known: untilSettled repeats it under the same Idempotency-Key.
const api = createApi({ url, token: apiKey });
const body = { persona: 'guide', prompt: 'What is a khipu?' };
const started = await untilSettled((headers) => api.POST('/v1/sessions/start', { body, headers, signal }), signal);
const { session_id: sessionId, turn_id: turnId, token } = settledAnswer(started);

for await (const { event, data } of followTurn(createApi({ url, token }), { sessionId, turnId, signal })) {
  if (event === 'turn.delta') process.stdout.write(String(data['text']));
  else console.log(`\n[${event}]`);
}
