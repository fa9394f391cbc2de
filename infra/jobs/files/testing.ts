import { createHash } from 'node:crypto';
import { type ContentRef, piecesOf } from '../../../schemas/contexts/files.ts';
import { gather } from '../../kit/gather.ts';
import { JobError } from '../sdk/errors.ts';
import type { JobFile, JobFiles } from './port.ts';

/** Files in the memory of a test. */
export class MemoryFiles implements JobFiles {
  readonly contents = new Map<string, Buffer>();
  /** Files by id. */
  readonly files = new Map<string, JobFile>();

  /** Keeps a content at once. */
  add(content: string | Buffer): ContentRef {
    const bytes = Buffer.from(content);
    const digest = createHash('sha256').update(bytes).digest('hex');
    this.contents.set(digest, bytes);
    return { digest, bytes: bytes.length, pieces: piecesOf(bytes.length) };
  }

  /** Returns the content of a file. */
  textOf(fileId: string): string {
    return this.contents.get(this.files.get(fileId)?.digest ?? '')?.toString() ?? '';
  }

  async *read(_tenantId: string, { digest, bytes }: ContentRef, from = 0, to = bytes) {
    const content = this.contents.get(digest);
    if (content === undefined) throw new JobError('FILE_NOT_READABLE', `there is no ${digest}`);
    yield content.subarray(from, to);
  }

  async keep(_tenantId: string, content: () => AsyncIterable<Uint8Array>): Promise<ContentRef> {
    return this.add(Buffer.concat(await gather(content())));
  }

  async create(_tenantId: string, file: JobFile): Promise<void> {
    this.files.set(file.fileId, file);
  }
}
