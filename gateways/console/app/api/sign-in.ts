import { forgetTurns } from '../state/live.ts';
import { ended, session } from '../state/session.ts';
import { api, read } from './client.ts';

/** Asks who is signed in. Rejects with ApiError when the gateway does not answer. */
export async function readSession(): Promise<void> {
  try {
    session.value = { kind: 'in', session: await read(api.GET('/session')) };
  } catch (error) {
    if (session.value.kind !== 'out') throw error;
  }
}

/** Signs in with an API key. The page does not keep the key: the cookie is an opaque session. Rejects with ApiError. */
export async function signIn(apiKey: string): Promise<void> {
  const signedIn = await read(api.POST('/sign-in', { body: { api_key: apiKey } }));
  forgetTurns();
  session.value = { kind: 'in', session: signedIn };
}

/** Ends the session at the gateway and in this page, which forgets what it showed. */
export async function signOut(): Promise<void> {
  await read(api.POST('/sign-out'));
  ended('SIGNED_OUT');
  forgetTurns();
}

/** Returns the name of the identity provider; null when there is none. */
export const identityProvider = async (): Promise<string | null> =>
  (await read(api.GET('/sign-in'))).identity_provider?.name ?? null;
