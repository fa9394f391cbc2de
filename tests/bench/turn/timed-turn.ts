export interface Turn {
  /** From the time at which the POST was due to its 201, ms. */
  readonly createdMs: number;
  /** From the same time to the first event of the stream, ms. */
  readonly firstEventMs: number;
  /** Tokens of the answer. */
  readonly tokens: number;
}

/** Address and credentials of the measured platform. */
export interface Target {
  readonly url: string;
  readonly apiKey: string;
}

/** The requested answer. Default: a short one, without a bound. */
export interface Question {
  readonly prompt: string;
  readonly maxTokens: number;
}

/**
 * Starts a session with a prompt and reads the stream of its first turn to the end. Rejects when the answer is not a 201,
 * or the turn does not complete.
 */
export async function timeTurn(
  { url, apiKey }: Target,
  dueMs: number = performance.now(),
  question?: Question,
): Promise<Turn> {
  const body = {
    persona: 'guide',
    prompt: question?.prompt ?? 'What is a khipu?',
    ...(question && { max_tokens: question.maxTokens }),
  };
  const created = await fetch(`${url}/v1/sessions/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(body),
  });
  if (created.status !== 201)
    throw new Error(`POST /v1/sessions/start answered ${created.status}: ${await created.text()}`);
  const { turn_url, token } = (await created.json()) as { turn_url: string; token: string };
  const createdMs = performance.now() - dueMs;
  const stream = await fetch(new URL(turn_url, url), {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  if (stream.status !== 200 || stream.body === null) throw new Error(`GET ${turn_url} answered ${stream.status}`);
  let text = '';
  let firstEventMs = Number.NaN;
  for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (Number.isNaN(firstEventMs) && /^event: turn\./m.test(text)) firstEventMs = performance.now() - dueMs;
  }
  if (!text.includes('event: turn.completed')) throw new Error(`the turn did not complete:\n${text}`);
  return { createdMs, firstEventMs, tokens: Number(/"completion":(\d+)/.exec(text)?.[1]) };
}
