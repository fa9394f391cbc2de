import { basename } from 'node:path';

/**
 * The model's id from its file: lower case, without `.gguf`; a dot before a letter and blanks become dashes.
 * `SmolLM2-135M-Instruct.Q4_1.gguf` is `smollm2-135m-instruct-q4_1`, `Qwen2.5-0.5B.Q8_0.gguf` is `qwen2.5-0.5b-q8_0`.
 */
export function modelIdOf(modelPath: string): string {
  return basename(modelPath)
    .toLowerCase()
    .replace(/\.gguf$/, '')
    .replaceAll(/\.(?=[a-z])|\s+/g, '-');
}
