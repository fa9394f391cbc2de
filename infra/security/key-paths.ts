/** File names in the folder of keys. */
export const keyFiles = {
  /** JWK Set: signs and verifies session tokens. */
  jwt: 'jwt.json',
  /** JWK Set: signs and verifies constitutions. */
  constitution: 'constitution.json',
  apiKeys: 'api-keys.json',
  /** The demo key in plain text, for the developer at this machine. */
  demoApiKey: 'api-key',
} as const;
