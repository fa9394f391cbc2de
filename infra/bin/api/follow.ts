import { type Api, createApi } from '../../client/api.ts';
import { problemError } from '../../client/api-error.ts';
import type { TurnEvent } from '../../client/turn-events.ts';
import { print } from '../show/print.ts';
import { styleOf } from '../show/style.ts';
import { answered, gatewayOf } from './ask.ts';

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function eventText({ event, data }: TurnEvent, hidden: readonly string[]): string {
  const { dim, strong } = styleOf(process.stdout);
  const fields = Object.entries(data).filter(
    ([name, value]) => !hidden.includes(name) && value !== null && value !== '',
  );
  const shown = fields.map(([name, value]) => `${dim(`${name}=`)}${valueText(value)}`).join(' ');
  return `${dim(String(data['at']))} ${strong(event)} ${shown}`;
}

interface Tail {
  readonly json: true | undefined;
  /** Fields that are not for one line. */
  readonly hidden: readonly string[];
}

/** Prints events as they arrive, to their end, or until SIGINT or SIGTERM. */
export async function tailEvents(
  eventsOf: (api: Api, signal: AbortSignal) => AsyncGenerator<TurnEvent>,
  { json, hidden }: Tail,
): Promise<void> {
  const { url, token } = gatewayOf();
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const events = eventsOf(createApi({ url, token }), stopped.signal);
  try {
    for (;;) {
      const next = await answered(events.next());
      if (next.done === true) return;
      process.stdout.write(`${json === true ? JSON.stringify(next.value) : eventText(next.value, hidden)}\n`);
    }
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  }
}

/** Seconds of one request for a result. */
const WAIT_S = 20;

/** Options of a verb that prints a result. */
export interface ResultOptions {
  /** Seconds to wait for the end; 0 when omitted. */
  readonly wait?: number;
  readonly json?: true;
}

/** An answer to a request for a result; 202 while there is none. */
interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** Prints a result; waits for it as the options say. Exits with 2 while there is none. */
export async function printResult<Data>(
  ask: (api: Api, header: { readonly prefer?: string }) => Promise<Answer<Data>>,
  shown: (data: Data) => string,
  { wait = 0, json }: ResultOptions,
): Promise<void> {
  const api = createApi(gatewayOf());
  const until = Date.now() + wait * 1_000;
  for (;;) {
    const seconds = Math.max(0, Math.min(WAIT_S, Math.ceil((until - Date.now()) / 1_000)));
    const header = seconds === 0 ? {} : { prefer: `wait=${seconds}` };
    const { data, error, response } = await answered(ask(api, header));
    if (data === undefined) throw problemError(error, response);
    if (response.status === 202 && Date.now() < until) continue;
    if (response.status === 202) process.exitCode = 2;
    print(json, data, () => [shown(data)]);
    return;
  }
}
