import { describe, expect, it } from 'vitest';
import { auditModuleOf, templateCode } from './audit.ts';
import { type AvroRecord, namedTypes } from './avro-files.ts';

const doc = '';
const of = (name: string, type: AvroRecord['fields'][number]['type']) => ({ name, type, doc });
const usage: AvroRecord = { type: 'record', namespace: 'k', name: 'Usage', doc, fields: [of('prompt', 'long')] };
const event: AvroRecord = {
  ...{ type: 'record', namespace: 'k', name: 'Ended', doc },
  'khipu.audit': '{by_whom} ended',
  fields: [
    of('by_whom', 'string'),
    of('model', ['null', 'string']),
    of('roles', { type: 'array', items: 'string' }),
    of('tokens_used', 'k.Usage'),
    of('shadow', 'boolean'),
    of('maybe', ['null', 'k.Usage']),
  ],
};
const named = namedTypes([usage, event]);
const codeOf = (template: string): string => templateCode(event, template, named);

describe('the template of an audit line', () => {
  it.each([
    ['{by_whom} ended', '`#{data.byWhom} ended`'],
    ['{by_whom|none}', "`#{data.byWhom || 'none'}`"],
    ['{model|default}', "`#{data.model ?? 'default'}`"],
    ['{roles} {roles|none}', "`#{data.roles.join(', ')} #{data.roles.join(', ') || 'none'}`"],
    ['{roles.length} of {by_whom.length}', '`#{data.roles.length} of #{data.byWhom.length}`'],
    ['{tokens_used.prompt} tokens', '`#{data.tokensUsed.prompt} tokens`'],
    ['a `b` \\ c', '`a \\`b\\` \\\\ c`'],
  ])('%s becomes code that is type-checked', (template, code) => {
    expect(codeOf(template)).toBe(code.replaceAll('#{', '${'));
  });

  it.each([
    ['{nothing}', 'names no field'],
    ['{byWhom}', 'names no field'],
    ['{tokens_used.completion}', 'names no field'],
    ['{maybe.prompt}', 'names no field'],
    ['{model}', 'may be null'],
    ['{tokens_used}', 'has no text'],
    ['{shadow}', 'has no text'],
  ])('%s is refused: %s', (template, why) => {
    expect(() => codeOf(template)).toThrow(new RegExp(`Ended: khipu.audit: .* ${why}`));
  });
});

describe('the module of audit lines', () => {
  const moduleOf = (record: AvroRecord, ...audited: string[]) =>
    auditModuleOf([usage, record], named, new Set(audited));
  const { 'khipu.audit': _, ...silent } = event;

  it('has a function for each template, and a name for each line made by code', () => {
    expect(moduleOf(event, 'Ended')).toContain("  Ended: (data: Records['Ended']): string => `");
    expect(moduleOf({ ...event, 'khipu.audit': null }, 'Ended')).toContain("DescribedInCode = 'Ended';");
  });

  it('has a function without a parameter for a line that names no field', () => {
    const plain = { ...event, 'khipu.audit': 'ended' };
    expect(auditModuleOf([plain], named, new Set(['Ended']))).toContain('  Ended: (): string => `ended`,');
  });

  it('refuses an audited record without a line, and a line of a record that is not audited', () => {
    expect(() => moduleOf(silent, 'Ended')).toThrow(/Ended: an audited record takes khipu.audit/);
    expect(() => moduleOf(event)).toThrow(/Ended: khipu.audit on a record that is not audited/);
  });
});
