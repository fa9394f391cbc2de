import { type AgentCard, generateAgentCardSignature } from '@a2a-js/sdk';
import type { SigningKey } from '../../../infra/security/key-set.ts';
import { ALGORITHM } from './session-tokens.ts';

/** A card as it is sent, with its signatures. */
export interface SignedCard {
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[];
}

/** Signs a card of an agent as it is sent. `origin`: URL of this platform, where the public key is. */
export type SignCard = (card: object, origin: string) => Promise<SignedCard>;

/**
 * Returns what signs cards: JWS over the canonical form of a card (A2A 1.0, section 8.4). The key is that of session tokens, whose
 * public part is at `/.well-known/jwks.json`. A card is no token: its `typ` is not JWT, and it has no claims.
 *
 * The SDK gives a card two canonical forms (a2aproject/a2a-js#663): here it is given the one on the wire, which other languages
 * verify. In the one in memory, the security schemes would be left out.
 */
export const cardSigner =
  ({ keyId, privateKey }: SigningKey): SignCard =>
  (card, origin) =>
    generateAgentCardSignature(privateKey, {
      ...{ alg: ALGORITHM, kid: keyId, typ: 'JOSE', jku: `${origin}/.well-known/jwks.json` },
    })(card as AgentCard);
