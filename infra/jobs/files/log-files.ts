import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { type ContentRef, FILE_PIECE_BYTES, pieceIdOf } from '../../../schemas/contexts/files.ts';
import { keepFile } from '../../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../../schemas/ids.ts';
import { topics } from '../../../schemas/topics.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import { toOutgoing, traceparentOfIds } from '../../kafka/envelope.ts';
import { FilePieces } from '../../kafka/file-pieces.ts';
import { firstPlace } from '../../kafka/first-place.ts';
import type { Appender, Log } from '../../kafka/port.ts';
import { systemClock } from '../../kit/clock.ts';
import { messageOf } from '../../kit/errors.ts';
import { JobError } from '../sdk/errors.ts';
import type { JobFile, JobFiles } from './port.ts';

/** Queries of the read model of files. */
export interface FileRows {
  /** Resolves with a piece in base64; null when there is none. */
  piece(tenantId: string, pieceId: string): Promise<string | null>;
  hasFile(tenantId: string, fileId: string): Promise<boolean>;
}

/** Pieces that are kept in memory: the requests of a part of a batch are read once a run. */
const CACHED_MAX = 16;
/** Longest wait for the log or the read model, in ms: through a restart, and a projection that is behind. */
const PATIENCE_MS = 120_000;
const POLL_MS = 200;

export interface LogFilesParts {
  readonly log: Log;
  readonly decoder: RecordDecoder;
  readonly rows: FileRows;
}

/** Returns the files of the log: pieces and events are appended there, and read from the read model. */
export function logFiles({ log, decoder, rows }: LogFilesParts): JobFiles & { close(): Promise<void> } {
  const cached = new LRUCache<string, Buffer>({ max: CACHED_MAX });
  let opened: Promise<Appender> | null = null;
  const appender = (): Promise<Appender> => {
    opened ??= log.appender();
    return opened;
  };
  const { codec } = decoder;
  const now = () => systemClock.now();
  const source = 'khipu/job-runner';

  async function pieceOf(tenantId: string, digest: string, nth: number): Promise<Buffer> {
    const id = pieceIdOf(digest, nth);
    const known = cached.get(`${tenantId}/${id}`);
    if (known !== undefined) return known;
    const text = await patiently(() => rows.piece(tenantId, id), `piece ${nth} of ${digest}`);
    const bytes = Buffer.from(text, 'base64');
    cached.set(`${tenantId}/${id}`, bytes);
    return bytes;
  }

  return {
    async *read(tenantId, { digest, bytes }, from = 0, to = bytes) {
      for (let at = from; at < to; ) {
        const nth = Math.floor(at / FILE_PIECE_BYTES);
        const start = nth * FILE_PIECE_BYTES;
        const piece = await pieceOf(tenantId, digest, nth);
        yield piece.subarray(at - start, to - start);
        at = start + FILE_PIECE_BYTES;
      }
    },

    async keep(tenantId, content): Promise<ContentRef> {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of content()) {
        hash.update(chunk);
        bytes += chunk.length;
      }
      const digest = hash.digest('hex');
      const writer = new FilePieces({ appender: await appender(), codec, now, source });
      // Pieces that the log has already change nothing when they come again.
      const pieces = await patiently(() => writer.append(tenantId, digest, content()), `the content ${digest}`, 'kept');
      return { digest, bytes, pieces };
    },

    async create(tenantId, file: JobFile) {
      const { fileId } = file;
      const { name } = topics.filesOutputs;
      const partitions = (await log.partitionCounts([name])).get(name) ?? 1;
      const id = uuidV5(KHIPU_NAMESPACE, `keep-file/${tenantId}/${fileId}`);
      const outgoing = toOutgoing(codec, {
        ...{ topic: name, key: fileId, record: keepFile(file), id, tenantId, source },
        place: firstPlace(tenantId, fileId, partitions),
        ...{ correlationId: id, causationId: id, timeMs: now(), traceparent: traceparentOfIds(id, id) },
      });
      await (await appender()).append([outgoing]);
      await patiently(async () => ((await rows.hasFile(tenantId, fileId)) ? true : null), `file ${fileId}`);
    },

    close: async () => {
      await (await opened)?.close();
    },
  };
}

/** Asks until there is an answer. Rejects with JobError FILE_NOT_READABLE or FILE_NOT_KEPT after two minutes. */
async function patiently<T>(ask: () => Promise<T | null>, what: string, done: 'read' | 'kept' = 'read'): Promise<T> {
  const code = done === 'read' ? 'FILE_NOT_READABLE' : 'FILE_NOT_KEPT';
  const stop = systemClock.now() + PATIENCE_MS;
  for (let fault = 'it is not there'; ; ) {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (error) {
      fault = messageOf(error);
    }
    if (systemClock.now() > stop) throw new JobError(code, `${what} cannot be ${done}: ${fault}`);
    await pause(POLL_MS, undefined, { ref: false });
  }
}
