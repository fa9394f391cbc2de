import { readEvents } from './events.ts';

/** Yields the events of the body of a stream: their data is JSON. */
export async function* eventsOf(body: ReadableStream<Uint8Array>) {
  for await (const { id, event, data } of readEvents(chunksOf(body)))
    yield { id, event, data: JSON.parse(data) as Readonly<Record<string, unknown>> };
}

/** Yields the chunks of a body. Not every browser can iterate over a body itself. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) yield chunk.value;
  } finally {
    // A reader that stops early closes the connection; one that broke off has none.
    await reader.cancel().catch(() => undefined);
  }
}
