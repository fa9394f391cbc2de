import { type GoldenDocument, goldenDocument } from '../../../infra/evaluations/golden-set.ts';
import { GOLDEN_SET_BYTES_MAX, goldenSetIdOf } from '../../../schemas/contexts/evaluations.ts';
import type { ContentRef } from '../../../schemas/contexts/files.ts';
import type { GoldenSet } from '../../../schemas/generated/records.ts';
import { contentTextOf, keptContent } from '../../shared/contents.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';

export type Needs = Pick<GatewayServices, 'tables' | 'readModel' | 'filePieces' | 'models' | 'jobs'>;

/** Returns a golden set of the tenant. Throws Problem RESOURCE_UNKNOWN; LOG_UNAVAILABLE before they are read. */
export function setOrUnknown(
  { tables: { goldenSets } }: Pick<Needs, 'tables'>,
  tenantId: string,
  name: string,
): GoldenSet {
  if (!goldenSets.known) throw new Problem('LOG_UNAVAILABLE', 'The golden sets cannot be read now');
  const found = goldenSets.value.get(goldenSetIdOf(tenantId, name));
  if (found === undefined || found.status !== 'kept')
    throw new Problem('RESOURCE_UNKNOWN', `There is no golden set ${name}`);
  return found;
}

/** Resolves with the document of a content. Rejects with Problem READ_MODEL_BEHIND while the read model does not have it. */
export const documentOf = async (
  services: Pick<Needs, 'readModel'>,
  tenantId: string,
  content: ContentRef,
): Promise<GoldenDocument> => goldenDocument.parse(JSON.parse(await contentTextOf(services, tenantId, content)));

/** Resolves with the name of a document once the log has all of it. Rejects with Problem GOLDEN_SET_INVALID above 2 MiB. */
export async function keptDocument(
  services: Pick<Needs, 'filePieces'>,
  tenantId: string,
  document: GoldenDocument,
): Promise<ContentRef> {
  const bytes = Buffer.from(JSON.stringify(document));
  if (bytes.length > GOLDEN_SET_BYTES_MAX)
    throw new Problem(
      'GOLDEN_SET_INVALID',
      `The document has ${bytes.length} bytes; ${GOLDEN_SET_BYTES_MAX} are allowed`,
    );
  return keptContent(services, tenantId, bytes);
}
