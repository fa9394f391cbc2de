/** Texts of JSON values on one line or several. */

/** Returns a JSON value as text: a text without quotes, anything else as indented JSON. */
export const valueText = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2);

/** Returns a JSON pointer as the path that a person reads: `/clauses/2/text` is `clauses › 2 › text`. */
export const pathText = (pointer: string): string =>
  pointer === ''
    ? 'the document'
    : pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
        .join(' › ');
