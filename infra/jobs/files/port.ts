import type { ContentRef, FilePurpose } from '../../../schemas/contexts/files.ts';

/** A file that a job writes. */
export interface JobFile extends ContentRef {
  readonly fileId: string;
  readonly jobId: string;
  readonly filename: string;
  readonly purpose: FilePurpose;
  /** Lines that are not blank; null for a content that is not NDJSON. */
  readonly lines: number | null;
}

/** The files of tenants: contents for the payloads of all jobs, and files for the jobs that come with the platform. */
export interface JobFiles {
  /**
   * Yields the bytes of a content from `from` up to, but not including, `to`; by default all. Waits for a piece that the read
   * model does not have yet. Rejects with JobError FILE_NOT_READABLE when it does not come.
   */
  read(tenantId: string, content: ContentRef, from?: number, to?: number): AsyncIterable<Buffer>;
  /** Appends a content in pieces. `content` is called twice, and gives the same bytes. */
  keep(tenantId: string, content: () => AsyncIterable<Uint8Array>): Promise<ContentRef>;
  /** Creates a file of a content that is kept. Resolves when the read model shows it. */
  create(tenantId: string, file: JobFile): Promise<void>;
}
