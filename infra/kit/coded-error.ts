/**
 * Returns a class to extend for errors that carry a stable `code`, one of `Code`. A code never changes its meaning: callers
 * and operators act on it, and `message` is for a person.
 */
export const codedError = <Code extends string>(className: string) =>
  class extends Error {
    override readonly name = className;
    readonly code: Code;
    constructor(code: Code, message: string, options?: ErrorOptions) {
      super(message, options);
      this.code = code;
    }
  };
