import { LRUCache } from 'lru-cache';

/** The part of a `tokenizer.json` of Hugging Face that byte-pair encoding needs. */
export interface TokenizerFile {
  readonly model: {
    readonly type: string;
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly string[];
  };
}

/** Sign of a space in the vocabulary. */
const SPACE = '\u2581';
/** Words that are kept with their tokens. */
const KEPT_MAX = 20_000;
/** Longest run without a space that is merged whole; a longer one is cut, so that the time stays linear. */
const RUN_CHARS_MAX = 256;

/** Returns the runs that no merge of the vocabulary crosses: each begins with the signs of its spaces. */
const runsOf = (text: string): readonly string[] =>
  text.match(new RegExp(`${SPACE}*[^${SPACE}]+|${SPACE}+`, 'gu')) ?? [];

/**
 * Encodes texts by byte-pair encoding (Sennrich et al. 2016) with the vocabulary of Llama 2: a space is a sign of its own, and a
 * character that the vocabulary does not have becomes its bytes in UTF-8.
 */
export class Tokenizer {
  readonly #vocab: ReadonlyMap<string, number>;
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #kept = new LRUCache<string, readonly number[]>({ max: KEPT_MAX });

  /** Throws for a file of another kind of tokenizer. */
  constructor({ model }: TokenizerFile) {
    if (model.type !== 'BPE') throw new Error(`expected a tokenizer of type BPE, got ${model.type}`);
    this.#vocab = new Map(Object.entries(model.vocab));
    this.#ranks = new Map(model.merges.map((pair, rank) => [pair, rank]));
  }

  /** Returns the ids of the tokens of a text, without signs of begin and end. */
  encode(text: string): readonly number[] {
    if (text === '') return [];
    return runsOf(`${SPACE}${text.replaceAll(' ', SPACE)}`).flatMap((run) => this.#tokensOf(run));
  }

  #tokensOf(run: string): readonly number[] {
    const known = this.#kept.get(run);
    if (known !== undefined) return known;
    const characters = [...run];
    const made: number[] = [];
    for (let at = 0; at < characters.length; at += RUN_CHARS_MAX)
      made.push(...this.#merged(characters.slice(at, at + RUN_CHARS_MAX)).flatMap((piece) => this.#idsOf(piece)));
    this.#kept.set(run, made);
    return made;
  }

  /** Joins the pair with the lowest rank until none is left. */
  #merged(pieces: string[]): readonly string[] {
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      let where = -1;
      for (let at = 0; at + 1 < pieces.length; at += 1) {
        const rank = this.#ranks.get(`${pieces[at]} ${pieces[at + 1]}`);
        if (rank === undefined || rank >= best) continue;
        best = rank;
        where = at;
      }
      if (where === -1) return pieces;
      pieces.splice(where, 2, `${pieces[where]}${pieces[where + 1]}`);
    }
  }

  #idsOf(piece: string): readonly number[] {
    const id = this.#vocab.get(piece);
    if (id !== undefined) return [id];
    return [...Buffer.from(piece, 'utf8')].flatMap((byte) => {
      const name = `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;
      return this.#vocab.get(name) ?? [];
    });
  }
}
