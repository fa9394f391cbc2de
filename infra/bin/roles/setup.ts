import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allProjections } from '../../../projections/all.ts';
import { constitutionTable } from '../../../streams/policy/constitution.ts';
import { failedTests, failureLine } from '../../../streams/policy/self-test.ts';
import type { Config } from '../../config.ts';
import { createCedarEngine } from '../../governance/cedar-engine.ts';
import { type SignedConstitution, signConstitution } from '../../governance/constitution-signing.ts';
import { defaultConstitution } from '../../governance/default-constitution.ts';
import { connectKafka } from '../../kafka/connect.ts';
import { ensureDevelopmentKeys } from '../../keys/development.ts';
import { keyFiles } from '../../keys/files.ts';
import { constitutionSigner, trustedConstitutionKeys } from '../../keys/load.ts';
import { loadViews } from '../../projections/load-view.ts';
import { prepareViews } from '../../projections/prepare.ts';
import { publishConstitution, readTable } from '../../setup/constitution.ts';
import { createTopics } from '../../setup/topics.ts';
import type { Logger } from '../../telemetry/logger.ts';

export interface SetupReport {
  readonly topicsCreated: number;
  readonly migrationsRun: number;
  /** `kept` when one that verifies is in force already; `none` in production, where people propose, sign and activate it. */
  readonly constitution: 'kept' | 'published' | 'none';
  /** Plain text of the demo tenant's key; null in production. */
  readonly apiKey: string | null;
}

/** Brings everything that outlives a process to this release: topics, schemas, tables, keys, constitution. Idempotent. */
export async function runSetup(config: Config, logger: Logger): Promise<SetupReport> {
  if (config.mode === 'development') ensureDevelopmentKeys(config.keysDir);
  const migrating = loadViews(allProjections).then((views) => prepareViews(config.databaseUrl, views));
  // Awaited below; without this a failure of the log before that would leave it unhandled.
  migrating.catch(() => undefined);
  const kafka = await connectKafka(config, 'setup', logger);
  try {
    const topicsCreated = (await createTopics(kafka.log)).length;
    const { signaturesRequired } = config.constitution;
    const engine = createCedarEngine({ trusted: trustedConstitutionKeys(config), signaturesRequired });
    const { inForce } = await readTable(kafka.log, kafka.decoder, constitutionTable(engine.verify));
    let constitution: SetupReport['constitution'] = inForce.status === 'verified' ? 'kept' : 'none';
    // One key is at hand here; where more must sign, people do.
    if (constitution === 'none' && config.mode === 'development' && signaturesRequired === 1) {
      const signed = signConstitution(defaultConstitution, constitutionSigner(config));
      assertPasses(engine, signed);
      await publishConstitution(kafka.log, kafka.decoder, signed, Date.now());
      constitution = 'published';
    }
    return { topicsCreated, migrationsRun: await migrating, constitution, apiKey: demoKey(config) };
  } finally {
    await kafka.close();
  }
}

const demoKey = (config: Config): string | null =>
  config.mode === 'development' ? readFileSync(join(config.keysDir, keyFiles.demoApiKey), 'utf8').trim() : null;

/** A constitution carries its own test cases, and is not published when one fails. Throws with every failure. */
function assertPasses(engine: ReturnType<typeof createCedarEngine>, signed: SignedConstitution): void {
  const status = engine.verify(signed);
  if (status.status !== 'verified') throw Object.assign(new Error(status.detail), { code: status.code });
  const failures = failedTests(engine.rule, status).map(failureLine);
  if (failures.length > 0) throw Object.assign(new Error(failures.join('; ')), { code: 'CONSTITUTION_TESTS_FAILED' });
}
