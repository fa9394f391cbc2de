import { directoryHolds, tenantsHold, type WrittenEntry } from '../../../schemas/contexts/identity/directory.ts';
import { tenantEntry } from '../../../schemas/contexts/identity/entries.ts';
import type { IdentityRefused } from '../../../schemas/generated/records.ts';
import { TAKE_EFFECT_MS } from '../command/defaults.ts';
import { etagOf } from '../etag.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import { type Problem, refusalProblem } from '../problems/problem.ts';
import type { GatewayServices } from '../services.ts';

/** Services that the routes of a resource need. */
export type TableServices = Pick<GatewayServices, 'tables'>;

/** Returns the problem of a refusal, with the ETag of the current version. */
export function identityProblem({ code, detail, version }: IdentityRefused): Problem {
  const etag = version === 0 ? {} : { etag: etagOf(version) };
  return refusalProblem(code, detail, etag, { headers: etag });
}

/** Returns an outcome that answers a refusal of the directory. `problems` are the codes in the OpenAPI document. */
export const identityRefusal = (...problems: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems,
  problem: identityProblem,
});

/** Resolves with true as soon as the tables of this gateway have a written entry, so that its queries show it; with false after 1 s. */
export const isShownHere = (written: WrittenEntry, { services: { tables } }: { readonly services: TableServices }) =>
  written.entryId === tenantEntry(written.tenantId)
    ? tables.tenants.holds((table) => tenantsHold(table, written), TAKE_EFFECT_MS)
    : tables.directory.holds((table) => directoryHolds(table, written), TAKE_EFFECT_MS);
