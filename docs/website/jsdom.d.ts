// The published types of jsdom bring those of browsers with them, which change the types of streams in the whole project.
declare module 'jsdom' {
  import type { Context } from 'node:vm';

  /** A window in a context of its own. */
  type Window = Context & { readonly Element: { readonly prototype: object } };

  export class JSDOM {
    constructor(html: string, options: { readonly runScripts: 'outside-only'; readonly pretendToBeVisual: boolean });
    getInternalVMContext(): Window;
  }
}
