import { verify as holds, type KeyObject } from 'node:crypto';
import type { ConstitutionStatus, VerifiedConstitution } from '../../../schemas/contexts/constitution/document.ts';
import type { DocumentSignature } from '../../../schemas/contexts/constitution/life.ts';
import type { ConstitutionPublished } from '../../../schemas/generated/records.ts';
import { messageOf } from '../../kit/errors.ts';
import { type CedarEngine, createCedarEngine } from '../cedar/engine.ts';
import { parseEnvelope, preAuthenticationEncoding } from './dsse.ts';
import { GovernanceError } from './errors.ts';
import { CONSTITUTION_PAYLOAD_TYPE, prepareConstitution } from './signing.ts';

/** Trust and self-tests of the engine. */
export interface LifeEngineOptions {
  /** Keys that may sign constitutions, by key id. */
  readonly trusted: ReadonlyMap<string, KeyObject>;
  /** Number of different keys that must have signed. */
  readonly signaturesRequired: number;
  /** The setting of the engine that decides. */
  readonly ownConditions: boolean;
  /** Runs the document's own tests with the evaluator of decisions; returns one line per failing test. */
  readonly failures: (rule: CedarEngine['rule'], constitution: VerifiedConstitution) => readonly string[];
}

/** A document that may be reviewed, or its error. */
type Read =
  | { readonly status: 'valid'; readonly version: string; readonly digest: string; readonly document: string }
  | { readonly status: 'refused'; readonly code: string; readonly detail: string };

/** Bound of details, which appear in the log and in answers: enough to correct the document. */
const DETAIL_CHARS_MAX = 2_000;

/** Creates the engine of the `constitution` processor: streams/constitution/engine.ts specifies each function. */
export const createLifeEngine = ({ trusted, signaturesRequired, ownConditions, failures }: LifeEngineOptions) => {
  const cedar = createCedarEngine({ trusted, signaturesRequired, ownConditions });
  return {
    read: (text: string): Read => read(text, (constitution) => failures(cedar.rule, constitution)),
    signed: (document: string, signature: DocumentSignature): boolean => signed(trusted, document, signature),
    seal,
    open,
    verify: (published: ConstitutionPublished): ConstitutionStatus => cedar.verify(published),
  };
};

function read(text: string, failures: (constitution: VerifiedConstitution) => readonly string[]): Read {
  const refused = (code: string, detail: string): Read => ({
    status: 'refused',
    code,
    detail: detail.slice(0, DETAIL_CHARS_MAX),
  });
  try {
    const { document, digest, payload } = prepareConstitution(JSON.parse(text));
    const { version } = document;
    const failed = failures({ status: 'verified', version, digest, document });
    if (failed.length > 0) return refused('CONSTITUTION_TESTS_FAILED', failed.join('; '));
    return { status: 'valid', version, digest, document: payload.toString('utf8') };
  } catch (error) {
    // Invalid JSON, too deep nesting and invalid Unicode make an invalid document, too.
    const code = error instanceof GovernanceError ? error.code : 'CONSTITUTION_INVALID';
    return refused(code, messageOf(error));
  }
}

function signed(
  trusted: ReadonlyMap<string, KeyObject>,
  document: string,
  { keyId, signature }: DocumentSignature,
): boolean {
  const key = trusted.get(keyId);
  const bytes = Buffer.from(signature, 'base64');
  // Other forms of base64 would not survive an envelope.
  if (key === undefined || bytes.toString('base64') !== signature) return false;
  return holds(null, preAuthenticationEncoding(CONSTITUTION_PAYLOAD_TYPE, Buffer.from(document, 'utf8')), key, bytes);
}

const seal = (document: string, signatures: readonly DocumentSignature[]): string =>
  JSON.stringify({
    payloadType: CONSTITUTION_PAYLOAD_TYPE,
    payload: Buffer.from(document, 'utf8').toString('base64'),
    signatures: signatures.map(({ keyId, signature }) => ({ keyid: keyId, sig: signature })),
  });

/** Returns the content of an envelope, without verification; null when it is not an envelope. */
function open(envelope: string): { document: string; signatures: readonly DocumentSignature[] } | null {
  try {
    const { payload, signatures } = parseEnvelope(envelope);
    return {
      document: Buffer.from(payload, 'base64').toString('utf8'),
      signatures: signatures.map(({ keyid, sig }) => ({ keyId: keyid, signature: sig })),
    };
  } catch {
    return null;
  }
}
