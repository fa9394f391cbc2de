import { describe, expect, it } from 'vitest';
import { checkEmbeddingInput } from '../../../infra/models/request-checks.ts';
import { embedBody } from './schemas.ts';

const errorsOf = (input: unknown) =>
  embedBody.safeParse({ input }).error?.issues.map(({ path, message }) => [path.join('/'), message]);
const blank = 'Expected text that is not only white space';

describe('the input of an embedding', () => {
  it.each(['\r', ' ', '\t\n', '\u00a0', '\ufeff', '\u2028'])('has no text of white space alone: %j', (text) => {
    expect(errorsOf(text)).toEqual([['input', blank]]);
    expect(errorsOf(['a knot', text])).toEqual([['input/1', blank]]);
    expect(() => checkEmbeddingInput(['a knot', text])).toThrow('input[1]: empty');
  });

  it.each(['0', ' a ', '\u0000', '\u200b', '\u001c'])(
    'may be any other text, which every model accepts: %j',
    (text) => {
      expect(errorsOf(['a knot', text])).toBeUndefined();
      expect(() => checkEmbeddingInput([text])).not.toThrow();
    },
  );
});
