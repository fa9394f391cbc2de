import { createHash } from 'node:crypto';
import type { ContentRef } from '../../../schemas/contexts/files.ts';
import { gather } from '../../kit/gather.ts';
import { JobError } from '../sdk/errors.ts';
import type { JobFiles } from './port.ts';

/** Resolves with a content that is text. Rejects with JobError FILE_NOT_READABLE where it is not that of its digest. */
export async function contentText(files: JobFiles, tenantId: string, content: ContentRef): Promise<string> {
  const bytes = Buffer.concat(await gather(files.read(tenantId, content)));
  if (createHash('sha256').update(bytes).digest('hex') === content.digest) return bytes.toString();
  throw new JobError('FILE_NOT_READABLE', `the content ${content.digest} is damaged`);
}
