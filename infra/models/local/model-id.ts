import { basename, dirname } from 'node:path';

/**
 * Returns the model's id from its file name: lower case, without `.gguf`; a dot before a letter and blanks become dashes.
 * `SmolLM2-135M-Instruct.Q4_1.gguf` is `smollm2-135m-instruct-q4_1`, `Qwen2.5-0.5B.Q8_0.gguf` is `qwen2.5-0.5b-q8_0`.
 * The file name `model.gguf` has no model id: that of its folder is used.
 */
export function modelIdOf(modelPath: string): string {
  const file = basename(modelPath);
  const folder = basename(dirname(modelPath));
  const isNameless = file.toLowerCase() === 'model.gguf' && folder !== '' && folder !== '.';
  return (isNameless ? folder : file)
    .toLowerCase()
    .replace(/\.gguf$/, '')
    .replaceAll(/\.(?=[a-z])|\s+/g, '-');
}
