import { createParser, type EventSourceMessage, ParseError } from 'eventsource-parser';

/** One Server-Sent Event. */
export interface ServerSentEvent {
  /** Empty for an event without an id. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Maximum length of an event, far above the longest answer of a model. */
const EVENT_CHARS_MAX = 4_194_304;

const named = ({ id = '', event = 'message', data }: EventSourceMessage): ServerSentEvent => ({ id, event, data });

/**
 * Yields the Server-Sent Events of a byte stream, and passes its comments to `onComment`. Ignores unknown fields. Rejects
 * with ParseError when an event has more than 4,194,304 characters. Source: WHATWG HTML, 9.2.6.
 */
export async function* readEvents(
  stream: AsyncIterable<Uint8Array>,
  onComment: (comment: string) => void = () => {},
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  const read: ServerSentEvent[] = [];
  const parser = createParser({
    onEvent: (message) => read.push(named(message)),
    onComment,
    onError: (error) => {
      if (error instanceof ParseError && error.type === 'max-buffer-size-exceeded') throw error;
    },
    maxBufferSize: EVENT_CHARS_MAX,
  });
  for await (const chunk of stream) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* read.splice(0);
  }
}
