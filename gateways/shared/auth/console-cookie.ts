import { parseCookie, stringifySetCookie } from 'cookie';

/** Names and attributes of the console's cookies at one public URL. */
export class ConsoleCookies {
  readonly #isSecure: boolean;

  /** `publicUrl`: the URL under which clients reach the gateway; null when none is configured. */
  constructor(publicUrl: string | null) {
    this.#isSecure = publicUrl?.startsWith('https:') === true;
  }

  /** Name of the session's cookie. With TLS its prefix lets no other host of the domain set it (RFC 6265bis, 4.1.3.2). */
  get name(): string {
    return this.#isSecure ? '__Host-khipu-console' : 'khipu-console';
  }

  /** Name of the cookie of a sign-in at the identity provider that is under way. */
  get signInName(): string {
    return this.#isSecure ? '__Secure-khipu-sign-in' : 'khipu-sign-in';
  }

  /** Returns the secret in a `Cookie` header; null without one. */
  secretIn(header: string | undefined): string | null {
    return this.#valueIn(header, this.name);
  }

  /** Returns what `setSignIn` set; null without one. */
  signInIn(header: string | undefined): string | null {
    return this.#valueIn(header, this.signInName);
  }

  /** Returns the `Set-Cookie` of a session. The browser drops it with its window; the session ends by itself. */
  set(secret: string): string {
    return this.#session(secret);
  }

  /** Returns the `Set-Cookie` that removes the session's cookie. */
  clear(): string {
    return this.#session('', 0);
  }

  /** Returns the `Set-Cookie` of a sign-in that is under way. It is sent with the navigation back from another site. */
  setSignIn(value: string, maxAgeS: number): string {
    return this.#signIn(value, maxAgeS);
  }

  /** Returns the `Set-Cookie` that removes it. */
  clearSignIn(): string {
    return this.#signIn('', 0);
  }

  #session(value: string, maxAge?: number): string {
    return stringifySetCookie({
      ...{ name: this.name, value, httpOnly: true, secure: this.#isSecure, sameSite: 'strict' },
      // The prefix __Host- requires the path of the whole host. Routes outside of the console ignore the cookie.
      path: this.#isSecure ? '/' : '/console/api',
      ...(maxAge !== undefined && { maxAge }),
    });
  }

  #signIn(value: string, maxAge: number): string {
    return stringifySetCookie({
      ...{ name: this.signInName, value, maxAge, httpOnly: true, secure: this.#isSecure, sameSite: 'lax' },
      path: '/console/api/sign-in',
    });
  }

  #valueIn(header: string | undefined, name: string): string | null {
    return (header === undefined ? undefined : parseCookie(header)[name]) || null;
  }
}
