import { z } from 'zod';
import { ConfigError } from '../config-error.ts';

/** How every client of this process makes itself known to the brokers. */
export interface KafkaLogin {
  /** Certificates are checked against those that Node trusts, NODE_EXTRA_CA_CERTS among them. */
  readonly tls: boolean;
  readonly sasl: Sasl | null;
}

export interface Sasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

export const NO_LOGIN: KafkaLogin = { tls: false, sasl: null };

export const loginVariables = {
  KAFKA_SSL: z.enum(['true', 'false']).default('false').describe('true: brokers are spoken to over TLS'),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .describe('plain, scram-sha-256 or scram-sha-512; nobody logs in when not set'),
  KAFKA_SASL_USERNAME: z.string().min(1).optional().describe('the principal of this role, whom ACLs name'),
  KAFKA_SASL_PASSWORD: z.string().min(1).optional().describe('its password'),
};

type LoginVariables = z.infer<z.ZodObject<typeof loginVariables>>;

/** Throws ConfigError for half a login, and for a password that production would send in the clear. */
export function loginOf(v: LoginVariables, mode: 'development' | 'production'): KafkaLogin {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = v;
  const tls = v.KAFKA_SSL === 'true';
  if (mechanism === undefined) {
    if (username === undefined && password === undefined) return { tls, sasl: null };
    throw new ConfigError('KAFKA_SASL_MECHANISM: expected a mechanism, as a user name or password for Kafka is set');
  }
  if (username === undefined || password === undefined)
    throw new ConfigError(
      `${username === undefined ? 'KAFKA_SASL_USERNAME' : 'KAFKA_SASL_PASSWORD'}: expected to be set, as KAFKA_SASL_MECHANISM is ${mechanism}`,
    );
  if (mechanism === 'plain' && !tls && mode === 'production')
    throw new ConfigError('KAFKA_SSL: expected true, as KAFKA_SASL_MECHANISM plain sends the password as it is');
  return { tls, sasl: { mechanism, username, password } };
}
