import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rightsByRole } from '../infra/bin/roles/grants.ts';
import { type Registered, registered } from '../infra/bin/roles/names.ts';
import { variables } from '../infra/config.ts';
import { topics } from '../schemas/topics.ts';
import { worker } from '../streams/kernel.ts';
import { services, stages } from '../tests/containers/compose.ts';
import { chart, staleFiles } from './generate.ts';
import { chartRoles, readersOf, rolesFile, secretNames, settingNames, strimziUsers, viewNames } from './roles.ts';
import { values } from './values.ts';

type Values = { [key: string]: unknown };
const isMap = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Merges values as helm does: maps by key, everything else whole. */
const merged = (under: Values, over: Values): Values => {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isMap(before) && isMap(value) ? merged(before, value) : value;
  }
  return result;
};

const read = (path: string): Values => parse(readFileSync(join(import.meta.dirname, path), 'utf8')) as Values;
const defaults = read('khipu/values.yaml');
const examples = readdirSync(join(import.meta.dirname, 'examples')).filter((file) => file.endsWith('.yaml'));
const schema = JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')) as object;
const isValid = new Ajv({ strict: false }).compile(schema);

/** Roles without a Deployment: set-up is a Job, operators are people. */
const NO_DEPLOYMENT = ['setup', 'operator'];

