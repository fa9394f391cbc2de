import { type Revocations, withRevocation } from '../../schemas/revocation.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** Which session tokens were revoked, for as long as one of them may live. */
export const revocations = table({
  name: 'revocations',
  topic: topics.accessEvents,
  initial: new Map() as Revocations,
  evolve: (known, record, meta) =>
    record.type === 'TokensRevoked' ? withRevocation(known, meta.tenantId, record.data) : known,
});
