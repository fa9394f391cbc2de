import { afterEach, describe, expect, it, vi } from 'vitest';
import { withGateway } from '../../client/testing.ts';
import { printResponse } from './follow.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const ID = 'resp_4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01';
const TEXT = 'A knot.';

type Event = { readonly type: string; readonly sequence_number: number } & Readonly<Record<string, unknown>>;

/** Events of an answer, a character each; the numbers rise and are not dense, as those of the gateway. */
const events: readonly Event[] = [
  { type: 'response.created', sequence_number: 0 },
  ...[...TEXT].map((delta, at) => ({ type: 'response.output_text.delta', delta, sequence_number: 4 + at })),
  { type: 'response.completed', sequence_number: 40, response: { status: 'completed' } },
];

const frame = (event: Event): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** Follows a response at a gateway that breaks off after `cut` events of each connection. Returns the output and the requests. */
async function follow(cut: number, options: Parameters<typeof printResponse>[1] = {}, all = events) {
  let output = '';
  const urls: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  const print = withGateway(
    (request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      urls.push(url.pathname + url.search);
      const after = Number(url.searchParams.get('starting_after') ?? -1);
      const rest = all.filter(({ sequence_number: number }) => number > after);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of rest.slice(0, cut)) response.write(frame(event));
      response.end();
    },
    (url) => {
      vi.stubEnv('KHIPU_URL', url);
      vi.stubEnv('KHIPU_API_KEY', 'k');
      return printResponse(ID, options);
    },
  );
  await print;
  return { output, urls };
}

describe('the stream of a response', () => {
  it('is printed as it is written', async () => {
    const { output, urls } = await follow(Number.POSITIVE_INFINITY);
    expect(output).toBe(`${TEXT}\n`);
    expect(urls).toEqual([`/v1/responses/${ID}?stream=true`]);
  });

  it('is resumed after its last event when it breaks off, without a gap or a repeat', async () => {
    const { output, urls } = await follow(5);
    expect(output).toBe(`${TEXT}\n`);
    expect(urls).toEqual([`/v1/responses/${ID}?stream=true`, `/v1/responses/${ID}?stream=true&starting_after=7`]);
  });

  it('begins after a number, and is one event a line as JSON', async () => {
    const { output, urls } = await follow(Number.POSITIVE_INFINITY, { startingAfter: 8, json: true });
    const lines = output.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as Event).sequence_number)).toEqual([9, 10, 40]);
    expect(urls).toEqual([`/v1/responses/${ID}?stream=true&starting_after=8`]);
  });

  it('ends with the code of a response that failed', async () => {
    const error = { code: 'SLM_TIMEOUT', message: 'too slow' };
    const failed = { type: 'response.failed', sequence_number: 9, response: { status: 'failed', error } };
    const ended = follow(Number.POSITIVE_INFINITY, {}, [...events.slice(0, 3), failed]);
    await expect(ended).rejects.toMatchObject({ code: 'SLM_TIMEOUT', message: 'too slow' });
  });
});

it('an error in the envelope of the OpenAI API has its code', async () => {
  const error = { code: 'RESPONSE_NOT_FOUND', message: 'There is no such response', type: 'invalid_request_error' };
  const asked = withGateway(
    (_, response) => response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error })),
    (url) => {
      vi.stubEnv('KHIPU_URL', url);
      vi.stubEnv('KHIPU_API_KEY', 'k');
      return printResponse(ID, {});
    },
  );
  await expect(asked).rejects.toMatchObject({ code: 'RESPONSE_NOT_FOUND', message: 'There is no such response' });
});
