/** Returns the URL of a path below the base URL of a gateway, whose own path is kept. `path` begins without a slash. */
export const urlBelow = (base: string, path: string): URL => new URL(path, base.endsWith('/') ? base : `${base}/`);
