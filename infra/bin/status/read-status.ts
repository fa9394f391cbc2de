import { homeDir } from '../../local/home.ts';
import { livingRun } from '../../local/process/run-record.ts';
import { type Board, formatBoard, readBoard } from '../../local/show/status-board.ts';
import { type Style, table } from '../show/style.ts';
import { type RemoteStatus, readRemote } from './remote.ts';

/** The status of a platform: the board of this machine, or the readiness of a gateway elsewhere. */
export type Status =
  | { readonly kind: 'local'; readonly board: Board }
  | { readonly kind: 'remote'; readonly remote: RemoteStatus };

/** Returns the status of the chosen platform. Rejects with PLATFORM_DOWN when it does not run or does not answer. */
export async function readStatus(env: NodeJS.ProcessEnv = process.env): Promise<Status> {
  const dir = homeDir(env);
  const run = livingRun(dir);
  if (run !== undefined && (run.url === '' || run.url === env['KHIPU_URL']))
    return { kind: 'local', board: await readBoard(dir, run) };
  return { kind: 'remote', remote: await readRemote() };
}

/** Returns true when every process, or every dependency of the gateway, is healthy. */
export const isHealthy = (status: Status): boolean =>
  status.kind === 'local'
    ? status.board.state === 'ready' && status.board.rows.every(({ health }) => health.ok)
    : status.remote.ready;

/** Returns the document of `--json`. */
export const statusJson = (status: Status): object => (status.kind === 'local' ? status.board : status.remote);

function remoteText({ url, ready, parts }: RemoteStatus, style: Style): string {
  const rows = Object.entries(parts).map(([name, { ok, detail }]) => [
    name,
    ok ? style.good('ok') : style.bad('NOT OK'),
    detail,
  ]);
  const head = `Khipu ${ready ? 'ready' : 'NOT READY'} at ${url}`;
  return rows.length === 0 ? head : `${head}\n${table([['part', 'health', 'detail'], ...rows])}`;
}

/** Returns the text for people. */
export const statusText = (status: Status, style: Style): string =>
  status.kind === 'local' ? formatBoard(status.board).trimEnd() : remoteText(status.remote, style);
