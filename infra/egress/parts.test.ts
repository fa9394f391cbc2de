import { describe, expect, it, test } from 'vitest';
import { forwardedHeaders, returnedHeaders } from './headers.ts';
import { redactedPath } from './record.ts';
import { type EgressRule, ruleFinder } from './rule.ts';
import { methodAfter, targetUrl } from './target.ts';

const rule = (host: string, more: Partial<EgressRule> = {}): EgressRule => ({
  ...{ host, methods: ['GET'], maxRequestBytes: 0, maxResponseBytes: 10, ...more },
});
const codeIn = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'allowed';
};

describe('rules', () => {
  const exact = rule('api.example.com', { methods: ['POST'] });
  const below = rule('*.example.com');
  const odd = rule('files.example.org:8443');
  const plain = rule('legacy.example.org', { scheme: 'http' });
  const address = rule('[2606:4700::1111]');
  const find = ruleFinder([below, exact, odd, plain, address]);
  const code = (url: string, method = 'GET') => codeIn(() => find(new URL(url), method));

  test.each([
    ['https://a.example.com/', 'GET', below],
    ['https://a.b.example.com/', 'GET', below],
    ['https://API.example.com./', 'POST', exact],
    ['https://api.example.com/', 'GET', below],
    ['https://files.example.org:8443/', 'GET', odd],
    ['http://legacy.example.org/', 'GET', plain],
    ['https://[2606:4700:0::1111]/', 'GET', address],
  ])('%s %s is found', (url, method, expected) => expect(find(new URL(url), method)).toBe(expected));

  test.each([
    'https://example.com/',
    'https://badexample.com/',
    'https://example.com.evil.org/',
    'https://files.example.org/',
    'https://legacy.example.org/',
    'http://a.example.com/',
    'https://a.example.com:444/',
    'https://xn--xample-hva.com/',
  ])('%s is refused', (url) => expect(code(url)).toBe('EGRESS_HOST_REFUSED'));

  it('refuse other methods', () => {
    expect(code('https://api.example.com/', 'DELETE')).toBe('EGRESS_METHOD_REFUSED');
    expect(code('https://a.example.com/', 'get')).toBe('EGRESS_METHOD_REFUSED');
  });

  test.each([
    rule('*'),
    rule('*.com'),
    rule('*.1.2'),
    rule('a.*.com'),
    rule('a/b'),
    rule('user@a'),
    rule('a', { methods: [] }),
    rule('a', { methods: ['get'] }),
    rule('a', { methods: ['CONNECT'] }),
    rule('a', { methods: ['TRACE'] }),
    rule('a', { maxRequestBytes: -1 }),
    rule('a', { maxResponseBytes: 1e9 }),
    rule('a', { credential: { secret: { from: 'environment', name: 'A' }, header: 'a b' } }),
  ])('are refused when they are made: %j', (bad) => expect(() => ruleFinder([bad])).toThrow(TypeError));
});

describe('a URL', () => {
  test.each([
    'file:///etc/passwd',
    'gopher://a/',
    'ftp://a/',
    'data:text/plain,a',
    'javascript:1',
    'unix:/run/a.sock',
    '//a/',
    '/a',
    '',
    'https://user@a/',
    'https://:pass@a/',
    'https://a/\r\nX: y',
    'https://a/ b',
    'https://a\\@b/',
    'https://a/\u0000',
    'http://',
    `https://a/${'x'.repeat(8_192)}`,
  ])('%j is refused', (text) => expect(codeIn(() => targetUrl(text))).toBe('EGRESS_URL_REFUSED'));

  it('has no fragment afterwards', () => {
    expect(targetUrl('https://a/b?c#d').href).toBe('https://a/b?c');
  });
});

describe('headers', () => {
  it('of a connection are not sent on', () => {
    const headers = {
      Connection: 'close, X-Hop',
      'X-Hop': '1',
      Host: 'other',
      'Transfer-Encoding': 'chunked',
      Te: 'trailers',
    };
    const more = {
      'Content-Length': '9',
      'Proxy-Authorization': 'x',
      Upgrade: 'h2c',
      Expect: '100-continue',
      Accept: 'a',
      b: undefined,
    };
    expect(forwardedHeaders({ ...headers, ...more })).toEqual({ accept: 'a' });
    expect(
      returnedHeaders({ connection: 'x-hop', 'x-hop': '1', 'alt-svc': 'h3', 'set-cookie': ['a', 'b'], length: '1' }, [
        'length',
      ]),
    ).toEqual({
      'set-cookie': ['a', 'b'],
    });
  });

  test.each([
    [{ 'x-a': 'b\r\nauthorization: c' }],
    [{ 'x-a': 'b\nc' }],
    [{ 'x-a': 'b\u0000' }],
    [{ 'x-a\r\nb': 'c' }],
    [{ 'x a': 'c' }],
    [{ '': 'c' }],
    [{ 'x-a': ['b', 'c\r\n'] }],
    [{ 'x-a': 'Ā' }],
    [{ 'X-A': 'b', 'x-a': 'c' }],
    [{ 'x-a': 'b'.repeat(17_000) }],
    [Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`x-${n}`, '']))],
  ])('are refused: %j', (headers) => expect(codeIn(() => forwardedHeaders(headers))).toBe('EGRESS_HEADER_REFUSED'));

  it('have no prototype to change', () => {
    expect(forwardedHeaders(JSON.parse('{"__proto__": "a"}') as Record<string, string>)).toEqual({
      ['__proto__']: 'a',
    });
  });
});

describe('a record', () => {
  test.each([
    ['/v1/users/12345/orders', '/v1/users/*/orders'],
    ['/bot123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage', '/*/sendMessage'],
    ['/v1.2/line-items/index.html', '/v1.2/line-items/index.html'],
    ['/%2e%2e/etc', '/*/etc'],
    [`/${'a'.repeat(40)}`, '/*'],
    ['/a/'.repeat(200), '/a/'.repeat(200).slice(0, 256)],
  ])('has %s as %s', (path, expected) => expect(redactedPath(path)).toBe(expected));
});

test('the method after a redirect', () => {
  expect([301, 302, 303, 307, 308].map((status) => methodAfter(status, 'POST'))).toEqual([
    'GET',
    'GET',
    'GET',
    'POST',
    'POST',
  ]);
  expect([301, 303].map((status) => methodAfter(status, 'PUT'))).toEqual(['PUT', 'GET']);
  expect(methodAfter(303, 'HEAD')).toBe('HEAD');
});
