import fc from 'fast-check';
import { exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { SessionTokens } from '../../gateways/shared/auth/session-tokens.ts';
import { createCedarEngine } from '../../infra/governance/cedar-engine.ts';
import { cedarSchema, policyProblems } from '../../infra/governance/cedar-policies.ts';
import { parseConstitution } from '../../infra/governance/constitution-document.ts';
import { createLifeEngine } from '../../infra/governance/constitution-engine.ts';
import {
  prepareConstitution,
  signConstitution,
  verifyConstitution,
} from '../../infra/governance/constitution-signing.ts';
import { defaultConstitution } from '../../infra/governance/default-constitution.ts';
import { openEnvelope } from '../../infra/governance/dsse.ts';
import { GovernanceError } from '../../infra/governance/errors.ts';
import { newSigner, trusting } from '../../infra/governance/testing.ts';
import { fuzzRuns, mutated } from '../support/mutations.ts';

/** Parsers of what strangers send: whatever the bytes, the coded error and no other, and nothing verifies that was not signed. */
const alice = newSigner('alice');
const trusted = trusting(alice);
const signed = signConstitution(defaultConstitution, alice);
const { payload, digest } = prepareConstitution(defaultConstitution);
const documentText = payload.toString('utf8');
const TYPE = 'application/vnd.khipu.constitution+json';

/** What a parser made of a text: its value, or the code of its error. Anything else it throws is a failure of the test. */
function outcome<T>(parse: () => T): T | string {
  try {
    return parse();
  } catch (error) {
    if (error instanceof GovernanceError) return error.code;
    throw error;
  }
}

describe('any bytes', () => {
  it('open as a DSSE envelope only with the payload that was signed', () => {
    fc.assert(
      fc.property(mutated(signed.envelope), (text) => {
        const opened = outcome(() => openEnvelope(text, TYPE, trusted));
        if (typeof opened === 'string') expect(opened).toMatch(/^[A-Z_]+$/);
        else expect(opened.payload.equals(payload)).toBe(true);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('verify as a constitution only when they say the one that was signed', () => {
    const engine = createCedarEngine({ trusted });
    fc.assert(
      fc.property(mutated(signed.envelope), (envelope) => {
        const verified = outcome(() => verifyConstitution(envelope, trusted));
        if (typeof verified !== 'string') expect(verified.digest).toBe(digest);
        const status = engine.verify({ ...signed, envelope });
        expect(status.status === 'verified').toBe(typeof verified !== 'string');
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('are read as a document or refused with a code, signed or not', () => {
    const engine = createLifeEngine({ trusted, signaturesRequired: 1, failures: () => [] });
    fc.assert(
      fc.property(mutated(documentText), (text) => {
        const read = engine.read(text);
        if (read.status === 'refused') expect(read.code).toMatch(/^CONSTITUTION_/);
        // What is read is its own canonical form: it reads as itself.
        else expect(engine.read(read.document)).toEqual(read);
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          return;
        }
        outcome(() => parseConstitution(value));
        outcome(() => prepareConstitution(value));
        // Signed by somebody who is trusted, and yet no document: nothing but the code.
        const { envelope } = { envelope: engine.seal(text, []) };
        expect(typeof outcome(() => verifyConstitution(envelope, trusted))).toBe('string');
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('are a Cedar policy or have a problem that is told; and the next policy is judged as if nothing had been', () => {
    const rules = defaultConstitution.policies.map(({ text }) => text);
    const deep = (open: string, inner: string, close: string, times: number): string =>
      `permit (principal, action, resource) when { ${open.repeat(times)}${inner}${close.repeat(times)} };`;
    const nested = [
      deep('(', 'true', ')', 3_900),
      deep('(', 'true', ')', 16),
      deep('[', '', ']', 3_900),
      deep('!', 'true', '', 7_900),
      deep('-', '1 == 1', '', 7_900),
      deep('context', '.a'.repeat(3_900), '', 1),
      deep('', '1', ' == 1', 1_300),
      deep('', '1', ' < 1', 95),
    ];
    // Whole chains of one operator: as long as they may be, and as long as a text may be.
    const chained = ['true && ', 'true || ', '1 + ', '1 == 1 && '].flatMap((part) =>
      [98, Math.floor(7_900 / part.length)].map((times) =>
        deep(part, '1', ' == 1', times).replace(/( == 1){2,}/, ' == 1'),
      ),
    );
    const texts = fc.oneof(
      { weight: 20, arbitrary: mutated(...rules, cedarSchema) },
      { weight: 1, arbitrary: fc.constantFrom(...nested, ...chained) },
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const problem of policyProblems([{ id: 'fuzzed', text }]))
          expect(problem).not.toMatch(/could not be read/);
        expect(policyProblems(defaultConstitution.policies.slice(0, 1))).toHaveLength(0);
      }),
      { numRuns: fuzzRuns(300) },
    );
  });
});

describe('a session token', () => {
  const keys = newSigner('jwt');
  const subject = {
    ...{ sessionId: '7b7c6f0e-8d0f-4f5c-9f5e-3f1f6a2f9c11', tenantId: 'demo', principal: 'api_key:x' },
    ...{ capabilities: ['slm:invoke:*'], persona: 'guide', model: null },
  };

  it('verifies only as it was issued, whatever is done to its bytes', async () => {
    const verifying = trusting(keys);
    const tokens = await SessionTokens.open({ signing: keys, verifying }, { issuer: 'urn:khipu', ttlS: 3_600 });
    const { token } = await tokens.mint(subject);
    expect(await tokens.verify(token)).toMatchObject({ kind: 'session', tenantId: 'demo' });
    const [head = '', claims = '', signature = ''] = token.split('.');
    const jwk = await exportJWK(verifying.get('jwt') ?? keys.privateKey);
    const headers = [
      ...[{ alg: 'none' }, { alg: 'HS256', kid: 'jwt', typ: 'JWT' }, { alg: 'EdDSA', kid: 'other', typ: 'JWT' }],
      ...[
        { alg: 'EdDSA', kid: 'jwt', typ: 'JWT', jwk },
        { alg: 'EdDSA', kid: 'jwt', typ: 'JWT', crit: ['exp'] },
      ],
    ].map((header) => Buffer.from(JSON.stringify(header)).toString('base64url'));
    const spliced = headers.map((header) => `${header}.${claims}.${signature}`);
    await fc.assert(
      fc.asyncProperty(mutated(token, ...spliced, `${head}.${claims}.`), async (text) => {
        const verdict = await tokens.verify(text);
        // A harm may undo itself; otherwise nothing verifies.
        if (text !== token) expect(['invalid', 'expired']).toContain(verdict);
      }),
      { numRuns: fuzzRuns(400) },
    );
  });
});
