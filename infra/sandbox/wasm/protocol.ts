/** What the child of an interpreter reads from standard input, as JSON. */
export interface Job {
  readonly language: 'javascript' | 'python';
  readonly code: string;
  readonly input: string;
  /** Texts by path. */
  readonly files: Readonly<Record<string, string>>;
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
