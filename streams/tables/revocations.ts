import { type Revocations, withRevocation } from '../../schemas/contexts/revocations.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** Revocations of session tokens, each kept as long as an affected token may live. */
export const revocations = table({
  name: 'revocations',
  topic: topics.revocationsEvents,
  initial: new Map() as Revocations,
  evolve: (known, record, meta) =>
    record.type === 'TokensRevoked' ? withRevocation(known, meta.tenantId, record.data) : known,
});
