/** The request that is timed. */
export interface Asked {
  readonly model: string;
  readonly content: string;
}

/**
 * Asks for a streamed completion, reads it to its end, and returns the time from the request to the first chunk with
 * text, ms. Rejects when the answer is not a whole stream.
 */
export async function firstTokenMs(baseUrl: string, apiKey: string, { model, content }: Asked): Promise<number> {
  const body = { model, messages: [{ role: 'user', content }], stream: true, seed: 1, max_tokens: 64 };
  const began = performance.now();
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify(body),
  });
  if (response.status !== 200 || response.body === null)
    throw new Error(`POST ${baseUrl}/chat/completions answered ${response.status}: ${await response.text()}`);
  let text = '';
  let firstMs = Number.NaN;
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (Number.isNaN(firstMs) && /"content":"[^"]/.test(text)) firstMs = performance.now() - began;
  }
  if (!text.trimEnd().endsWith('data: [DONE]') || Number.isNaN(firstMs)) throw new Error(`no whole answer:\n${text}`);
  return firstMs;
}
