import { describe, expect, it } from 'vitest';
import { callTool } from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import { anEmbedding, anInference, aStart, aSwitch, aTurn, personaRecords } from '../testing.ts';
import { policy } from './policy.ts';
import { activated, engineWith, options, published } from './testing.ts';

const engine = engineWith();
const { given } = scenarios(policy(engine, options));
const inForce = [...personaRecords, published('1'), activated('1')];
const aCall = callTool({
  ...{
    callId: 'c',
    toolId: 'demo/weather',
    principal: 'key-1',
    capabilities: ['tool:*'],
    credential: null,
    runId: null,
    capsuleId: null,
    labels: [],
  },
  ...{ digest: 'd1', arguments: '{}', costMax: '0.000000000', effect: 'read', purpose: 'call' },
});
const reasonsUnder = (scope: string, command: ReturnType<typeof aStart | typeof anInference | typeof callTool>) =>
  given(...inForce, aSwitch(scope)).when(command).records[0]?.data;

describe('under a kill switch', () => {
  it.each([aStart(), aTurn('t'), anInference(), anEmbedding()])(
    '$type is denied before anything is weighed',
    (asked) => {
      engine.requests.length = 0;
      const [decided] = given(...inForce, aSwitch('global')).when(asked).records;
      expect(decided?.data).toMatchObject({
        command: asked,
        features: [],
        decision: {
          outcome: 'deny',
          score: 0,
          reasons: ['KILL_SWITCH'],
          clauses: ['kill-switch:global', 'event:event of global'],
          constitutionVersion: '',
          constitutionDigest: '',
        },
      });
      expect(engine.requests).toEqual([]);
    },
  );

  it('work is denied even without a verified constitution, with the switch as reason', () => {
    const [decided] = given(aSwitch('global')).when(aStart()).records;
    expect(decided?.data).toMatchObject({ decision: { reasons: ['KILL_SWITCH'] } });
  });

  it.each([
    ['tenant:demo', aStart(), 'deny'],
    ['tenant:other', aStart(), 'allow'],
    ['model:default', aStart(), 'deny'],
    ['model:small', aStart(), 'allow'],
    ['model:small', anInference({ model: 'small' }), 'deny'],
    ['tool:shell', aStart(), 'allow'],
    ['tool:weather', aCall, 'deny'],
    ['tool:sha256.d1', aCall, 'deny'],
    ['tool:sha256.d2', aCall, 'allow'],
  ])('%s, $1.type gets %s', (scope, command, outcome) => {
    expect(reasonsUnder(scope, command)).toMatchObject({ decision: { outcome } });
  });

  it('every switch that applies is named', () => {
    const both = given(...inForce, aSwitch('tenant:demo'), aSwitch('global')).when(aStart()).records[0];
    expect(both?.data).toMatchObject({
      decision: {
        clauses: [
          'kill-switch:global',
          'event:event of global',
          'kill-switch:tenant:demo',
          'event:event of tenant:demo',
        ],
      },
    });
  });

  it('that was released, work is decided as before', () => {
    const [decided] = given(...inForce, aSwitch('global'), aSwitch('global', { engaged: false })).when(
      aStart(),
    ).records;
    expect(decided?.data).toMatchObject({ decision: { outcome: 'allow', reasons: ['PERMITTED'] } });
  });

  it('the same log gives the same bytes', () => {
    const run = () => {
      const driver = createDriver({ processors: [policy(engineWith(), options)] });
      for (const record of [...inForce, aSwitch('model:default'), aStart(), anInference({ model: 'small' })])
        driver.append(record);
      driver.run();
      return driver.records('policy.decisions').map(({ meta }) => Buffer.from(meta.value).toString('hex'));
    };
    expect(run()).toEqual(run());
  });
});

describe('a session', () => {
  it('never gets a capability that governs the platform', () => {
    const capabilities = ['slm:invoke:*', 'kill-switch:set:global'];
    expect(given(...inForce).when(aStart({ capabilities })).records[0]?.data).toMatchObject({
      decision: {
        outcome: 'deny',
        reasons: ['CAPABILITY_NOT_FOR_SESSIONS'],
        clauses: ['capability:kill-switch:set:global'],
      },
    });
  });
});
