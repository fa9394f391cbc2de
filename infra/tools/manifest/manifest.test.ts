import { expect, it } from 'vitest';
import { paymentManifest } from '../../../tests/support/outside-service.ts';
import { manifestSchema } from './manifest.ts';

const withIssuer = (issuer: string) =>
  manifestSchema
    .safeParse({
      ...paymentManifest({ host: 'pay.example' }, { name: 'pay' }),
      credentials: [{ name: 'pay', host: 'pay.example', oauth: { issuer } }],
    })
    .error?.issues.map(({ path, message }) => [path.join('/'), message]);

it.each(['', '0', 'ftp:', 'http://'])('refuses the issuer %j at its field, and does not throw', (issuer) => {
  expect(withIssuer(issuer)).toContainEqual(['credentials/0/oauth/issuer', expect.any(String)]);
});

it('names an issuer whose host is not in hosts', () => {
  expect(withIssuer('https://login.example')).toContainEqual([
    'credentials/0/oauth/issuer',
    'login.example is not in hosts',
  ]);
});
