/** Pattern of a label of data, such as `personal_data`, in a constitution or declared by a caller. */
export const LABEL = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Bound on the labels that a caller declares on one request. */
export const DECLARED_LABELS_MAX = 16;
