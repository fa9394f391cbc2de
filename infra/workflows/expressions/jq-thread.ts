/** Evaluates jq in a thread of its own, which its owner ends when an evaluation takes too long. */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { JqAnswer, JqQuestion, JqThreadData } from './jq.ts';

interface JqModule {
  raw(input: string, filter: string, flags: readonly string[]): string | Promise<string>;
}

const { control, port, memoryBytesMax } = workerData as JqThreadData;
const signal = new Int32Array(control);
const PAGE_BYTES = 64 * 1024;

/** Parts of WebAssembly; the types of Node leave it out. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
const { Memory, RuntimeError } = (
  globalThis as unknown as {
    readonly WebAssembly: { readonly Memory: { readonly prototype: Memory }; readonly RuntimeError: new () => Error };
  }
).WebAssembly;

// The module of jq grows its memory through this method; without room it ends.
const { grow } = Memory.prototype;
Memory.prototype.grow = function bounded(this: Memory, pages: number): number {
  if (this.buffer.byteLength + pages * PAGE_BYTES > memoryBytesMax) throw new RangeError('out of memory');
  return grow.call(this, pages);
};

const load = createRequire(import.meta.url)('jq-wasm/dist/build/jq.js') as { readonly default?: unknown };
const made = (load.default ?? load) as () => Promise<JqModule>;
const jq = made();

async function answerTo({ input, filter }: JqQuestion): Promise<JqAnswer> {
  try {
    return { output: await (await jq).raw('', filter, ['-n', '-c', '--argjson', '__in', input]) };
  } catch (error) {
    const isDead = error instanceof RuntimeError || error instanceof RangeError;
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
