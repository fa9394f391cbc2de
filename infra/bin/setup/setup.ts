import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allProjections } from '../../../projections/all.ts';
import { failedTests, failureLine } from '../../../streams/policy/self-test.ts';
import { constitutionTable } from '../../../streams/tables/constitution-in-force.ts';
import type { Config } from '../../config.ts';
import { createCedarEngine } from '../../governance/cedar/engine.ts';
import { defaultConstitution } from '../../governance/constitution/default.ts';
import { type SignedConstitution, signConstitution } from '../../governance/constitution/signing.ts';
import { connectKafka } from '../../kafka/connect.ts';
import { expectActive } from '../../kafka/region.ts';
import type { Logger } from '../../kit/logger.ts';
import { retried } from '../../kit/retry.ts';
import { loadViews } from '../../projections/load-view.ts';
import { prepareViews } from '../../projections/prepare.ts';
import { claimRegion } from '../../regions/promote.ts';
import { ensureDevelopmentKeys } from '../../security/development-keys.ts';
import { keyFiles } from '../../security/key-paths.ts';
import { constitutionSigner, trustedConstitutionKeys } from '../../security/load-keys.ts';
import { publishConstitution, readTable } from './constitution.ts';
import { setUpTopics } from './layout.ts';
import { seedPersonas } from './personas.ts';
import { NEW_TOPIC } from './topics.ts';

/** The result of a setup. */
export interface SetupReport {
  readonly topicsCreated: number;
  readonly migrationsRun: number;
  /**
   * `kept` when a verified one is active already; `none` in production, where operators propose, sign and activate it.
   */
  readonly constitution: 'kept' | 'published' | 'none';
  /** Built-in personas that the platform did not have yet. */
  readonly personasAdded: number;
  /** Plain text of the demo tenant's key; null in production. */
  readonly apiKey: string | null;
}

/**
 * Updates all durable resources to this release: topics, schemas, tables, keys, constitution, built-in personas. Idempotent. Rejects with
 * LayoutError when the platform has other partitions than KHIPU_PARTITIONS, with RegionError when the log belongs to another
 * region, and with the error of the log, a store or the engine.
 */
export async function runSetup(config: Config, logger: Logger): Promise<SetupReport> {
  if (config.mode === 'development') ensureDevelopmentKeys(config.keysDir);
  const migrating = loadViews(allProjections).then((views) => prepareViews(config.databaseUrl, views));
  // Awaited below; without this, an earlier failure of the log would leave its rejection unhandled.
  migrating.catch(() => undefined);
  const kafka = await connectKafka(config, 'setup', logger);
  try {
    await expectActive(kafka.log, config.region);
    const topicsCreated = (await setUpTopics(kafka.log, config.wantedLayout)).length;
    if (config.region !== null) await claimRegion(kafka.log, config.region);
    const { signaturesRequired, ownConditions } = config.constitution;
    const engine = createCedarEngine({ trusted: trustedConstitutionKeys(config), signaturesRequired, ownConditions });
    const table = constitutionTable(engine.verify);
    const { inForce } = await retried(() => readTable(kafka.log, kafka.decoder, table), NEW_TOPIC);
    let constitution: SetupReport['constitution'] = inForce.status === 'verified' ? 'kept' : 'none';
    // Setup has one key; when more signatures are required, operators sign.
    if (constitution === 'none' && config.mode === 'development' && signaturesRequired === 1) {
      const signed = signConstitution(defaultConstitution, constitutionSigner(config));
      assertPasses(engine, signed);
      await publishConstitution(kafka.log, kafka.decoder, signed, Date.now());
      constitution = 'published';
    }
    const personasAdded = await seedPersonas(kafka.log, kafka.decoder, Date.now());
    return { topicsCreated, migrationsRun: await migrating, constitution, personasAdded, apiKey: demoKey(config) };
  } finally {
    await kafka.close();
  }
}

const demoKey = (config: Config): string | null =>
  config.mode === 'development' ? readFileSync(join(config.keysDir, keyFiles.demoApiKey), 'utf8').trim() : null;

/** Throws when the constitution is not verified or one of its own tests fails, with every failure. */
function assertPasses(engine: ReturnType<typeof createCedarEngine>, signed: SignedConstitution): void {
  const status = engine.verify(signed);
  if (status.status !== 'verified') throw Object.assign(new Error(status.detail), { code: status.code });
  const failures = failedTests(engine.rule, status).map(failureLine);
  if (failures.length > 0) throw Object.assign(new Error(failures.join('; ')), { code: 'CONSTITUTION_TESTS_FAILED' });
}
