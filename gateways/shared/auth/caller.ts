/** Who calls, proved by an API key or by a session's token. */
export type Caller = ApiKeyCaller | SessionCaller;

interface CallerBase {
  readonly tenantId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
}

export interface ApiKeyCaller extends CallerBase {
  readonly kind: 'api_key';
}

/** Bound to one session. */
export interface SessionCaller extends CallerBase {
  readonly kind: 'session';
  readonly sessionId: string;
  readonly persona: string;
  readonly model: string | null;
  readonly expiresAtMs: number;
}

/**
 * True when `granted` covers `wanted`: equal, `*`, or a pattern that ends in `:*`, such as `slm:invoke:*`, which covers
 * all that begins with the segments before it. A wanted pattern is covered by an equal or a wider one.
 */
export function covers(granted: readonly string[], wanted: string): boolean {
  return granted.some(
    (capability) =>
      capability === wanted ||
      capability === '*' ||
      (capability.endsWith(':*') && wanted.length >= capability.length && wanted.startsWith(capability.slice(0, -1))),
  );
}
