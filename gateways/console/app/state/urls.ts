/** URL of the first page. */
export const HOME = '/console/';

/** Returns the page to open after the sign-in: the one that asked for it, when it is one of the console. */
export const returnTo = (path: string): string =>
  path.startsWith(HOME) && !path.startsWith(`${HOME}sign-in`) && !path.startsWith(`${HOME}api/`) ? path : HOME;

/** Returns true for the page of a path, which has no slash at its end. */
export const isCurrent = (path: string, page: string): boolean =>
  page === HOME ? `${path}/` === HOME : path === page || path.startsWith(`${page}/`);
