import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Line, LineCutter } from '../../../infra/kit/lines.ts';
import { FILE_LINE_BYTES_MAX, FILE_LINES_MAX, FILE_PIECE_BYTES } from '../../../schemas/contexts/files.ts';

/** Why a content is not NDJSON of requests. */
export interface LineFault {
  /** From 1. */
  readonly line: number;
  readonly detail: string;
}

/** Facts of a content, found while it was received. */
interface Found {
  readonly digest: string;
  readonly bytes: number;
  /** Lines that are not blank, up to the first fault. */
  readonly lines: number;
  /** Null for NDJSON: an object in each line that is not blank. */
  readonly fault: LineFault | null;
}

/**
 * A content that was received whole, in a file without a name: its digest is the key of its pieces, so it must be known before
 * the first of them is appended. The file is gone with the process.
 */
export class Spooled implements Found {
  readonly digest: string;
  readonly bytes: number;
  readonly lines: number;
  readonly fault: LineFault | null;
  readonly #file: FileHandle;

  private constructor(file: FileHandle, { digest, bytes, lines, fault }: Found) {
    this.#file = file;
    [this.digest, this.bytes, this.lines, this.fault] = [digest, bytes, lines, fault];
  }

  /** Receives a content into a folder, which is made where it is missing. Rejects as the stream does. */
  static async receive(content: AsyncIterable<Uint8Array>, folder: string): Promise<Spooled> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, randomUUID());
    const file = await open(path, 'wx+', 0o600);
    try {
      await unlink(path);
      const hash = createHash('sha256');
      const lines = new LineCheck();
      let bytes = 0;
      for await (const chunk of content) {
        hash.update(chunk);
        lines.take(chunk);
        await file.write(chunk);
        bytes += chunk.length;
      }
      return new Spooled(file, { digest: hash.digest('hex'), bytes, ...lines.end() });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Yields the content. */
  read(): AsyncIterable<Buffer> {
    return this.#file.createReadStream({ start: 0, autoClose: false, highWaterMark: FILE_PIECE_BYTES });
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Checks the lines of a content up to the first that is no JSON object. */
class LineCheck {
  readonly #cutter = new LineCutter(FILE_LINE_BYTES_MAX);
  #lines = 0;
  #fault: LineFault | null = null;

  take(chunk: Uint8Array): void {
    if (this.#fault === null) this.#check(this.#cutter.take(chunk));
  }

  end(): Pick<Found, 'lines' | 'fault'> {
    if (this.#fault === null) this.#check(this.#cutter.end());
    if (this.#fault === null && this.#lines === 0) this.#fault = { line: 1, detail: 'The file has no lines' };
    return { lines: this.#lines, fault: this.#fault };
  }

  #check(lines: Iterable<Line>): void {
    for (const line of lines) {
      if (line.text.trim() === '') continue;
      const detail = faultOf(line) ?? (this.#lines === FILE_LINES_MAX ? TOO_MANY : null);
      if (detail !== null) {
        this.#fault = { line: line.number, detail: `Line ${line.number} ${detail}` };
        return;
      }
      this.#lines += 1;
    }
  }
}

const TOO_MANY = `is one too many: at most ${FILE_LINES_MAX} are allowed`;

function faultOf({ text, isCut }: Line): string | null {
  if (isCut) return `has more than ${FILE_LINE_BYTES_MAX / 1024} KiB`;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'is no JSON object';
  } catch {
    return 'is no JSON';
  }
}
