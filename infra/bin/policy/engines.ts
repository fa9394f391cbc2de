import { type Config, loadOwnConditions } from '../../config.ts';
import { type CedarEngine, createCedarEngine } from '../../governance/cedar/engine.ts';
import { trustedConstitutionKeys } from '../../security/load-keys.ts';

/**
 * Returns the engine that evaluates recorded decisions. One trusted signature is enough: the constitution was verified
 * completely when it became active.
 */
export const verifyingEngine = (config: Config): CedarEngine =>
  createCedarEngine({
    trusted: trustedConstitutionKeys(config),
    ownConditions: config.constitution.ownConditions,
  });

/** Returns the engine for documents without a signature: it trusts no key, and needs no platform. Throws ConfigError. */
export const unsignedEngine = (): CedarEngine =>
  createCedarEngine({ trusted: new Map(), ownConditions: loadOwnConditions() });
