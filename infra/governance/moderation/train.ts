/**
 * Trains the prompt-injection head and writes it with its figures: `npm run moderation:train`. The same packages and the
 * same Node give the same files, byte for byte; `--check` compares them instead of writing.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  BUCKETS,
  featuresOf,
  WINDOW_WORDS,
  windowsOf,
  wordsOf,
} from '../../../schemas/contexts/moderation/injection.ts';
import { normalized } from '../../../schemas/contexts/moderation/normal.ts';
import { type Corpus, corpusOf, downloaded, type Sample } from './corpus.ts';

const EPOCHS = 12;
const RATE = 0.5;
/** Weight decay of one step. */
const DECAY = 1e-5;

/** Weight of an injection against a benign window: there are fewer of them. */
const INJECTION_SHARE = 2;

interface Example {
  readonly features: readonly number[];
  readonly label: 0 | 1;
}

/** Numbers from 0 to 1 in a fixed order: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** An injection tells what it wants at its beginning and its end; what is between may be a harmless story. */
function examplesOf({ text, isInjection }: Sample): readonly Example[] {
  const windows = windowsOf(wordsOf(normalized(text)));
  const taken = isInjection && windows.length > 2 ? [windows[0] ?? [], windows.at(-1) ?? []] : windows.slice(0, 24);
  return taken.map((window) => ({ features: featuresOf(window), label: isInjection ? 1 : 0 }));
}

function shuffled<T>(items: readonly T[], next: () => number): readonly T[] {
  const all = [...items];
  for (let n = all.length - 1; n > 0; n -= 1) {
    const other = Math.floor(next() * (n + 1));
    [all[n], all[other]] = [all[other] as T, all[n] as T];
  }
  return all;
}

/** Trains by stochastic gradient descent. */
function trained(examples: readonly Example[]): { readonly weights: Float64Array; readonly bias: number } {
  const weights = new Float64Array(BUCKETS);
  let bias = 0;
  const share = [1, INJECTION_SHARE] as const;
  const next = random(20_261_130);
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    const rate = RATE / (1 + epoch);
    for (const { features, label } of shuffled(examples, next)) {
      const size = 1 / Math.sqrt(Math.max(1, features.length));
      const logit = features.reduce((sum, bucket) => sum + (weights[bucket] ?? 0) * size, bias);
      const step = rate * share[label] * (label - 1 / (1 + Math.exp(-logit)));
      for (const bucket of features) weights[bucket] = (weights[bucket] ?? 0) * (1 - DECAY) + step * size;
      bias += step;
    }
  }
  return { weights, bias };
}

/** Returns the head as it is kept: weights as signed bytes. */
function headOf({ weights, bias }: ReturnType<typeof trained>) {
  const largest = weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
  const scale = largest / 127;
  const bytes = Int8Array.from(weights, (weight) => Math.round(weight / scale));
  const base64 = Buffer.from(bytes.buffer).toString('base64');
  return { version: 'khipu-injection/1', buckets: BUCKETS, windowWords: WINDOW_WORDS, bias, scale, weights: base64 };
}

type Head = ReturnType<typeof headOf>;

function scorer({ bias, scale, weights: base64 }: Head): (text: string) => number {
  const weights = new Int8Array(Buffer.from(base64, 'base64'));
  return (text) => {
    const logits = windowsOf(wordsOf(normalized(text))).map((window) => {
      const features = featuresOf(window);
      const sum = features.reduce((total, bucket) => total + (weights[bucket] ?? 0), 0);
      return bias + (features.length === 0 ? 0 : (scale * sum) / Math.sqrt(features.length));
    });
    return 1 / (1 + Math.exp(-Math.max(...logits)));
  };
}

/** Figures of the head on samples at a score. */
export interface Figures {
  readonly score: number;
  readonly precision: number;
  readonly recall: number;
  readonly falsePositiveRate: number;
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Math.round((part / whole) * 1_000) / 1_000);

function figuresOf(samples: readonly Sample[], score: (text: string) => number) {
  const scored = samples.map(({ text, isInjection, source }) => ({ isInjection, source, value: score(text) }));
  const at = (least: number): Figures => {
    const count = (isInjection: boolean) => scored.filter((each) => each.isInjection === isInjection).length;
    const over = (isInjection: boolean) =>
      scored.filter((each) => each.isInjection === isInjection && each.value >= least).length;
    const [hits, alarms] = [over(true), over(false)];
    return {
      ...{ score: least, precision: share(hits, hits + alarms), recall: share(hits, count(true)) },
      falsePositiveRate: share(alarms, count(false)),
    };
  };
  const bySource = [...new Set(samples.map(({ source }) => source))].map((source) => {
    const own = scored.filter((each) => each.source === source);
    const over = own.filter(({ value }) => value >= 0.5).length;
    return { source, isInjection: own[0]?.isInjection ?? false, texts: own.length, foundAt05: share(over, own.length) };
  });
  return { texts: samples.length, at: [0.3, 0.5, 0.7, 0.9].map(at), bySource };
}

/** The small set of held-out texts that is kept in the repository, to test the head without the packages. */
const fixtureOf = (samples: readonly Sample[]) =>
  [...new Set(samples.map(({ source }) => source))].flatMap((source) =>
    samples
      .filter((each) => each.source === source && each.text.length <= 600)
      .slice(0, 12)
      .map(({ text, isInjection }) => ({ source, isInjection, text })),
  );

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Returns the files of a training, by path. */
function filesOf({ training, heldOut }: Corpus): ReadonlyMap<string, string> {
  const head = headOf(trained(training.flatMap(examplesOf)));
  const score = scorer(head);
  const figures = { version: head.version, training: figuresOf(training, score), heldOut: figuresOf(heldOut, score) };
  return new Map([
    [here('../../../schemas/contexts/moderation/prompt-injection.json'), json(head)],
    [here('./figures.json'), json(figures)],
    [here('../../../tests/fixtures/moderation/held-out.json'), json(fixtureOf(heldOut))],
  ]);
}

const folder = process.env['KHIPU_MODERATION_CORPUS'] ?? downloaded();
const files = filesOf(corpusOf(folder));
if (process.env['KHIPU_MODERATION_CORPUS'] === undefined) rmSync(folder, { recursive: true });
const isCheck = process.argv.includes('--check');
for (const [path, text] of files) {
  if (isCheck && readFileSync(path, 'utf8') !== text) throw new Error(`${path} is not what the training gives`);
  if (isCheck) continue;
  mkdirSync(new URL('.', `file://${path}`), { recursive: true });
  writeFileSync(path, text);
}
process.stdout.write(`${isCheck ? 'same' : 'wrote'}: ${[...files.keys()].join(', ')}\n`);
