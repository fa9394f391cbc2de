/** Types of fetch.mjs. */
import type { DownloadName } from './catalogue.mjs';
export interface FetchEvent {
  readonly name: DownloadName;
  readonly state: 'waiting' | 'fetching' | 'retrying' | 'done' | 'failed';
  readonly mb?: number;
  readonly ofMb?: number;
  readonly ms: number;
  readonly cause?: string;
}
export declare function fetchAll(
  names: readonly DownloadName[],
  options?: { env?: NodeJS.ProcessEnv; signal?: AbortSignal; report?: (event: FetchEvent) => void },
): Promise<void>;
