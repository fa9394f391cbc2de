import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Persona } from '../../generated/records.ts';
import { builtInNames, builtInPersonas } from './built-in.ts';
import {
  INSTRUCTIONS_BYTES_MAX,
  managingCapability,
  mayManagePersonas,
  PERSONA_NAME,
  PLATFORM,
  parsePersonaEntry,
  personaEntry,
  TEMPERATURE_MAX,
} from './entries.ts';
import {
  activePersona,
  decidedPersona,
  personaCount,
  personaOf,
  personasHold,
  personasOf,
  personasOfOwner,
  withPersona,
} from './library.ts';

const a = (owner: string, name: string, changes: Partial<Persona> = {}): Persona => ({
  ...{ entryId: personaEntry(owner, name), tenantId: owner === PLATFORM ? null : owner, version: 1, name },
  ...{ description: '', instructions: `of ${owner}`, model: null, temperature: 0.5, maxTokens: null, status: 'active' },
  ...changes,
});
const holding = (...personas: readonly Persona[]) => personas.reduce(withPersona, new Map());
const known = holding(a(PLATFORM, 'guide'), a(PLATFORM, 'teacher'), a('demo', 'guide'), a('demo', 'clerk'));

describe('the id of a persona', () => {
  it('is read as it was made', () => {
    const names = fc.stringMatching(PERSONA_NAME);
    fc.assert(
      fc.property(fc.constantFrom(PLATFORM, 'demo', 'a.b-c'), names, (owner, name) => {
        expect(parsePersonaEntry(personaEntry(owner, name))).toEqual({ owner, name });
      }),
    );
  });

  it.each([
    '',
    'persona:demo',
    'persona:demo:',
    'persona::guide',
    'role:demo:guide',
    'persona:demo:a:b',
    'persona:**:a',
  ])('is none of %j', (entryId) => expect(parsePersonaEntry(entryId)).toBeNull());
});

describe('managing', () => {
  it.each([
    [['personas:manage'], 'demo', true],
    [['personas:manage'], 'acme', false],
    [['personas:manage'], PLATFORM, false],
    [['personas:manage:acme'], 'acme', true],
    [['personas:manage:acme'], PLATFORM, false],
    [['personas:manage:*'], PLATFORM, true],
    [['personas:manage:*'], 'demo', true],
    [['personas:*'], PLATFORM, true],
    [['identity:*'], 'demo', false],
  ] as const)('with %j in tenant demo, of %s: %s', (capabilities, owner, may) => {
    expect(mayManagePersonas(capabilities, 'demo', owner)).toBe(may);
    // The capability that a refusal names is enough.
    expect(mayManagePersonas([managingCapability('demo', owner)], 'demo', owner)).toBe(true);
  });
});

describe('the personas of a tenant', () => {
  it('are its own in place of those of the platform, by name', () => {
    expect(personasOf(known, 'demo').map(({ entryId }) => entryId)).toEqual([
      ...['persona:demo:clerk', 'persona:demo:guide', 'persona:*:teacher'],
    ]);
    expect(personasOf(known, 'acme').map(({ name }) => name)).toEqual(['guide', 'teacher']);
    expect(personaOf(known, 'acme', 'clerk')).toBeUndefined();
    expect(personasOfOwner(known, 'demo').map(({ name }) => name)).toEqual(['clerk', 'guide']);
  });

  it('are without removed ones; that of the platform appears again', () => {
    const after = withPersona(known, a('demo', 'guide', { version: 2, status: 'removed' }));
    expect(personaOf(after, 'demo', 'guide')?.tenantId).toBeNull();
    expect(activePersona(after, 'demo', 'guide')).toBeUndefined();
    expect(personaCount(after, 'demo')).toBe(2);
    const neither = withPersona(after, a(PLATFORM, 'guide', { version: 2, status: 'removed' }));
    expect(personaOf(neither, 'demo', 'guide')).toBeUndefined();
    expect(personasOf(neither, 'demo').map(({ name }) => name)).toEqual(['clerk', 'teacher']);
  });

  it('hold a version and those before it', () => {
    const later = withPersona(known, a('demo', 'guide', { version: 3 }));
    expect([2, 3, 4].map((version) => personasHold(later, a('demo', 'guide', { version })))).toEqual([
      true,
      true,
      false,
    ]);
    expect(personasHold(later, a('acme', 'guide'))).toBe(false);
  });
});

it('a decision has the persona as it was held, version 0 for none, and null without a name', () => {
  const { entryId, version, instructions, temperature } = a('demo', 'guide');
  expect(decidedPersona(known, 'demo', 'guide')).toEqual({
    name: 'guide',
    entryId,
    version,
    instructions,
    temperature,
  });
  expect(decidedPersona(known, 'acme', 'clerk')).toMatchObject({ name: 'clerk', entryId: '', version: 0 });
  expect(decidedPersona(known, 'demo', null)).toBeNull();
});

it.each(builtInPersonas)(
  'the built-in persona $name is within the limits',
  ({ entryId, name, instructions, temperature }) => {
    expect(parsePersonaEntry(entryId)).toEqual({ owner: PLATFORM, name });
    expect(instructions).toMatch(/^You are a/);
    expect(Buffer.byteLength(instructions)).toBeLessThanOrEqual(INSTRUCTIONS_BYTES_MAX);
    expect(temperature).toBeLessThanOrEqual(TEMPERATURE_MAX);
    expect(new Set(builtInNames).size).toBe(builtInNames.length);
  },
);
