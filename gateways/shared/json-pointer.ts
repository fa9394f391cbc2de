/** Returns a field name in the form of a JSON Pointer (RFC 6901, 3). */
export const pointerPart = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
