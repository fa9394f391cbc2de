/** Types of own-values.mjs, which is plain JavaScript because it runs before dependencies are installed. */
export declare function rememberOwn(dir: string, values: Readonly<Record<string, string>>): void;
export declare function ownNames(dir: string, env: NodeJS.ProcessEnv): string[];
export declare function withoutOwn(dir: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
