import { z } from 'zod';
import { ConfigError } from '../kit/config-error.ts';
import { liveSecret } from '../tls/live-secret.ts';
import { NO_FILES, type TlsFiles } from '../tls/tls-files.ts';

/** The login that every Kafka client of this process uses. */
export interface KafkaLogin {
  /** Files of TLS, see `TlsFiles`; null without TLS. */
  readonly tls: TlsFiles | null;
  readonly sasl: Sasl | null;
}

/** SASL credentials of this process. */
export interface Sasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  /** Read for each new connection: one from a file may change. */
  readonly password: string;
}

/** No TLS and no SASL. */
export const NO_LOGIN: KafkaLogin = { tls: null, sasl: null };

/** Environment variables of the login. */
export const loginVariables = {
  KAFKA_SSL: z.enum(['true', 'false']).default('false').describe('true: connects to brokers over TLS'),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .describe('plain, scram-sha-256 or scram-sha-512; no login when not set'),
  KAFKA_SASL_USERNAME: z.string().min(1).optional().describe('the principal of this role, as named in ACLs'),
  KAFKA_SASL_PASSWORD: z.string().min(1).optional().describe('its password'),
  KAFKA_SASL_PASSWORD_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('path of a file with that password, instead of KAFKA_SASL_PASSWORD; read again when it changes'),
};

type LoginVariables = z.infer<z.ZodObject<typeof loginVariables>>;

/** Returns credentials whose password is read from its file whenever it is used. */
const withPasswordFile = (mechanism: Sasl['mechanism'], username: string, file: string): Sasl => {
  const password = liveSecret(file);
  try {
    password();
  } catch {
    throw new ConfigError(`KAFKA_SASL_PASSWORD_FILE: expected the path of a file with a password; ${file} has none`);
  }
  return {
    ...{ mechanism, username },
    get password() {
      return password();
    },
  };
};

/**
 * Returns the login of the variables; `files` are those of TLS. Throws ConfigError for an incomplete login, for files
 * without TLS, and in production for a password without TLS.
 */
export function loginOf(v: LoginVariables, mode: 'development' | 'production', files: TlsFiles = NO_FILES): KafkaLogin {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = v;
  const { KAFKA_SASL_PASSWORD_FILE: file } = v;
  const tls = v.KAFKA_SSL === 'true' ? files : null;
  if (password !== undefined && file !== undefined)
    throw new ConfigError('KAFKA_SASL_PASSWORD_FILE: expected no value, as KAFKA_SASL_PASSWORD is set');
  if (mechanism === undefined) {
    if (username === undefined && password === undefined && file === undefined) return { tls, sasl: null };
    throw new ConfigError(
      'KAFKA_SASL_MECHANISM: expected a mechanism, because a user name or password for Kafka is set',
    );
  }
  if (username === undefined || (password === undefined && file === undefined))
    throw new ConfigError(
      `${username === undefined ? 'KAFKA_SASL_USERNAME' : 'KAFKA_SASL_PASSWORD'}: expected to be set, because KAFKA_SASL_MECHANISM is ${mechanism}`,
    );
  if (mechanism === 'plain' && tls === null && mode === 'production')
    throw new ConfigError(
      'KAFKA_SSL: expected true, because KAFKA_SASL_MECHANISM plain sends the password in clear text',
    );
  const sasl =
    password === undefined ? withPasswordFile(mechanism, username, file ?? '') : { mechanism, username, password };
  return { tls, sasl };
}
