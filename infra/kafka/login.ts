import { z } from 'zod';
import { ConfigError } from '../kit/config-error.ts';

/** The login that every Kafka client of this process uses. */
export interface KafkaLogin {
  /** Uses TLS. Certificates are verified against those that Node trusts, including NODE_EXTRA_CA_CERTS. */
  readonly tls: boolean;
  readonly sasl: Sasl | null;
}

/** SASL credentials of this process. */
export interface Sasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** No TLS and no SASL. */
export const NO_LOGIN: KafkaLogin = { tls: false, sasl: null };

/** Environment variables of the login. */
export const loginVariables = {
  KAFKA_SSL: z.enum(['true', 'false']).default('false').describe('true: connects to brokers over TLS'),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .describe('plain, scram-sha-256 or scram-sha-512; no login when not set'),
  KAFKA_SASL_USERNAME: z.string().min(1).optional().describe('the principal of this role, as named in ACLs'),
  KAFKA_SASL_PASSWORD: z.string().min(1).optional().describe('its password'),
};

type LoginVariables = z.infer<z.ZodObject<typeof loginVariables>>;

/**
 * Returns the login of the variables. Throws ConfigError for an incomplete login, and in production for a password
 * without TLS.
 */
export function loginOf(v: LoginVariables, mode: 'development' | 'production'): KafkaLogin {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = v;
  const tls = v.KAFKA_SSL === 'true';
  if (mechanism === undefined) {
    if (username === undefined && password === undefined) return { tls, sasl: null };
    throw new ConfigError(
      'KAFKA_SASL_MECHANISM: expected a mechanism, because a user name or password for Kafka is set',
    );
  }
  if (username === undefined || password === undefined)
    throw new ConfigError(
      `${username === undefined ? 'KAFKA_SASL_USERNAME' : 'KAFKA_SASL_PASSWORD'}: expected to be set, because KAFKA_SASL_MECHANISM is ${mechanism}`,
    );
  if (mechanism === 'plain' && !tls && mode === 'production')
    throw new ConfigError(
      'KAFKA_SSL: expected true, because KAFKA_SASL_MECHANISM plain sends the password in clear text',
    );
  return { tls, sasl: { mechanism, username, password } };
}
