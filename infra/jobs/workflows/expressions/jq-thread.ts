/** Evaluates jq in a thread of its own, which its owner ends when an evaluation takes too long. */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { JqAnswer, JqQuestion, JqThreadData } from './jq.ts';

interface JqModule {
  raw(input: string, filter: string, flags: readonly string[]): string | Promise<string>;
}
/** Parts of WebAssembly; the types of Node leave it out. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
type Instantiate = (source: unknown, imports: unknown) => Promise<{ readonly module?: unknown }>;
interface Wasm {
  readonly Memory: { readonly prototype: Memory };
  readonly RuntimeError: new () => Error;
  instantiate: Instantiate;
}
interface Hooks {
  instantiateWasm?(imports: unknown, receive: (instance: unknown, module: unknown) => void): object;
}

const { control, port, memoryBytesMax } = workerData as JqThreadData;
const signal = new Int32Array(control);
const PAGE_BYTES = 64 * 1024;
const wasm = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;

// The module of jq grows its memory through this method; without room it ends.
const { grow } = wasm.Memory.prototype;
wasm.Memory.prototype.grow = function bounded(this: Memory, pages: number): number {
  if (this.buffer.byteLength + pages * PAGE_BYTES > memoryBytesMax) throw new RangeError('out of memory');
  return grow.call(this, pages);
};

// It takes its input a byte at a time by `slice(1)`, which copies the rest each time: a view is enough.
const { slice } = Uint8Array.prototype;
Uint8Array.prototype.slice = function viewed(this: Uint8Array<ArrayBuffer>, start?: number, end?: number) {
  return start === 1 && end === undefined ? this.subarray(1) : slice.call(this, start, end);
} as typeof slice;

// Compiled once; each evaluation has an instance of its own, since a call of one leaves its arguments on the stack.
let compiled: unknown;
const instantiate = wasm.instantiate.bind(wasm);
wasm.instantiate = async (source, imports) => {
  const result = await instantiate(source, imports);
  compiled ??= result.module;
  return result;
};
const hooks: Hooks = {
  instantiateWasm(imports, receive) {
    void instantiate(compiled, imports).then((instance) => receive(instance, compiled));
    return {};
  },
};

const loaded = createRequire(import.meta.url)('jq-wasm/dist/build/jq.js') as { readonly default?: unknown };
const make = (loaded.default ?? loaded) as (hooks: Hooks) => Promise<JqModule>;

async function answerTo({ input, filter }: JqQuestion): Promise<JqAnswer> {
  try {
    const jq = await make(compiled === undefined ? {} : hooks);
    return { output: await jq.raw(input, filter, ['-c']) };
  } catch (error) {
    const isDead = error instanceof wasm.RuntimeError || error instanceof RangeError;
    return { error: error instanceof Error ? error.message : String(error), isDead };
  }
}

parentPort?.on('message', (question: JqQuestion) => {
  void answerTo(question).then((answer) => {
    port.postMessage(answer);
    Atomics.store(signal, 0, 1);
    Atomics.notify(signal, 0);
  });
});
