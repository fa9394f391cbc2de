import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Embedder } from '../../../schemas/contexts/memory/vectors.ts';
import { ConfigError } from '../../kit/config-error.ts';
import { messageOf } from '../../kit/errors.ts';

/** Files of a folder with a sentence transformer: an ONNX graph, and the tokenizer of it. */
export const miniLmFiles = { model: 'model.onnx', tokenizer: 'tokenizer.json' } as const;

/** Packages that run it. They are optional: a platform without them compares memories by static vectors. */
const PACKAGES = ['onnxruntime-web', '@huggingface/tokenizers'] as const;
const DIMENSIONS = 384;
/** Longest wait for one text, in ms; the first one also loads the model. */
const WAIT_MS_MAX = 60_000;

/** What the thread of the model is given. */
export interface MiniLmThread {
  readonly folder: string;
  readonly port: MessagePort;
  /** Counts the answers, so that a caller can wait for one without its event loop. */
  readonly answers: SharedArrayBuffer;
}

/** Answer of the thread: components in 32-bit floats, or why there are none. */
export type MiniLmAnswer = { readonly components: Float32Array } | { readonly problem: string };

/** Returns the version of an installed package. Throws when it is not installed. */
function versionOf(name: string): string {
  const manifest = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
  if (!existsSync(manifest)) throw new Error(`the optional package ${name} is not installed`);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}

/** Returns true when the packages that run such a model are installed. */
export function runsMiniLm(): boolean {
  try {
    for (const name of PACKAGES) versionOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns the embedder of a folder with all-MiniLM-L6-v2 or a model of its form: the vector of a text is the mean of those of its
 * tokens, at most 256. The model runs as WebAssembly on one thread of its own, so a text has the same bits on every
 * machine. The name of the model has the digest of its files and of the versions that run it. `embed` waits for the thread, some
 * 30 ms a text. Throws ConfigError for a folder or a platform that has none.
 */
export function miniLm(folder: string): Embedder {
  try {
    const versions = PACKAGES.map((name) => `${name}@${versionOf(name)}`);
    const files = Object.values(miniLmFiles).map((file) => readFileSync(join(folder, file)));
    const hash = files.reduce((sum, file) => sum.update(file), createHash('sha256'));
    const digest = hash.update(versions.join()).digest('hex').slice(0, 12);
    const thread = new EmbeddingThread(folder);
    // Loads the model: what is wrong with it is known at the start, not with the first memory.
    thread.embed('');
    return { model: `minilm-${DIMENSIONS}-${digest}`, embed: (text) => thread.embed(text) };
  } catch (error) {
    throw new ConfigError(
      `KHIPU_MEMORY_EMBEDDINGS: minilm needs a folder in KHIPU_MEMORY_MODEL_PATH with ${miniLmFiles.model} and ${miniLmFiles.tokenizer}: ${messageOf(error)}`,
    );
  }
}

/** The thread of a model. It begins with the first text, ends with the process, and is replaced when it does not answer. */
class EmbeddingThread {
  readonly #folder: string;
  #thread: { readonly worker: Worker; readonly port: MessagePort } | null = null;
  readonly #answers = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Throws when the thread does not answer in time, or could not load the model. */
  embed(text: string): Float32Array {
    const { worker, port } = this.#started();
    const before = Atomics.load(this.#answers, 0);
    port.postMessage(text);
    const waited = Atomics.wait(this.#answers, 0, before, WAIT_MS_MAX);
    const answer = receiveMessageOnPort(port)?.message as MiniLmAnswer | undefined;
    if (answer === undefined) {
      // Its answer would be taken for that of the next text.
      this.#thread = null;
      void worker.terminate();
      throw new Error(`the model of memories gave no answer in ${WAIT_MS_MAX} ms: ${waited}`);
    }
    if ('problem' in answer) throw new Error(`the model of memories failed: ${answer.problem}`);
    return answer.components;
  }

  #started(): { readonly worker: Worker; readonly port: MessagePort } {
    if (this.#thread !== null) return this.#thread;
    const { port1: port, port2 } = new MessageChannel();
    const answers = this.#answers.buffer as SharedArrayBuffer;
    const workerData: MiniLmThread = { folder: this.#folder, port: port2, answers };
    const worker = new Worker(new URL('./minilm-thread.ts', import.meta.url), { workerData, transferList: [port2] });
    // A process ends although the thread waits for texts.
    worker.unref();
    port.unref();
    this.#thread = { worker, port };
    return this.#thread;
  }
}
