import { afterEach, describe, expect, it } from 'vitest';
import { ended, may, mayAny, type SignedIn, session } from './session.ts';

const signIn = (...capabilities: string[]): void => {
  const caller: SignedIn = {
    ...{ principal: 'api_key:a', tenant_id: 'demo', capabilities, csrf_token: 'c' },
    ...{ expires_at: '2026-01-01T08:00:00Z', idle_seconds: 1_800, signed_in_with: 'api_key' },
  };
  session.value = { kind: 'in', session: caller };
};

afterEach(() => {
  session.value = { kind: 'unknown' };
});

describe('what the console shows', () => {
  it('follows the capabilities of the caller, as the gateway checks them', () => {
    signIn('kill-switch:set', 'identity:manage:*');
    expect([may('kill-switch:set'), may('identity:manage:acme'), may('identity:manage')]).toEqual([true, true, false]);
    expect([mayAny('identity'), mayAny('constitution')]).toEqual([true, false]);
  });

  it('is everything for a caller that may do everything', () => {
    signIn('*');
    expect([may('operations:read'), mayAny('constitution')]).toEqual([true, true]);
  });

  it('is nothing while signed out', () => {
    expect([may('slm:invoke:default'), mayAny('slm')]).toEqual([false, false]);
  });
});

describe('the end of a session', () => {
  it('keeps the code that ended it', () => {
    signIn('*');
    ended('CONSOLE_SESSION_ENDED');
    expect(session.value).toEqual({ kind: 'out', code: 'CONSOLE_SESSION_ENDED' });
  });

  it('is a sign-out also when another request was answered first that the session has ended', () => {
    signIn('*');
    ended('CONSOLE_SESSION_ENDED');
    ended('SIGNED_OUT');
    expect(session.value).toEqual({ kind: 'out', code: 'SIGNED_OUT' });
  });

  it('has no code when no session was open', () => {
    ended('UNAUTHENTICATED');
    expect(session.value).toEqual({ kind: 'out', code: null });
  });
});
