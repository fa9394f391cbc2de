import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

interface BuiltFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** A built file with its gzipped size in bytes. */
export interface FileSize {
  readonly name: string;
  readonly bytes: number;
}

/** Returns the gzipped size of each file, the largest first. */
export const sizesOf = (files: readonly BuiltFile[]): readonly FileSize[] =>
  files
    .map(({ name, content }) => ({ name, bytes: gzipSync(content, { level: 9 }).length }))
    .sort((a, b) => b.bytes - a.bytes);

/** Returns the sentence with which a build fails; null when the files fit in `bytesMax`. */
export function overBudget(sizes: readonly FileSize[], bytesMax: number): string | null {
  const bytes = sizes.reduce((sum, each) => sum + each.bytes, 0);
  if (bytes <= bytesMax) return null;
  const largest = sizes
    .slice(0, 5)
    .map((each) => `${each.name} ${each.bytes}`)
    .join(', ');
  return `the console has ${bytes} gzipped bytes, ${bytes - bytesMax} more than allowed; the largest files: ${largest}`;
}

/** Fails a build whose files have more than `bytesMax` gzipped bytes in all, and reports the total of others. */
export function sizeBudget(bytesMax: number): Plugin {
  return {
    name: 'khipu-size-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const files = Object.values(bundle).map((file) => ({
        name: file.fileName,
        content: file.type === 'chunk' ? file.code : file.source,
      }));
      const sizes = sizesOf(files);
      const failure = overBudget(sizes, bytesMax);
      if (failure !== null) this.error(failure);
      this.info(`${sizes.reduce((sum, { bytes }) => sum + bytes, 0)} gzipped bytes of ${bytesMax}`);
    },
  };
}
