import type { CapsuleReader } from '../../schemas/contexts/capsules.ts';
import type { ManifestReader } from '../../schemas/contexts/tools.ts';
import type { Needs } from '../../streams/all.ts';
import type { ConstitutionEngine } from '../../streams/constitution/engine.ts';
import type { RuleEngine } from '../../streams/policy/rule-engine.ts';
import { failedTests, failureLine } from '../../streams/policy/self-test.ts';
import { capsuleReader } from '../capsules/signing.ts';
import type { Config } from '../config.ts';
import { createCedarEngine } from '../governance/cedar/engine.ts';
import { createLifeEngine } from '../governance/constitution/engine.ts';
import { pricesOf } from '../models/registry/prices.ts';
import { cronCalendar } from '../schedules/calendar.ts';
import { trustedConstitutionKeys } from '../security/load-keys.ts';
import { schemaProblemsOf } from '../tools/manifest/schema-problems.ts';
import { manifestReader } from '../tools/manifest/signing.ts';

/**
 * Returns the dependencies of processors, made from the configuration. Engines are created on access, so that a process
 * reads no keys that it does not use. Access throws ConfigError when the keys cannot be read.
 */
export function needsOf(config: Config): Needs {
  const { signaturesRequired, reviewsRequired, ownConditions } = config.constitution;
  return {
    get ruleEngine(): RuleEngine {
      return createCedarEngine({ trusted: trustedConstitutionKeys(config), signaturesRequired, ownConditions });
    },
    get constitutionEngine(): ConstitutionEngine {
      return createLifeEngine({
        trusted: trustedConstitutionKeys(config),
        signaturesRequired,
        ownConditions,
        failures: (rule, candidate) => failedTests(rule, candidate).map(failureLine),
      });
    },
    prices: pricesOf(config.slm.providers),
    currency: config.slm.providers[0]?.currency ?? 'USD',
    asksEngine: config.policyEngine !== null,
    asksClassifier: config.classifier !== null,
    reviewsRequired,
    twoPerson: config.killSwitchTwoPerson,
    calendar: cronCalendar,
    schemaProblems: schemaProblemsOf(),
    capsuleReviewsRequired: config.capsuleReviewsRequired,
    get readCapsule(): CapsuleReader {
      return capsuleReader(trustedConstitutionKeys(config));
    },
    get readManifest(): ManifestReader {
      return manifestReader(trustedConstitutionKeys(config));
    },
  };
}
