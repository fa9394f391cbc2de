import { directoryHolds, tenantsHold, type WrittenEntry } from '../../../schemas/contexts/identity/directory.ts';
import { tenantEntry } from '../../../schemas/contexts/identity/entries.ts';
import { TAKE_EFFECT_MS } from '../command/defaults.ts';
import type { GatewayServices } from '../services.ts';

/** Services that the routes of a resource need. */
export type TableServices = Pick<GatewayServices, 'tables'>;

/** Resolves with true as soon as the tables of this gateway have a written entry, so that its queries show it; with false after 1 s. */
export const isShownHere = (written: WrittenEntry, { services: { tables } }: { readonly services: TableServices }) =>
  written.entryId === tenantEntry(written.tenantId)
    ? tables.tenants.holds((table) => tenantsHold(table, written), TAKE_EFFECT_MS)
    : tables.directory.holds((table) => directoryHolds(table, written), TAKE_EFFECT_MS);
