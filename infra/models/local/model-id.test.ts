import { expect, it } from 'vitest';
import { modelIdOf } from './model-id.ts';

it.each([
  ['/models/SmolLM2-135M-Instruct.Q4_1.gguf', 'smollm2-135m-instruct-q4_1'],
  ['Qwen2.5-0.5B-Instruct.Q8_0.gguf', 'qwen2.5-0.5b-instruct-q8_0'],
  ['My Model.GGUF', 'my-model'],
  ['/models/Qwen2.5-0.5B/model.gguf', 'qwen2.5-0.5b'],
  ['model.gguf', 'model'],
])('the id of %s is %s', (path, id) => {
  expect(modelIdOf(path)).toBe(id);
});
