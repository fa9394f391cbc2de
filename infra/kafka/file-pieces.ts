import type { RecordCodec } from '../../schemas/codec.ts';
import { contentIdOf, FILE_PIECE_BYTES } from '../../schemas/contexts/files.ts';
import { filePiece } from '../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../schemas/ids.ts';
import { topics } from '../../schemas/topics.ts';
import { cut } from '../kit/cut.ts';
import { withTimeout } from '../kit/with-timeout.ts';
import { toOutgoing, traceparentOfIds } from './envelope.ts';
import { LogError } from './errors.ts';
import type { Appender } from './port.ts';

/** Longest append of a piece, in ms. */
const APPEND_MS_MAX = 10_000;
const late = (): LogError => new LogError('LOG_UNAVAILABLE', `no answer in ${APPEND_MS_MAX} ms`);

export interface FilePiecesParts {
  readonly appender: Appender;
  readonly codec: RecordCodec;
  /** Returns the time, ms since 1970. */
  readonly now: () => number;
  /** `ce_source` of the pieces. */
  readonly source: string;
}

/** Appends contents in pieces. */
export class FilePieces {
  readonly #parts: FilePiecesParts;

  constructor(parts: FilePiecesParts) {
    this.#parts = parts;
  }

  /**
   * Appends a content whose sha256 is `digest`, one piece at a time. Resolves with the number of pieces once the log has all.
   * A content that is appended again changes nothing. Rejects with LogError; then the log may have some of the pieces.
   */
  async append(tenantId: string, digest: string, content: AsyncIterable<Uint8Array>): Promise<number> {
    const contentId = contentIdOf(tenantId, digest);
    const { appender, codec, now, source } = this.#parts;
    let piece = 0;
    for await (const bytes of cut(content, FILE_PIECE_BYTES)) {
      const record = filePiece({ contentId, digest, piece, bytes: bytes.toString('base64') });
      const id = uuidV5(KHIPU_NAMESPACE, `file-piece/${contentId}/${piece}`);
      const outgoing = toOutgoing(codec, {
        ...{ topic: topics.filesPieces.name, key: contentId, record, id, tenantId, place: null, source },
        ...{ correlationId: id, causationId: id, timeMs: now(), traceparent: traceparentOfIds(id, id) },
      });
      await withTimeout(APPEND_MS_MAX, () => appender.append([outgoing]), late);
      piece += 1;
    }
    return piece;
  }
}
