import { type JSONRPCMessage, ReadBuffer, serializeMessage, type Transport } from '@modelcontextprotocol/client';
import { openSandbox } from '../../../sandbox/open.ts';
import type { ProgramStreams, SandboxRequest } from '../../../sandbox/port.ts';
import { ToolError } from '../../errors.ts';
import type { ToolRun } from '../port.ts';
import { ran } from '../sandboxed.ts';

/** Longest part of standard error in a detail, in characters. */
const ERRORS_SHOWN = 300;

/** A server that is a program in a sandbox: one message a line, on its standard input and output. It ends with the run. */
export class SandboxTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #request: SandboxRequest;
  readonly #run: ToolRun;
  readonly #failed: (error: unknown) => void;
  readonly #stop = new AbortController();
  readonly #buffer = new ReadBuffer();
  #streams: ProgramStreams | null = null;
  #ended: Promise<void> = Promise.resolve();

  constructor(request: SandboxRequest, run: ToolRun, failed: (error: unknown) => void) {
    this.#request = request;
    this.#run = run;
    this.#failed = failed;
  }

  /** Resolves when the program has begun. Rejects with ToolError when its sandbox cannot be had. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const converse = (streams: ProgramStreams): void => {
        this.#streams = streams;
        streams.onOutput((part) => this.#take(part));
        resolve();
      };
      const signal = AbortSignal.any([this.#run.signal, this.#stop.signal]);
      this.#ended = ran(this.#run, () => openSandbox({ ...this.#request, converse, signal })).then(
        ({ error, exit, errors }) => {
          const how = error === null ? `the server ended with ${exit}` : `${error.code}: ${error.detail}`;
          const said = errors.trim().slice(-ERRORS_SHOWN);
          this.#end(new ToolError('TOOL_PROGRAM_FAILED', said === '' ? how : `${how}: ${said}`, { effect: 'unknown' }));
        },
        (error: unknown) => {
          this.#end(error);
          reject(error);
        },
      );
    });
  }

  #end(error: unknown): void {
    if (!this.#stop.signal.aborted) this.#failed(error);
    this.#streams = null;
    this.onclose?.();
  }

  #take(part: Buffer): void {
    this.#buffer.append(part);
    for (;;) {
      try {
        const message = this.#buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (error) {
        // A line that is no message says nothing; the next one may.
        this.onerror?.(error as Error);
      }
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#streams === null)
      throw new ToolError('TOOL_PROGRAM_FAILED', 'The server has ended', { effect: 'unknown' });
    this.#streams.write(serializeMessage(message));
  }

  /** Ends the program and all of its processes. Resolves when they are gone. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}
