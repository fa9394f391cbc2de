import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ConfigError } from '../kit/config-error.ts';
import { messageOf } from '../kit/errors.ts';

/**
 * Adds the authorities of a PEM file to those that this process trusts where no others are named: model servers, engines,
 * identity providers, the gateway. Throws ConfigError when the file cannot be read or parsed.
 */
export function trustAlso(file: string): void {
  try {
    setDefaultCACertificates([...getCACertificates('default'), readFileSync(file, 'utf8')]);
  } catch (cause) {
    throw new ConfigError(
      `KHIPU_EXTRA_CA_FILE: expected the path of a PEM file with certificates of authorities; ${file}: ${messageOf(cause)}`,
    );
  }
}
