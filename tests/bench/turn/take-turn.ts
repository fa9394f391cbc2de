export interface Turn {
  readonly createdMs: number;
  readonly firstEventMs: number;
}

/** From the POST to its 201, and from the POST to the first event of the stream. */
export async function takeTurn(url: string, apiKey: string): Promise<Turn> {
  const began = performance.now();
  const created = await fetch(`${url}/v1/sessions/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ persona: 'guide', prompt: 'What is a khipu?' }),
  });
  if (created.status !== 201)
    throw new Error(`POST /v1/sessions/start answered ${created.status}: ${await created.text()}`);
  const { turn_url, token } = (await created.json()) as { turn_url: string; token: string };
  const createdMs = performance.now() - began;
  const stream = await fetch(new URL(turn_url, url), {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  if (stream.status !== 200 || stream.body === null) throw new Error(`GET ${turn_url} answered ${stream.status}`);
  let text = '';
  let firstEventMs = Number.NaN;
  for await (const chunk of stream.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (Number.isNaN(firstEventMs) && /^event: turn\./m.test(text)) firstEventMs = performance.now() - began;
  }
  if (!text.includes('event: turn.completed')) throw new Error(`the turn did not complete:\n${text}`);
  return { createdMs, firstEventMs };
}

/** Begins a piece of work at each tick, whether or not those before have ended. Rejects with the first failure, when all have ended. */
export async function openLoop<T>(count: number, perSecond: number, work: () => Promise<T>): Promise<T[]> {
  const running: Promise<PromiseSettledResult<T>>[] = [];
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1_000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    running.push(Promise.allSettled([work()]).then(([settled]) => settled));
    if (process.stderr.isTTY && index % perSecond === 0) process.stderr.write(`\r${index} of ${count} turns`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const settled = await Promise.all(running);
  const failed = settled.filter((result) => result.status === 'rejected');
  if (failed.length > 0) throw new Error(`${failed.length} of ${count} turns failed`, { cause: failed[0]?.reason });
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}
