/** A session takes commands for a day after its start at most: no token of it lives longer. What policy remembers of it is kept as long. */
export const SESSION_MS_MAX = 24 * 60 * 60 * 1000;

/** Labels of data, such as `personal_data`: as a constitution and a caller may write them. */
export const LABEL = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** That a caller may declare on one request. */
export const DECLARED_LABELS_MAX = 16;
