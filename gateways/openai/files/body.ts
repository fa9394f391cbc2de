import { z } from 'zod';
import type { FileRow } from '../../../projections/files/queries.ts';
import { secondsOf } from '../list.ts';

export const fileFields = {
  file_id: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: 'Id of the file', examples: ['4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01'] }),
};

/** Schema of a file. */
export const fileBody = z
  .object({
    id: z.string(),
    object: z.literal('file'),
    bytes: z.int().meta({ description: 'Size of the content' }),
    created_at: z.int().meta({ description: 'Seconds since 1970' }),
    filename: z.string(),
    purpose: z.string().meta({ examples: ['batch'] }),
    status: z.literal('processed'),
  })
  .meta({
    id: 'File',
    examples: [
      {
        ...{ id: '4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01', object: 'file', bytes: 120, created_at: 1_795_944_600 },
        ...{ filename: 'requests.jsonl', purpose: 'batch', status: 'processed' },
      },
    ],
  });

/** Returns the body of a file. */
export const fileOf = (row: FileRow): z.infer<typeof fileBody> => ({
  ...{ id: row.file_id, object: 'file', bytes: row.bytes ?? 0, created_at: secondsOf(row.created_at) ?? 0 },
  ...{ filename: row.filename ?? '', purpose: row.purpose ?? '', status: 'processed' },
});
