// Shows the progress of a fetch: on a terminal one line per download, updated in place; elsewhere a line at every
// change and every 10 s.

const plainEveryMs = 10_000;
const titles = { kafka: 'Kafka', registry: 'registry', redis: 'Redis', model: 'model' };

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/**
 * Returns one line of progress.
 * @param {import('./fetch.mjs').FetchEvent} event
 */
export function describeFetch({ name, state, mb, ofMb, ms, cause }) {
  const title = (titles[name] ?? name).padEnd(12);
  if (state === 'fetching') return `${title} fetching, ${mb} of about ${ofMb} MB, ${seconds(ms)}`;
  if (state === 'done') return `${title} fetched in ${seconds(ms)}`;
  return `${title} ${state}${cause ? `: ${cause}` : ''}`;
}

/**
 * Returns a reporter that writes to a stream.
 * @param {{ write: (text: string) => unknown, isTTY?: boolean }} stream
 */
export function fetchReporter(stream) {
  const live = stream.isTTY === true && !process.env.CI;
  const lines = new Map();
  const told = new Map();
  let drawn = 0;
  const clear = () => {
    if (drawn > 0) stream.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    clear();
    for (const line of lines.values()) stream.write(`${line}\n`);
    drawn = lines.size;
  };
  const plain = (event) => {
    const last = told.get(event.name);
    if (last?.state === event.state && event.ms - last.ms < plainEveryMs) return;
    told.set(event.name, event);
    stream.write(`${describeFetch(event)}\n`);
  };
  return {
    event: (event) => {
      if (!live) return plain(event);
      lines.set(event.name, describeFetch(event));
      draw();
    },
    note: (text) => {
      if (!live) return stream.write(`${text}\n`);
      clear();
      stream.write(`${text}\n`);
      draw();
    },
    end: () => {
      drawn = 0;
    },
  };
}
