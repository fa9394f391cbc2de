/** First frame of a stream: a client reconnects after one second. */
export const RETRY_FRAME = 'retry: 1000\n\n';
/** A comment, which clients ignore. */
export const HEARTBEAT_FRAME = ': heartbeat\n\n';

/** Returns a frame without its id. JSON has no raw line breaks, so one data line is enough. Source: WHATWG HTML, 9.2. */
export const frameBody = (name: string, data: Readonly<Record<string, unknown>>): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** Returns a whole frame. */
export const frameOf = (id: string, body: string): string => `id: ${id}\n${body}`;
