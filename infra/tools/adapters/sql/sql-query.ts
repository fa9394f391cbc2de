import { z } from 'zod';
import { TOOL_OUTPUT_BYTES_DEFAULT, TOOL_TIMEOUT_MS_DEFAULT } from '../../../../schemas/contexts/tools.ts';
import { messageOf } from '../../../kit/errors.ts';
import type { SecretSource } from '../../../security/secret-source.ts';
import type { Sql } from '../../../stores/postgres/client.ts';
import { ToolError } from '../../errors.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { argumentsOf } from '../arguments.ts';
import type { ToolAdapter } from '../port.ts';
import { type OwnDatabase, requireHarmless } from './database.ts';
import { queryArguments, runQuery } from './query.ts';

/** Name of a database in settings, and in manifests. */
const DATABASE = /^[a-z][a-z0-9-]{0,31}$/;
const ROWS_MAX = 10_000;
const ROWS_DEFAULT = 1_000;

const configSchema = z.strictObject({
  database: z.string().regex(DATABASE),
  max_rows: z.int().min(1).max(ROWS_MAX).default(ROWS_DEFAULT),
});

/** Variable with the URL of a database: that of `sales-eu` is in `KHIPU_SQL_SALES_EU_URL`. */
export const sqlVariable = (database: string): string => `KHIPU_SQL_${database.toUpperCase().replaceAll('-', '_')}_URL`;

export interface SqlQueryParts {
  readonly secrets: SecretSource;
  /** Returns the path of the file with the secret of a variable, from `<variable>_FILE`; undefined without one. */
  readonly fileOf: (variable: string) => string | undefined;
  /** Returns a pool of connections to a URL, closed with `close`. */
  readonly connect: (url: string) => Sql;
  readonly own: OwnDatabase;
}

/** Pools of the databases that settings name, each opened at its first call. */
class Databases {
  readonly #parts: SqlQueryParts;
  readonly #open = new Map<string, Sql>();

  constructor(parts: SqlQueryParts) {
    this.#parts = parts;
  }

  /** Resolves with the pool of a database. Rejects with ToolError TOOL_DATABASE_REFUSED for one that no setting names. */
  async of(database: string): Promise<Sql> {
    const known = this.#open.get(database);
    if (known !== undefined) return known;
    const variable = sqlVariable(database);
    const path = this.#parts.fileOf(variable);
    const reference =
      path === undefined ? { from: 'environment' as const, name: variable } : { from: 'file' as const, path };
    const url = await this.#parts.secrets.resolve(reference).catch((cause: unknown) => {
      throw new ToolError('TOOL_DATABASE_REFUSED', messageOf(cause), { effect: 'none', cause });
    });
    if (!/^postgres(?:ql)?:\/\//.test(url))
      throw new ToolError('TOOL_DATABASE_REFUSED', `${variable}: expected a postgres:// URL`, { effect: 'none' });
    const meanwhile = this.#open.get(database);
    if (meanwhile !== undefined) return meanwhile;
    const made = this.#parts.connect(url);
    this.#open.set(database, made);
    return made;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map((sql) => sql.end({ timeout: 2 })));
    this.#open.clear();
  }
}

/** Returns the settings of a manifest. Throws ToolError TOOL_INVALID. */
function configOf({ config, effect }: Manifest): z.output<typeof configSchema> {
  const found = configSchema.safeParse(config);
  if (found.success && effect === 'read') return found.data;
  const detail = found.success ? 'effect: a query only reads' : 'config: expected database, and max_rows if wanted';
  throw new ToolError('TOOL_INVALID', detail, { effect: 'none' });
}

/**
 * Returns the built-in adapter that runs one query on a database that settings name: `sql` with `$1`, `$2` … for `parameters`. A
 * read-only transaction of a user that is no superuser, a timeout, and bounds of rows and bytes hold it. The database of this
 * platform is refused in every call, by its identity.
 */
export function sqlQueryAdapter(parts: SqlQueryParts): ToolAdapter & { close(): Promise<void> } {
  const databases = new Databases(parts);
  return {
    name: 'sql.query',
    async audit({ tier, hosts }) {
      if (hosts.length > 0) throw new ToolError('TOOL_INVALID', 'hosts: a query reaches none', { effect: 'none' });
      if (tier === 'declared') return { tier, walls: ['read-only-transaction', 'named-database'] };
      throw new ToolError('SANDBOX_UNAVAILABLE', `A call of the tier ${tier} cannot run here`, { effect: 'none' });
    },
    health: async () => ({ ok: true, detail: 'databases that settings name' }),
    close: () => databases.close(),
    connect(manifest) {
      const { database, max_rows: rowsMax } = configOf(manifest);
      const bounds = {
        rowsMax,
        // Names of columns and the frame of the output take some of it.
        bytesMax: Math.floor((manifest.limits?.max_response_bytes ?? TOOL_OUTPUT_BYTES_DEFAULT) * 0.9),
        timeoutMs: manifest.limits?.timeout_ms ?? TOOL_TIMEOUT_MS_DEFAULT,
      };
      return {
        ...{ verify: null, requests: () => [], forget: () => undefined, close: async () => undefined },
        async execute(run) {
          const given = argumentsOf(queryArguments, run);
          const sql = await databases.of(database);
          const output = await runQuery(sql, given, bounds, async (tx) => {
            await parts.own.requireOther(tx);
            await requireHarmless(tx);
          });
          run.signal.throwIfAborted();
          return { output };
        },
      };
    },
  };
}
