import { homeFiles, shortPath } from '../home.ts';
import { type LocalEnv, readLocalEnv } from '../local-env.ts';
import { brokerFilesOf, namedPart } from '../parts/named.ts';
import { brokerNames, type Health, healthOf, type PartName, partNames } from '../parts/part.ts';
import { probeHttp, probeKafka } from '../parts/probes.ts';
import { groupMemoryBytes, processMemoryBytes } from '../process/pids.ts';
import type { RunProcess, RunRecord } from '../process/run-record.ts';

/** The status of one process. */
export interface BoardRow {
  readonly name: string;
  readonly kind: RunProcess['kind'] | 'supervisor';
  readonly address: string;
  readonly health: Health;
  readonly pid: number | null;
  readonly memory_mb: number | null;
  readonly restarts: number;
  readonly log: string | null;
}

/** The status of the platform. */
export interface Board {
  readonly url: string;
  readonly state: RunRecord['state'];
  readonly provider: string;
  readonly model: string;
  readonly provider_note: string;
  readonly started_at: string;
  readonly memory_mb: number;
  readonly rows: readonly BoardRow[];
  readonly env_file: string;
}

const isBroker = (name: string): boolean => (brokerNames as readonly string[]).includes(name);
const isPartName = (name: string): name is PartName => (partNames as readonly string[]).includes(name);

async function healthOfProcess(
  { name, kind, adminPort, address }: RunProcess,
  env: LocalEnv | undefined,
): Promise<Health> {
  if (kind === 'role') return healthOf(() => probeHttp(`http://127.0.0.1:${adminPort}/health/ready`));
  if (isBroker(name)) return healthOf(() => probeKafka(address, brokerFilesOf({ ...env })));
  const part = isPartName(name) ? namedPart(name, { ...env }) : undefined;
  return part ? part.health() : { ok: true, detail: 'running' };
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

/** Returns the status of all processes: requests the health of each, within 2 s, and reads its memory. */
export async function readBoard(dir: string, run: RunRecord): Promise<Board> {
  const env = readLocalEnv(dir);
  const rows = await Promise.all(
    run.processes.map(async (process): Promise<BoardRow> => {
      const { name, kind, address, mark, restarts, log } = process;
      const health = await healthOfProcess(process, env);
      const memory = mark ? megabytes(groupMemoryBytes(mark.pid)) : null;
      return { name, kind, address, health, pid: mark?.pid ?? null, memory_mb: memory, restarts, log: log ?? null };
    }),
  );
  const supervisor: BoardRow = {
    name: 'supervisor',
    kind: 'supervisor',
    address: '',
    health: { ok: true, detail: run.state },
    pid: run.supervisor.pid,
    memory_mb: megabytes(processMemoryBytes(run.supervisor.pid)),
    restarts: 0,
    log: null,
  };
  const all = [...rows, supervisor];
  return {
    url: run.url,
    state: run.state,
    provider: run.provider,
    model: run.model,
    provider_note: run.providerNote,
    started_at: run.startedAt,
    memory_mb: all.reduce((sum, row) => sum + (row.memory_mb ?? 0), 0),
    rows: all,
    env_file: homeFiles(dir).clientEnv,
  };
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

/** Returns the address of a row. Roles other than the gateway listen for health and metrics only. */
const addressOf = ({ kind, address }: BoardRow, url: string): string =>
  kind === 'role' && url.replace(/^https?:\/\//, '') !== address ? `admin ${address}` : address;

/** Returns the board as text: the state, a table of the processes, and the failing checks. */
export function formatBoard(board: Board): string {
  const rows = board.rows.map((row) => [
    row.name,
    row.health.ok ? 'ok' : 'NOT OK',
    addressOf(row, board.url),
    row.memory_mb === null ? '' : `${row.memory_mb} MB`,
    row.restarts === 0 ? '' : `${row.restarts} restart${row.restarts === 1 ? '' : 's'}`,
    row.log ? shortPath(row.log) : row.pid === null ? 'from the environment' : '',
  ]);
  const unhealthy = board.rows.filter(({ health }) => !health.ok);
  return [
    `Khipu ${board.state} at ${board.url}, ${board.memory_mb} MB in total, model: ${board.model} (${board.provider})`,
    ...(board.provider_note ? [`  note: ${board.provider_note}`] : []),
    ...table([['name', 'health', 'address', 'memory', '', 'log'], ...rows]),
    ...unhealthy.map(({ name, health }) => `  ${name}: ${health.detail}`),
  ].join('\n');
}
