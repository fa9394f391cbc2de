/** Types of catalogue.mjs, which is plain JavaScript because it runs before dependencies are installed. */
export type DownloadName = 'kafka' | 'registry' | 'redis' | 'model';
export interface Download {
  readonly name: string;
  readonly dir: string;
  readonly marker: string;
  readonly tool: 'maven' | 'pip';
  readonly sizeMb: number;
  readonly optional: boolean;
}
export declare const versions: Readonly<Record<'kafka' | 'registry' | 'redisJar' | 'model' | 'log4j', string>>;
export declare const downloads: Readonly<Record<DownloadName, Download>>;
export declare function cacheDir(env?: NodeJS.ProcessEnv): string;
export declare function downloadDir(name: DownloadName, env?: NodeJS.ProcessEnv): string;
export declare function isFetched(name: DownloadName, env?: NodeJS.ProcessEnv): boolean;
export declare function neededDownloads(env?: NodeJS.ProcessEnv): DownloadName[];
