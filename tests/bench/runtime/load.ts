import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../../infra/local/home.ts';

export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface AutocannonReport {
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly duration: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
  readonly '2xx': number;
}

const autocannon = join(projectRoot, 'node_modules', 'autocannon', 'autocannon.js');

/** Sends POSTs in a closed loop, from a separate process (autocannon). Throws when any answer is not a 2xx. */
export async function post({ url, connections, seconds, headers, body }: Load): Promise<LoadResult> {
  const args = ['--json', '-m', 'POST', '-c', String(connections), '-d', String(seconds), '-b', body];
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}=${value}`);
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...args, url], { maxBuffer: 1 << 26 });
  const report = JSON.parse(stdout) as AutocannonReport;
  const failed = report.errors + report.timeouts + report.non2xx;
  if (failed > 0 || report['2xx'] === 0)
    throw new Error(`${url}: ${failed} of ${failed + report['2xx']} requests were not answered with 2xx`);
  return { perSecond: report['2xx'] / report.duration, p50Ms: report.latency.p50, p99Ms: report.latency.p99 };
}
