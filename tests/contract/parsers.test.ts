import fc from 'fast-check';
import { exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { SessionTokens } from '../../gateways/shared/auth/session-tokens.ts';
import { createCedarEngine } from '../../infra/governance/cedar/engine.ts';
import { cedarSchema, policyProblems } from '../../infra/governance/cedar/policies.ts';
import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import { parseConstitution } from '../../infra/governance/constitution/document.ts';
import { openEnvelope } from '../../infra/governance/constitution/dsse.ts';
import { createLifeEngine } from '../../infra/governance/constitution/engine.ts';
import { GovernanceError } from '../../infra/governance/constitution/errors.ts';
import {
  prepareConstitution,
  signConstitution,
  verifyConstitution,
} from '../../infra/governance/constitution/signing.ts';
import { newSigner, trusting } from '../../infra/governance/constitution/testing.ts';
import { fuzzRuns, mutated } from '../support/mutations.ts';

/**
 * Parsers of untrusted input: any bytes fail only with the coded error, and unsigned input never verifies.
 */
const alice = newSigner('alice');
const trusted = trusting(alice);
const signed = signConstitution(defaultConstitution, alice);
const { payload, digest } = prepareConstitution(defaultConstitution);
const documentText = payload.toString('utf8');
const TYPE = 'application/vnd.khipu.constitution+json';

/** Returns the result of a parser: its value, or the code of its error. Any other exception fails the test. */
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

  it('verify as a constitution only with the signed content', () => {
    const engine = createCedarEngine({ trusted, ownConditions: true });
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

  it('parse as a document or fail with a code, signed or not', () => {
    const engine = createLifeEngine({ trusted, signaturesRequired: 1, ownConditions: true, failures: () => [] });
    fc.assert(
      fc.property(mutated(documentText), (text) => {
        const read = engine.read(text);
        if (read.status === 'refused') expect(read.code).toMatch(/^CONSTITUTION_/);
        // The parsed document is its own canonical form: parsing it again yields the same.
        else expect(engine.read(read.document)).toEqual(read);
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          return;
        }
        outcome(() => parseConstitution(value));
        outcome(() => prepareConstitution(value));
        // Signed with a trusted key, but not a document: fails with a code and nothing else.
        const { envelope } = { envelope: engine.seal(text, []) };
        expect(typeof outcome(() => verifyConstitution(envelope, trusted))).toBe('string');
      }),
      { numRuns: fuzzRuns(200) },
    );
  });

  it('are a Cedar policy or have a reported problem, with no effect on the next policy', () => {
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
    // Chains of one operator: of the maximum depth, and of the maximum text length.
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
    ...{ place: 'demo/0', capabilities: ['slm:invoke:*'], persona: 'guide', model: null },
  };

  it('verifies only unchanged, after any change of its bytes', async () => {
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
        // A mutation may undo itself; otherwise nothing verifies.
        if (text !== token) expect(['invalid', 'expired']).toContain(verdict);
      }),
      { numRuns: fuzzRuns(400) },
    );
  });
});
