import { request } from 'node:http';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { TestPlatform } from '../../support/platform.ts';

/** What a client had received when it hung up. */
export interface HungUp {
  /** Id of the session; null when no chunk was complete. */
  readonly sessionId: string | null;
  /** Text of the complete chunks. */
  readonly text: string;
  /** True when the answer ended before the byte at which the client would have hung up. */
  readonly whole: boolean;
}

/** Returns what the complete chunks of a stream have. */
function readOf(body: string): HungUp {
  const frames = body.split('\n\n').slice(0, -1);
  const chunks = frames
    .map((frame) => frame.replace(/^data: /, ''))
    .flatMap((data) => (data === '[DONE]' ? [] : [JSON.parse(data) as ChatCompletionChunk]));
  return {
    sessionId: chunks[0]?.id.replace('chatcmpl-', '') ?? null,
    text: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
    whole: frames.at(-1) === 'data: [DONE]',
  };
}

/**
 * Asks for a streamed answer, and closes the connection at a byte of its body; for 0, as soon as the request is written.
 * Rejects when the request is refused.
 */
export const hangUpAt = ({ url, apiKey }: Pick<TestPlatform, 'url' | 'apiKey'>, prompt: string, byte: number) =>
  new Promise<HungUp>((resolve, reject) => {
    const body = JSON.stringify({ model: 'default', messages: [{ role: 'user', content: prompt }], stream: true });
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const sent = request(`${url}/v1/chat/completions`, { method: 'POST', headers, agent: false });
    let received = Buffer.alloc(0);
    let status = 0;
    const end = (): void => {
      sent.destroy();
      if (status === 200 || status === 0) resolve(readOf(received.subarray(0, byte).toString()));
      else reject(new Error(`${status}: ${received.toString()}`));
    };
    sent.on('response', (response) => {
      status = response.statusCode ?? 0;
      response.on('data', (data: Buffer) => {
        received = Buffer.concat([received, data]);
        if (status === 200 && received.length >= byte) end();
      });
      response.on('end', end);
      response.on('error', end);
    });
    sent.on('error', (error) => (status === 0 && byte > 0 ? reject(error) : end()));
    sent.end(body, () => {
      // The gateway has the request when it is written; a moment later it may have begun to answer.
      if (byte === 0) setTimeout(end, 5);
    });
  });
