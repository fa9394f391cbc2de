import { describe, expect, it } from 'vitest';
import type { KillSwitch } from '../generated/records.ts';
import { maySet, SCOPE, switchesOver } from './kill-switch.ts';

const engaged = (scope: string, isEngaged = true): KillSwitch => ({
  scope,
  engaged: isEngaged,
  mode: 'stop',
  reason: 'a leak',
  engagedBy: 'key-1',
  since: 1_000,
  twoPerson: false,
  releaseProposedBy: null,
  engagedEventId: 'e1',
});
const held = (...switches: readonly KillSwitch[]) => new Map(switches.map((each) => [each.scope, each]));
const work = {
  tenant: 'acme',
  resources: [
    { type: 'Model', id: 'default' },
    { type: 'Model', id: 'small' },
    { type: 'Tool', id: 'shell' },
    { type: 'Capsule', id: 'weaver' },
    { type: 'Job', id: 'nightly' },
  ],
} as const;

describe('a scope', () => {
  it.each(['global', 'tenant:acme', 'model:llama-3:8b', 'tool:shell', 'capsule:a/b', 'job:x'])('may be %s', (scope) => {
    expect(SCOPE.test(scope)).toBe(true);
  });

  it.each(['', 'Global', 'global:', 'tenant:', 'tenant:a b', 'session:x', `model:${'x'.repeat(201)}`, 'global\n'])(
    'may not be %j',
    (scope) => {
      expect(SCOPE.test(scope)).toBe(false);
    },
  );
});

describe('the switches that apply to a request', () => {
  it.each(['global', 'tenant:acme', 'model:default', 'model:small', 'tool:shell', 'capsule:weaver', 'job:nightly'])(
    'are those of %s',
    (scope) => {
      expect(switchesOver(held(engaged(scope)), work)).toEqual([engaged(scope)]);
    },
  );

  it.each(['tenant:acm', 'tenant:other', 'model:large', 'tool:small', 'capsule:shell'])('are not %s', (scope) => {
    expect(switchesOver(held(engaged(scope)), work)).toEqual([]);
  });

  it('do not include released ones', () => {
    expect(switchesOver(held(engaged('global', false)), work)).toEqual([]);
  });

  it('are ordered by scope, the widest first', () => {
    const both = held(engaged('model:small'), engaged('global'), engaged('tenant:acme'));
    expect(switchesOver(both, work).map(({ scope }) => scope)).toEqual(['global', 'tenant:acme', 'model:small']);
  });
});

describe('the capability to set a switch', () => {
  it.each([
    [['kill-switch:set'], 'tenant:acme', true],
    [['kill-switch:set'], 'tenant:other', false],
    [['kill-switch:set'], 'global', false],
    [['kill-switch:set:global'], 'global', true],
    [['kill-switch:set:global'], 'tenant:acme', false],
    [['kill-switch:set:model:*'], 'model:small', true],
    [['kill-switch:set:model:*'], 'tool:small', false],
    [['kill-switch:set:*'], 'tenant:other', true],
    [['kill-switch:*'], 'tenant:acme', true],
    [['*'], 'global', true],
    [['slm:invoke:*'], 'tenant:acme', false],
    [[], 'tenant:acme', false],
  ])('%j of tenant acme sets %s: %s', (capabilities, scope, expected) => {
    expect(maySet(capabilities, 'acme', scope)).toBe(expected);
  });
});
