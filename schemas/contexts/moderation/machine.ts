/** Runs one program over the characters of a text. */
import type { Program } from './pattern.ts';

/** A run of the program that began before the character `start` of the text. */
interface Thread {
  readonly at: number;
  readonly start: number;
}

/** What a machine looks for. */
export interface Search {
  readonly program: Program;
  /** Decides whether a candidate is one; null when every candidate is. */
  readonly accepts: ((candidate: string) => boolean) | null;
}

/** A found span of a text, in characters: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The characters that can begin a match, whatever stands before them; null when a match can be empty. */
export type Beginning = ((char: string) => boolean) | null;

/** Returns the test of the first character of a match. Never throws. */
export function beginningOf(program: Program): Beginning {
  const seen = new Set<number>();
  const tests: ((char: string) => boolean)[] = [];
  let isEmpty = false;
  const visit = (at: number): void => {
    if (seen.has(at)) return;
    seen.add(at);
    const instruction = program[at];
    if (instruction === undefined) return;
    if (instruction.kind === 'char') tests.push(instruction.accepts);
    else if (instruction.kind === 'match') isEmpty = true;
    else if (instruction.kind === 'between') visit(at + 1);
    else for (const to of instruction.to) visit(to);
  };
  visit(0);
  return isEmpty ? null : (char) => tests.some((accepts) => accepts(char));
}

/**
 * One search in one text. A match is reported at the boundary after it, when the next character is known: whether a
 * condition such as `\b` holds there depends on it. Of matches that end at one boundary the one that began first is
 * reported.
 */
export class Machine {
  readonly #program: Program;
  readonly #accepts: Search['accepts'];
  #threads: Thread[] = [];

  constructor({ program, accepts }: Search) {
    this.#program = program;
    this.#accepts = accepts;
  }

  /** First character of a match that may still come; null when none has begun. */
  get heldFrom(): number | null {
    return this.#threads[0]?.start ?? null;
  }

  /**
   * Goes from the boundary before the character `index` over that character. `before` and `after` are the characters
   * beside the boundary, empty at the ends of the text; `textFrom` returns the text from a character up to the boundary.
   */
  step(index: number, before: string, after: string, textFrom: (start: number) => string): Span | null {
    const program = this.#program;
    const width = program.length;
    const seen = new Set<number>();
    const next: Thread[] = [];
    let found: Span | null = null;
    const visit = (at: number, start: number): void => {
      // Which of two runs at one instruction began first does not matter where every candidate is a match.
      const place = this.#accepts === null ? at : at + width * (index - start);
      if (seen.has(place)) return;
      seen.add(place);
      const instruction = program[at];
      if (instruction === undefined) return;
      switch (instruction.kind) {
        case 'char':
          if (after !== '' && instruction.accepts(after)) next.push({ at: at + 1, start });
          return;
        case 'between':
          if (instruction.holds(before, after)) visit(at + 1, start);
          return;
        case 'fork':
          for (const to of instruction.to) visit(to, start);
          return;
        case 'match':
          if (found === null && (this.#accepts === null || this.#accepts(textFrom(start))))
            found = { start, end: index };
      }
    };
    for (const { at, start } of this.#threads) visit(at, start);
    visit(0, index);
    this.#threads = next;
    return found;
  }
}
