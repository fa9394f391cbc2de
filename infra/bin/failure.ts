/**
 * Returns the error that ends a command: the program prints it to standard error with its code, which scripts can test.
 */
export const failure = (code: string, message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code });
