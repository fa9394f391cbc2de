import { describe, expect, it } from 'vitest';
import { builtInPersonas } from '../../schemas/contexts/personas/built-in.ts';
import { INSTRUCTIONS_BYTES_MAX, PLATFORM, personaEntry } from '../../schemas/contexts/personas/entries.ts';
import {
  type DefinePersona,
  definePersona,
  type Persona,
  persona,
  personaDefined,
  personaRemoved,
  removePersona,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord } from '../kernel.ts';
import { personaRecords } from '../testing.ts';
import { personas } from './personas.ts';

const { given, when } = scenarios(personas);

const asked = { principal: 'user:ana', principalTenant: 'demo', capabilities: ['personas:manage'] };
const by = { by: asked.principal, byTenant: 'demo' };
const content = { description: '', instructions: 'Be brief.', model: null, temperature: 0.3, maxTokens: null };
const own: Persona = {
  ...{ entryId: personaEntry('demo', 'clerk'), tenantId: 'demo', version: 1, name: 'clerk', ...content },
  status: 'active',
};
const define = (changes: Partial<DefinePersona> = {}) =>
  definePersona({ entryId: own.entryId, ...asked, expectedVersion: 0, ...content, ...changes });
const remove = (changes: Partial<DefinePersona> = {}) =>
  removePersona({ entryId: own.entryId, ...asked, expectedVersion: null, ...changes });
const defined = (changes: Partial<Persona> = {}) =>
  personaDefined({ entryId: own.entryId, persona: { ...own, ...changes }, ...by });
const removed = (version: number) =>
  personaRemoved({ entryId: own.entryId, persona: { ...own, version, status: 'removed' }, ...by });
const codesOf = (records: readonly AnyRecord[]) =>
  records.map((record) => (record.type === 'PersonaRefused' ? [record.data.code, record.data.version] : record.type));

describe('a persona', () => {
  it('is created, with its record for readers that hold all', () => {
    when(define()).then(defined(), persona(own));
  });

  it('is changed by its version, or in any version', () => {
    const next = { version: 2, instructions: 'Be kind.' };
    for (const expectedVersion of [1, null])
      given(defined())
        .when(define({ expectedVersion, instructions: 'Be kind.' }))
        .then(defined(next), persona({ ...own, ...next }));
  });

  it('is removed, and continues its version when it is created again', () => {
    given(defined())
      .when(remove({ expectedVersion: 1 }))
      .then(removed(2), persona({ ...own, version: 2, status: 'removed' }));
    given(defined(), removed(2))
      .when(define())
      .then(defined({ version: 3 }), persona({ ...own, version: 3 }));
  });

  it('of the set-up is changed as if it had been created here', () => {
    const [first] = builtInPersonas as readonly [Persona, ...Persona[]];
    const capabilities = ['personas:manage:*'];
    const driver = createDriver({ processors: [personas] });
    for (const record of personaRecords) driver.append(record);
    driver.append(define({ entryId: first.entryId, capabilities }));
    driver.append(define({ entryId: first.entryId, capabilities, expectedVersion: 1 }));
    driver.run();
    expect(codesOf(driver.records('personas.events').map(({ record }) => record))).toEqual([
      ...[['ALREADY_EXISTS', 1], 'PersonaDefined'],
    ]);
    expect(driver.records('personas.current').at(-1)?.record).toEqual(persona({ ...first, ...content, version: 2 }));
  });
});

describe('a command is refused', () => {
  it.each([
    ['ALREADY_EXISTS', 1, define()],
    ['PRECONDITION_FAILED', 1, define({ expectedVersion: 7 })],
    ['PRECONDITION_FAILED', 1, remove({ expectedVersion: 7 })],
    ['CAPABILITY_MISSING', 0, define({ capabilities: ['personas:manage:acme', 'slm:*'] })],
    ['CAPABILITY_MISSING', 0, remove({ principalTenant: 'acme' })],
    ['CAPABILITY_MISSING', 0, define({ entryId: personaEntry(PLATFORM, 'clerk') })],
    [
      'CAPABILITY_MISSING',
      0,
      define({ entryId: personaEntry(PLATFORM, 'clerk'), capabilities: ['personas:manage:demo'] }),
    ],
    ['ENTRY_INVALID', 0, define({ entryId: personaEntry('acme', 'clerk'), capabilities: ['*'] })],
    ['ENTRY_INVALID', 0, define({ entryId: 'persona:demo:Not a name' })],
    ['PERSONA_INVALID', 1, define({ instructions: ' ' })],
    ['PERSONA_INVALID', 1, define({ instructions: 'ñ'.repeat(INSTRUCTIONS_BYTES_MAX / 2 + 1) })],
    ['PERSONA_INVALID', 1, define({ description: 'x'.repeat(501) })],
    ['PERSONA_INVALID', 1, define({ temperature: 2.1 })],
    ['PERSONA_INVALID', 1, define({ temperature: Number.POSITIVE_INFINITY })],
    ['PERSONA_INVALID', 1, define({ maxTokens: 0 })],
  ])('with %s, and shows version %i', (code, version, command) => {
    expect(codesOf(given(defined()).when(command).records)).toEqual([[code, version]]);
  });

  it.each([define({ expectedVersion: null }), define({ expectedVersion: 1 }), remove()])(
    'with PERSONA_UNKNOWN when there is none, or it was removed',
    (command) => {
      expect(codesOf(when(command).records)).toEqual([['PERSONA_UNKNOWN', 0]]);
      expect(codesOf(given(defined(), removed(2)).when(command).records)).toEqual([['PERSONA_UNKNOWN', 0]]);
    },
  );

  it.each([
    [personaEntry('demo', 'clerk'), ['personas:manage:*']],
    [personaEntry('demo', 'clerk'), ['*']],
    [personaEntry(PLATFORM, 'clerk'), ['personas:manage:*']],
    [personaEntry(PLATFORM, 'clerk'), ['personas:*']],
  ])('and %s is accepted with %j', (entryId, capabilities) => {
    expect(codesOf(when(define({ entryId, capabilities })).records)).toEqual(['PersonaDefined', 'Persona']);
  });
});