describe('the chart follows from the declarations', () => {
  it('its generated files are up to date', () => {
    expect(staleFiles()).toEqual([]);
  });

  it('every role that has rights in Kafka has a Deployment, and every Deployment is such a role', () => {
    const roles = Object.keys(rightsByRole()).filter((name) => !NO_DEPLOYMENT.includes(name));
    expect(
      chartRoles()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(roles.sort());
  });

  it('a worker that is declared has a Deployment, started with its setting, and a user', () => {
    const calling = worker({
      ...{ name: 'planted', inputs: [topics.sessionsEvents], outputs: [], key: (_, meta) => meta.key },
      ...{ concurrencyMax: 1, attemptsMax: 1, deadlineMs: 1_000 },
    });
    const binding = { heapMb: 64, runsWith: 'PLANTED_URL', bind: () => Promise.reject(new Error('not run')) };
    const planted: Registered = {
      ...registered,
      workers: { ...registered.workers, planted: calling },
      bindings: { ...registered.bindings, planted: { ...binding, reaches: ['outside'] } },
    };
    expect(rolesFile(planted).roles.find(({ name }) => name === 'planted')).toMatchObject({
      ...{ kind: 'worker', args: ['run', 'worker', 'planted'], runsWith: 'PLANTED_URL', reaches: ['outside'] },
      ...{ heapMb: 64, lag: 'khipu_lag_records{processor="planted"}', isPartitioned: true, keys: [] },
    });
    expect(strimziUsers(planted)['planted']?.length).toBeGreaterThan(0);
    expect(chartRoles().some(({ name }) => name === 'planted')).toBe(false);
  });

  it('every role has a user of Strimzi with at least one right', () => {
    const users = strimziUsers();
    expect(Object.keys(users).sort()).toEqual(Object.keys(rightsByRole()).sort());
    for (const [name, acls] of Object.entries(users)) expect([name, acls.length > 0]).toEqual([name, true]);
  });

  it('a role whose inputs have one partition is not scaled, and the core is', () => {
    const scaled = new Map(chartRoles().map(({ name, isPartitioned }) => [name, isPartitioned]));
    expect([scaled.get('core'), scaled.get('kill-switch'), scaled.get('slm')]).toEqual([true, false, true]);
  });

  it('what names a role, a read model or a key names one that exists', () => {
    const names = [...chartRoles().map(({ name }) => name), 'setup'];
    for (const { roles } of rolesFile().readers) for (const role of roles) expect(names).toContain(role);
    for (const { pattern } of rolesFile().readers)
      expect([pattern, Object.keys(variables.shape).some((name) => new RegExp(pattern).test(name))]).toEqual([
        pattern,
        true,
      ]);
    expect(viewNames.length).toBeGreaterThan(5);
  });
});

describe('settings of the chart', () => {
  it('contain no secret: each comes from a Secret, and goes to the processes that use it', () => {
    expect(settingNames.filter((name) => /(TOKEN|SECRET|PASSWORD|KEY)$/.test(name))).toEqual([]);
    expect(secretNames).toContain('KHIPU_SLM_API_KEY');
    // Commands and answers are classified by two processes.
    const readers = (name: string) => (name === 'KHIPU_MODERATION_TOKEN' ? 2 : 1);
    for (const name of secretNames) expect([name, readersOf(name)?.length]).toEqual([name, readers(name)]);
  });

  it('are variables of the platform, and go to the roles that read them', () => {
    for (const name of [...settingNames, ...secretNames]) expect(Object.keys(variables.shape)).toContain(name);
    expect(readersOf('KHIPU_LOG_LEVEL')).toBeNull();
    expect(readersOf('KHIPU_RATE_LIMIT_PER_MINUTE')).toEqual(['gateway']);
  });
});

describe('templates', () => {
  it('set variables of the platform alone, beside the URLs that they are made of', () => {
    const folder = join(chart, 'templates');
    const text = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const named = [...text.matchAll(/name: ((?:KAFKA|KHIPU|SCHEMA|DATABASE|REDIS|OTEL)_[A-Z0-9_]+)/g)].map(
      ([, each]) => each,
    );
    expect(named).toEqual(expect.arrayContaining(['KAFKA_SSL_KEY_FILE', 'KHIPU_HTTP_TLS_CLIENT_CA_FILE']));
    expect(named.filter((each) => !Object.hasOwn(variables.shape, each ?? ''))).toEqual([]);
    const parts = [...text.matchAll(/"uri" "([A-Z_]+)"/g)].map(([, each]) => each);
    expect(parts).toEqual(['DATABASE_URI', 'REDIS_URI']);
  });
});

describe('values', () => {
  it.each(examples)('%s are accepted by the schema, on top of the defaults', (file) => {
    const under = file.startsWith('region-') ? merged(defaults, read('examples/external.yaml')) : defaults;
    const all = merged(under, read(`examples/${file}`));
    expect(values.safeParse(all).error?.issues ?? []).toEqual([]);
    expect(isValid(all), JSON.stringify(isValid.errors)).toBe(true);
  });

  it.each([
    ['a role that does not exist', { roles: { kore: { replicas: 1 } } }],
    ['a misspelt field', { roles: { core: { replica: 1 } } }],
    ['a number of partitions that is no power of two', { kafka: { partitions: 12 } }],
    ['a secret among the settings', { settings: { KHIPU_SLM_API_KEY: 'x' } }],
    ['a variable that the chart sets itself', { settings: { DATABASE_URL: 'x' } }],
    ['a gateway that does not exist', { gateway: { serves: ['smtp'] } }],
    [
      'a file of the certificate of the gateway, which the chart mounts',
      { settings: { KHIPU_HTTP_TLS_KEY_FILE: '/k' } },
    ],
    ['headers of a receiver of traces, which are secret', { settings: { OTEL_EXPORTER_OTLP_HEADERS: 'a=b' } }],
    ['a misspelt Secret of a certificate', { kafka: { tls: { clientSecret: 'x' } } }],
  ])('with %s are refused', (_, wrong) => {
    const all = merged(merged(defaults, read('examples/external.yaml')), wrong);
    expect(isValid(all)).toBe(false);
    expect(values.safeParse(all).success).toBe(false);
  });

  it('put a password in no example', () => {
    for (const file of examples)
      expect(readFileSync(join(import.meta.dirname, 'examples', file), 'utf8')).not.toMatch(/password: ['"\w]/i);
  });
});

describe('the services of the compose file', () => {
  it('start in stages: parts, the registry, the set-up, the roles', () => {
    expect(stages(services()).map((stage) => [...stage].sort())).toEqual([
      ['kafka', 'postgres', 'redis'],
      ['registry'],
      ['setup'],
      expect.arrayContaining(['gateway', 'projection', 'stream-all', 'worker-slm']),
    ]);
  });

  it('that depend on each other are an error', () => {
    const waits = { condition: 'service_healthy' };
    const circle = new Map([
      ['a', { depends_on: { b: waits } }],
      ['b', { depends_on: { a: waits } }],
    ]);
    expect(() => stages(circle)).toThrow('services depend on each other');
  });
});
