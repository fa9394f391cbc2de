import { setTimeout as sleep } from 'node:timers/promises';

export interface SseEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** Server-sent events of a byte stream (WHATWG HTML, 9.2.6), comments and retry fields left out. */
export async function* readSse(stream: AsyncIterable<Uint8Array>): AsyncGenerator<SseEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    rest = (rest + decoder.decode(chunk, { stream: true })).replaceAll('\r\n', '\n');
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = { event: 'message', id: '', data: [] as string[] };
      for (const line of block.split('\n')) {
        const [, name, value = ''] = /^(event|id|data)(?:: ?(.*))?$/.exec(line) ?? [];
        if (name === 'data') fields.data.push(value);
        else if (name === 'event' || name === 'id') fields[name] = value;
      }
      if (fields.data.length > 0) yield { ...fields, data: fields.data.join('\n') };
    }
  }
}

export interface TurnResult {
  readonly sessionId: string;
  readonly turnId: string;
  /** Of `turn.completed`; `turn.failed` and `turn.refused` are thrown. */
  readonly answer: string;
  readonly decision: { readonly outcome: string; readonly reasons: readonly string[] };
  /** POST → 201, POST → first delta, POST → completed. */
  readonly ms: { readonly started: number; readonly firstDelta: number; readonly completed: number };
}

/** The turn did not go through. `code` is the gateway's, or TURN_FAILED. */
export class TurnError extends Error {
  override readonly name = 'TurnError';
  readonly code: string;
  /** The platform may only just be coming up: asking again is sensible. */
  readonly isTransient: boolean;
  constructor(code: string, message: string, isTransient = false) {
    super(message);
    this.code = code;
    this.isTransient = isTransient;
  }
}

interface Started {
  readonly session_id: string;
  readonly turn_id: string;
  readonly token: string;
  readonly turn_url: string;
  readonly decision: { readonly outcome: string; readonly reasons: readonly string[] };
}

async function orThrow(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  let problem: { code?: string; detail?: string; title?: string } = {};
  try {
    problem = JSON.parse(text) as typeof problem;
  } catch {}
  const detail = problem.detail ?? problem.title ?? text.slice(0, 200);
  throw new TurnError(problem.code ?? 'TURN_FAILED', `${response.status} ${detail}`, response.status >= 500);
}

async function fetchOrThrow(url: string, init: RequestInit): Promise<Response> {
  try {
    return await orThrow(await fetch(url, init));
  } catch (error) {
    if (error instanceof TurnError) throw error;
    throw new TurnError('GATEWAY_UNREACHABLE', `${url}: ${(error as Error).message}`, true);
  }
}

export interface TurnOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly prompt: string;
  readonly persona?: string;
  /** Each piece of the answer as it comes. */
  readonly onDelta?: (text: string) => void;
  /** Bounds the whole turn. */
  readonly timeoutMs?: number;
  /** Gives the turn up. */
  readonly signal?: AbortSignal | undefined;
}

/** One session with one turn over the public HTTP path, as any client would. Rejects with TurnError. */
export async function runTurn(options: TurnOptions): Promise<TurnResult> {
  const { url, apiKey, prompt, persona = 'guide', onDelta = () => {}, timeoutMs = 90_000 } = options;
  const bound = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([bound, options.signal]) : bound;
  const began = Date.now();
  const response = await fetchOrThrow(`${url}/v1/sessions/start`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ persona, prompt }),
    signal,
  });
  const session = (await response.json()) as Started;
  const startedMs = Date.now() - began;
  const headers = { authorization: `Bearer ${session.token}`, accept: 'text/event-stream' };
  const stream = await fetchOrThrow(new URL(session.turn_url, url).href, { headers, signal });
  if (!stream.body) throw new TurnError('TURN_FAILED', 'the stream has no body');
  let answer = '';
  let firstDelta = 0;
  for await (const { event, data } of readSse(stream.body)) {
    const body = JSON.parse(data) as { text?: string; delta?: string; code?: string; detail?: string; reason?: string };
    if (event === 'turn.delta') {
      firstDelta ||= Date.now() - began;
      const text = body.text ?? body.delta ?? '';
      answer += text;
      onDelta(text);
    }
    if (event === 'turn.failed' || event === 'turn.refused')
      throw new TurnError(body.code ?? 'TURN_FAILED', `${event}: ${body.detail ?? body.reason ?? data}`);
    if (event === 'turn.completed') {
      const ms = { started: startedMs, firstDelta: firstDelta || Date.now() - began, completed: Date.now() - began };
      const { session_id: sessionId, turn_id: turnId, decision } = session;
      return { sessionId, turnId, answer: answer || (body.text ?? ''), decision, ms };
    }
  }
  throw new TurnError('TURN_FAILED', 'the stream ended before the turn did', true);
}

/** The same, asked again each half second while the platform refuses for being on its way up; at most `patienceMs`. */
export async function runFirstTurn(options: TurnOptions, patienceMs = 30_000): Promise<TurnResult> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(500)) {
    try {
      return await runTurn(options);
    } catch (error) {
      const isHopeless = !(error instanceof TurnError && error.isTransient) || options.signal?.aborted;
      if (isHopeless || Date.now() > deadline) throw error;
    }
  }
}
