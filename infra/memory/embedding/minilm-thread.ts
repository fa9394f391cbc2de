/** The thread of a sentence transformer: it answers one text after the other, in their order. See minilm.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { messageOf } from '../../kit/errors.ts';
import { type MiniLmAnswer, type MiniLmThread, miniLmFiles } from './minilm.ts';

/** Tokens that the model was trained on. */
const TOKENS_MAX = 256;

const { folder, port, answers } = workerData as MiniLmThread;
const answered = new Int32Array(answers);

/** Loads the tokenizer and the model. */
async function load() {
  const [{ Tokenizer }, ort] = await Promise.all([import('@huggingface/tokenizers'), import('onnxruntime-web')]);
  const tokenizer = new Tokenizer(JSON.parse(readFileSync(join(folder, miniLmFiles.tokenizer), 'utf8')), {});
  // One thread of WebAssembly without relaxed instructions: sums are made in one order everywhere.
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(readFileSync(join(folder, miniLmFiles.model)), {
    executionProviders: ['wasm'],
  });
  const tensor = (values: readonly number[]) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  return { tokenizer, session, tensor };
}

const loading = load();
// Each text says why, once it is asked for.
loading.catch(() => undefined);

/** Resolves with the mean of the vectors of the tokens of a text. */
async function meanOf(text: string): Promise<Float32Array> {
  const { tokenizer, session, tensor } = await loading;
  const { ids: all } = tokenizer.encode(text);
  // The last token ends the text.
  const ids = all.length <= TOKENS_MAX ? all : [...all.slice(0, TOKENS_MAX - 1), ...all.slice(-1)];
  const outputs = await session.run({
    input_ids: tensor(ids),
    attention_mask: tensor(ids.map(() => 1)),
    token_type_ids: tensor(ids.map(() => 0)),
  });
  const [hidden] = session.outputNames.map((name) => outputs[name]);
  const values = hidden?.data;
  const dimensions = hidden?.dims.at(-1) ?? 0;
  if (!(values instanceof Float32Array) || dimensions === 0) throw new Error('the model gives no 32-bit floats');
  const mean = new Float64Array(dimensions);
  for (let at = 0; at < values.length; at += 1)
    mean[at % dimensions] = (mean[at % dimensions] ?? 0) + (values[at] ?? 0) / ids.length;
  return Float32Array.from(mean);
}

const answer = async (text: string): Promise<MiniLmAnswer> => {
  try {
    return { components: await meanOf(text) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
};

let last: Promise<void> = Promise.resolve();
port.on('message', (text: string) => {
  last = last.then(async () => {
    port.postMessage(await answer(text));
    Atomics.add(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
});
