import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from '../../../infra/config.ts';
import { openLog } from '../../../infra/kafka/connect.ts';
import type { Log } from '../../../infra/kafka/port.ts';
import { openRegistry } from '../../../infra/kafka/registry.ts';
import { registryRequest } from '../../../infra/kafka/registry-request.ts';
import { createLogger } from '../../../infra/kit/logger.ts';
import { tlsEnv } from '../../../infra/local/tls/local-tls.ts';
import { type Caller, type SecuredParts, startSecuredParts } from './secured-parts.ts';

let parts: SecuredParts;
const logger = createLogger('test', 'silent');
beforeAll(async () => {
  parts = await startSecuredParts(['kafka', 'registry']);
}, 600_000);
afterAll(() => parts?.stop());

const others = { DATABASE_URL: 'postgres://unused/khipu', REDIS_URL: 'redis://unused' };
const configAs = (name: Caller, env: Readonly<Record<string, string>> = {}): Config =>
  loadConfig({ ...parts.env, ...others, ...tlsEnv(parts.callers[name]), ...env });

/** Expired files stop a start; here a certificate expires while a process runs. */
const loginAs = (name: Caller, client: string): Config => {
  const config = configAs('admin', { KHIPU_KAFKA_CLIENT: client });
  return { ...config, kafkaLogin: { tls: parts.callers[name], sasl: null } };
};

describe.each(['kafkajs', 'platformatic'])('the brokers, over %s,', (client) => {
  const logs: Log[] = [];
  const logAs = (name: Caller): Log => {
    const log = openLog(loginAs(name, client), 'test', logger);
    logs.push(log);
    return log;
  };
  afterAll(() => Promise.all(logs.map((log) => log.close())));

  it('answer the certificate of the administrator', async () => {
    await logAs('admin').ping(20_000);
    await logAs('admin').createTopics([{ name: `tls.${client}`, partitions: 1, config: {} }]);
  });

  it.each<[string, Caller, string]>([
    ['no certificate', 'none', 'LOG_CERTIFICATE_REFUSED'],
    ['an expired one', 'expired', 'LOG_CERTIFICATE_REFUSED'],
    ['one of an unknown authority', 'foreign', 'LOG_CERTIFICATE_REFUSED'],
    ['another authority to trust', 'distrustful', 'LOG_SERVER_UNTRUSTED'],
  ])('refuse %s, and the code says so', async (_, name, code) => {
    await expect(logAs(name).ping(20_000)).rejects.toMatchObject({ code });
  });

  it('know a stranger by the name in its certificate, and no ACL lets it create a topic', async () => {
    const creating = logAs('stranger').createTopics([{ name: 'tls.strange', partitions: 1, config: {} }]);
    await expect(creating).rejects.toMatchObject({ code: 'LOG_FORBIDDEN' });
  });
});

describe('the registry', () => {
  it('answers over https', async () => {
    expect(await registryRequest(configAs('admin').registryUrl, 'config', 60_000)).toMatchObject({ status: 200 });
  });

  it('is not trusted when another authority has to sign it', async () => {
    const opening = openRegistry(configAs('distrustful').registryUrl);
    await expect(opening).rejects.toMatchObject({ code: 'REGISTRY_SERVER_UNTRUSTED' });
  });
});
