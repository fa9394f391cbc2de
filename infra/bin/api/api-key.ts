import { failure } from '../failure.ts';

/** Returns KHIPU_API_KEY. Throws CONFIG_INVALID without one. */
export function apiKeyOf({ KHIPU_API_KEY: key = '' }: NodeJS.ProcessEnv): string {
  if (key === '') throw failure('CONFIG_INVALID', 'KHIPU_API_KEY is not set');
  return key;
}
