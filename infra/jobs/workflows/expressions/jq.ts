import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { codedError } from '../../../kit/coded-error.ts';
import {
  EXPRESSION_DATA_BYTES_MAX,
  EXPRESSION_MEMORY_BYTES_MAX,
  EXPRESSION_MS_MAX,
  EXPRESSION_VALUE_BYTES_MAX,
} from '../limits.ts';

export interface JqQuestion {
  /** JSON. */
  readonly input: string;
  readonly filter: string;
}
export type JqAnswer = { readonly output: string } | { readonly error: string; readonly isDead: boolean };

export interface JqThreadData {
  /** Four bytes: 1 once the answer is on `port`. */
  readonly control: SharedArrayBuffer;
  readonly port: MessagePort;
  readonly memoryBytesMax: number;
}

/**
 * An expression without a value. EXPRESSION_FAILED: it does not compile, or fails with these data, as it would again.
 * EXPRESSION_TOO_LARGE: of the data or the value. EXPRESSION_MEMORY: it takes too much. EXPRESSION_TIMEOUT: it took too long, which
 * depends on the load of the machine: a caller must not go on by it.
 */
export class ExpressionError extends codedError<
  'EXPRESSION_FAILED' | 'EXPRESSION_TOO_LARGE' | 'EXPRESSION_MEMORY' | 'EXPRESSION_TIMEOUT'
>('ExpressionError') {}

/** What differs from call to call, or reaches out of an expression: a run must find the same again. */
const HIDDEN: readonly string[] = [
  ...['now', 'input', 'inputs', 'env', 'input_filename', 'input_line_number', 'halt', 'halt_error', 'debug', 'stderr'],
  ...['localtime', 'get_search_list', 'strflocaltime(f)', 'debug(f)', 'halt_error(f)', 'modulemeta'],
];
const PRELUDE = `${HIDDEN.map((name) => `def ${name}: error("${name.replace(/\(.*/, '')} is not available");`).join('')}{} as $ENV|`;

const TOO_LARGE = 'the value is too large';
/** jq bounds its value itself, before it is written. */
const BOUNDED = `if (tojson|utf8bytelength)>${EXPRESSION_VALUE_BYTES_MAX} then error("${TOO_LARGE}") else . end`;

export interface JqLimits {
  readonly timeoutMs?: number;
  readonly memoryBytesMax?: number;
}

/**
 * A jq interpreter (WebAssembly) that answers at once: it evaluates in a thread, and the caller blocks until it is done or its
 * time is over, when the thread is ended. Handlers of jobs may wait for nothing but their context, so an evaluation is no promise.
 * It is bounded in time, memory and size; an expression finds neither a clock, nor an environment, nor other inputs.
 */
export class Jq {
  readonly #timeoutMs: number;
  readonly #memoryBytesMax: number;
  #thread: { readonly worker: Worker; readonly port: MessagePort; readonly signal: Int32Array } | null = null;

  constructor({ timeoutMs = EXPRESSION_MS_MAX, memoryBytesMax = EXPRESSION_MEMORY_BYTES_MAX }: JqLimits = {}) {
    this.#timeoutMs = timeoutMs;
    this.#memoryBytesMax = memoryBytesMax;
  }

  /**
   * Returns the value of an expression for data, with named variables. Throws ExpressionError; also where it has no value or
   * several.
   */
  evaluate(expression: string, data: unknown, variables: Readonly<Record<string, unknown>> = {}): unknown {
    const names = Object.keys(variables);
    const binding = names.length === 0 ? '' : `.[1] as {${names.map((name) => `$${name}`).join(',')}}|`;
    // The line break ends a comment of the expression.
    const text = this.#ask(
      JSON.stringify([data ?? null, variables]),
      `${PRELUDE}${binding}.[0]|[${expression}\n]|${BOUNDED}`,
    );
    const values = JSON.parse(text) as readonly unknown[];
    if (values.length !== 1)
      throw new ExpressionError('EXPRESSION_FAILED', `the expression has ${values.length} values; expected one`);
    return values[0];
  }

  /** Returns what is wrong with the form of an expression; null when it compiles. `names` are its variables. */
  problemOf(expression: string, names: readonly string[]): string | null {
    const bound = names.map((name) => `null as $${name}|`).join('');
    try {
      this.#ask('null', `${PRELUDE}${bound}[empty|(${expression}\n)]`);
      return null;
    } catch (error) {
      return error instanceof ExpressionError ? error.message : String(error);
    }
  }

  #ask(input: string, filter: string): string {
    if (Buffer.byteLength(input) > EXPRESSION_DATA_BYTES_MAX)
      throw new ExpressionError('EXPRESSION_TOO_LARGE', `the data have more than ${EXPRESSION_DATA_BYTES_MAX} bytes`);
    const { worker, port, signal } = this.#running();
    Atomics.store(signal, 0, 0);
    worker.postMessage({ input, filter } satisfies JqQuestion);
    if (Atomics.wait(signal, 0, 0, this.#timeoutMs) === 'timed-out') {
      this.close();
      throw new ExpressionError('EXPRESSION_TIMEOUT', `the expression took longer than ${this.#timeoutMs} ms`);
    }
    const answer = receiveMessageOnPort(port)?.message as JqAnswer | undefined;
    if (answer === undefined) throw new ExpressionError('EXPRESSION_TIMEOUT', 'the evaluator gave no answer');
    if ('error' in answer) {
      if (answer.error.includes(TOO_LARGE))
        throw new ExpressionError(
          'EXPRESSION_TOO_LARGE',
          `the value has more than ${EXPRESSION_VALUE_BYTES_MAX} bytes`,
        );
      if (!answer.isDead) throw new ExpressionError('EXPRESSION_FAILED', answer.error.trim().slice(0, 500));
      this.close();
      throw new ExpressionError('EXPRESSION_MEMORY', 'the expression takes more memory than it may have');
    }
    return answer.output;
  }

  #running() {
    if (this.#thread !== null) return this.#thread;
    const control = new SharedArrayBuffer(4);
    const { port1: port, port2 } = new MessageChannel();
    const workerData: JqThreadData = { control, port: port2, memoryBytesMax: this.#memoryBytesMax };
    const worker = new Worker(new URL('./jq-thread.ts', import.meta.url), { workerData, transferList: [port2] });
    // An idle evaluator does not keep a process.
    worker.unref();
    port.unref();
    this.#thread = { worker, port, signal: new Int32Array(control) };
    return this.#thread;
  }

  /** Ends the thread; the next evaluation begins another one. */
  close(): void {
    const { worker, port } = this.#thread ?? {};
    this.#thread = null;
    port?.close();
    void worker?.terminate();
  }
}
