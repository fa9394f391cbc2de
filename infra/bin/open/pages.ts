/** A page that the gateway serves for people. */
export interface Page {
  /** Path below the URL of the gateway. */
  readonly path: string;
  readonly title: string;
}

/**
 * The pages of the gateway, by the name that `khipu open` takes. A start lists all of them, and suggests to open the first.
 */
export const pages: Readonly<Record<string, Page>> = {
  console: { path: 'console', title: 'the console: sign in with the key in .khipu/client.env' },
  api: { path: 'docs', title: 'the HTTP API' },
};
