import { describe, expect, it } from 'vitest';
import { activated, engineWith, published } from '../policy/testing.ts';
import { type ConstitutionRegister, emptyRegister, evolve } from './constitution-in-force.ts';

type Event = Parameters<typeof evolve>[2];
const { verify } = engineWith();
const inForce = (...events: readonly Event[]): ConstitutionRegister['inForce'] =>
  events.reduce((register, event) => evolve(verify, register, event), emptyRegister).inForce;

describe('the active constitution', () => {
  it('is none until one is activated', () => {
    expect(inForce()).toMatchObject({ status: 'unverified', code: 'CONSTITUTION_NOT_ACTIVATED' });
    expect(inForce(published('1'))).toMatchObject({ status: 'unverified', code: 'CONSTITUTION_NOT_ACTIVATED' });
  });

  it('is the last activated one', () => {
    const two = [published('1'), activated('1'), published('2'), activated('2')];
    expect(inForce(...two)).toMatchObject({ status: 'verified', version: '2' });
  });

  it('is rolled back by one event', () => {
    const back = [published('1'), activated('1'), published('2'), activated('2'), activated('1')];
    expect(inForce(...back)).toMatchObject({ status: 'verified', version: '1', digest: 'd1' });
  });

  it('is not changed by a version that is only published', () => {
    expect(inForce(published('1'), activated('1'), published('2'))).toMatchObject({ version: '1' });
  });

  it('is none when the version was never published', () => {
    const unknown = [published('1'), activated('1'), activated('9')];
    expect(inForce(...unknown)).toMatchObject({ status: 'unverified', code: 'CONSTITUTION_VERSION_UNKNOWN' });
  });

  it('is none when the digest of the document differs from the activated one', () => {
    expect(inForce(published('1'), activated('1', 'other'))).toMatchObject({ code: 'CONSTITUTION_DIGEST_MISMATCH' });
    const swapped = [published('1'), activated('1'), published('1', { digest: 'other' })];
    expect(inForce(...swapped)).toMatchObject({ code: 'CONSTITUTION_DIGEST_MISMATCH' });
  });

  it('is none when the signature is invalid', () => {
    const forged = published('1', { envelope: 'forged' });
    expect(inForce(forged, activated('1'))).toMatchObject({ status: 'unverified', code: 'SIGNATURE_INVALID' });
  });

  it('is the same after compaction has put the activation first', () => {
    expect(inForce(activated('1'), published('1'))).toMatchObject({ status: 'verified', version: '1' });
  });
});
