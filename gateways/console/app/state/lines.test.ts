import { describe, expect, it } from 'vitest';
import { pathText, valueText } from './lines.ts';

describe('a change of a document', () => {
  it('names its place as a person reads it', () => {
    expect([pathText('/policies/2/text'), pathText('/labels/a~1b~0c'), pathText('')]).toEqual([
      ...['policies › 2 › text', 'labels › a/b~c', 'the document'],
    ]);
  });

  it('shows texts without quotes, and other values as JSON', () => {
    expect([valueText('permit'), valueText(0.35), valueText({ a: 1 }), valueText(undefined), valueText(null)]).toEqual([
      ...['permit', '0.35', '{\n  "a": 1\n}', '', 'null'],
    ]);
  });
});
