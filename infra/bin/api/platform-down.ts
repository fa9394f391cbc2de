import { homeDir } from '../../local/home.ts';
import { ownNames } from '../../local/own-values.mjs';
import { livingRun } from '../../local/process/run-record.ts';
import { failure } from '../failure.ts';

/** A variable with the address of a service of the platform. */
export type AddressName = 'KHIPU_URL' | 'KAFKA_BROKERS' | 'SCHEMA_REGISTRY_URL';

/**
 * Returns PLATFORM_DOWN for an address that is missing or does not answer. The message is the same whichever service was
 * asked first: while the platform of this checkout is stopped, it says so, and names no address.
 */
export function platformDown(name: AddressName, env: NodeJS.ProcessEnv = process.env, cause?: unknown): Error {
  const dir = homeDir(env);
  const address = env[name] ?? '';
  const isLocal = address === '' || ownNames(dir, env).includes(name);
  return failure(
    'PLATFORM_DOWN',
    isLocal && livingRun(dir) === undefined
      ? 'the platform of this checkout is not running'
      : `${address || name} does not answer`,
    cause,
  );
}
