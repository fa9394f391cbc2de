import { readEvents } from '../../infra/client/events.ts';

export interface SseEvent {
  readonly id: string;
  readonly event: string;
  /** JSON of the data. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface SseStream {
  readonly status: number;
  readonly headers: Headers;
  /** Body of an answer that is no stream, as JSON; undefined for a stream and for 204. */
  readonly problem: Readonly<Record<string, unknown>> | undefined;
  /** Comments seen so far, heartbeats among them. */
  readonly comments: readonly string[];
  events(): AsyncGenerator<SseEvent, void, undefined>;
  /** Drops the connection, as a client that goes away does. */
  cut(): void;
}

export interface SseOptions {
  /** Null for a stream that is opened by its URL alone. */
  readonly token: string | null;
  readonly lastEventId?: string | number;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens a stream of Server-Sent Events, as a browser would, with its token in a header. */
export async function openSse(url: string, options: SseOptions): Promise<SseStream> {
  const abort = new AbortController();
  const response = await fetch(url, {
    headers: {
      accept: 'text/event-stream',
      ...(options.token === null ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': String(options.lastEventId) }),
      ...options.headers,
    },
    signal: options.signal === undefined ? abort.signal : AbortSignal.any([abort.signal, options.signal]),
  });
  const streams = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const text = streams ? '' : await response.text();
  const comments: string[] = [];

  async function* events(): AsyncGenerator<SseEvent, void, undefined> {
    if (!streams || response.body === null) return;
    for await (const { id, event, data } of readEvents(response.body, (comment) => comments.push(comment.trim())))
      yield { id, event, data: JSON.parse(data) as SseEvent['data'] };
  }
  return {
    status: response.status,
    headers: response.headers,
    problem: text === '' ? undefined : (JSON.parse(text) as Readonly<Record<string, unknown>>),
    comments,
    events,
    cut: () => abort.abort(),
  };
}

/** Reads until the stream ends, or until `enough` says so; then drops the connection. */
export async function readSse(
  url: string,
  options: SseOptions,
  enough: (event: SseEvent, soFar: readonly SseEvent[]) => boolean = () => false,
): Promise<SseEvent[]> {
  const stream = await openSse(url, options);
  if (stream.status !== 200 && stream.status !== 204)
    throw new Error(`${url} answered ${stream.status}: ${JSON.stringify(stream.problem)}`);
  const seen: SseEvent[] = [];
  for await (const event of stream.events()) {
    seen.push(event);
    if (enough(event, seen)) break;
  }
  stream.cut();
  return seen;
}
