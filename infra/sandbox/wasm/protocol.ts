/** A part of a program: from its start, or from the answer of a call, to its next call or its end. */
export interface Segment {
  /** State of the program at the call, base64; null at its start. */
  readonly snapshot: string | null;
  /** Answer of the call, JSON; null at the start, and for a call that failed. */
  readonly answer: string | null;
  /** Message of the exception that the call raises; null for any other. */
  readonly error: string | null;
  /** Functions that end a segment, with the names of their arguments by position. */
  readonly functions: readonly { readonly name: string; readonly parameters: readonly string[] }[];
}

/** How a segment ends: the JSON that is its value. */
export type SegmentEnd =
  | {
      readonly call: {
        readonly function: string;
        readonly arguments: Readonly<Record<string, unknown>>;
        /** State of the program, base64. */
        readonly snapshot: string;
      };
    }
  | { readonly value: unknown };

/** What the child of an interpreter reads from standard input, as JSON. */
export interface Job {
  readonly language: 'javascript' | 'python';
  readonly code: string;
  readonly input: string;
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Python alone: runs this part of the program. */
  readonly segment?: Segment;
  readonly memoryBytes: number;
  readonly cpuMs: number;
  readonly outputBytes: number;
}

/** The answer of that child, as JSON on standard output. Everything in it is text that the program may have chosen. */
export interface Answer {
  readonly output: string;
  /** JSON; null for none. */
  readonly value: string | null;
  /** Null for success. */
  readonly error: { readonly kind: 'program' | 'cpu' | 'memory' | 'output'; readonly detail: string } | null;
}

/** Lines that a program printed, within its limit. */
export class Printed {
  private readonly parts: string[] = [];
  private bytes = 0;
  private readonly bytesMax: number;
  isFull = false;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Throws when the limit is exceeded. */
  add(text: string): void {
    this.bytes += Buffer.byteLength(text);
    if (this.bytes > this.bytesMax) {
      this.isFull = true;
      throw new Error('the program printed too much');
    }
    this.parts.push(text);
  }

  get text(): string {
    return this.parts.join('');
  }
}

export const DETAIL_CHARACTERS_MAX = 4_096;
