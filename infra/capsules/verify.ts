import type { KeyObject } from 'node:crypto';
import { unpackCapsule } from './archive.ts';
import { idOf, predicateProblem } from './attestations.ts';
import { CapsuleError } from './errors.ts';
import { type PreparedCapsule, verifyCapsule } from './signing.ts';
import { predicates, verifyStatement } from './statement.ts';

/** Statements that every archive has. */
const expected = ['provenance', 'bom', 'testResult'] as const satisfies readonly (keyof typeof predicates)[];

/** An archive of which everything was checked. */
export interface VerifiedCapsule {
  readonly capsule: string;
  readonly prepared: PreparedCapsule;
  /** Kinds of its statements, in their order. */
  readonly statements: readonly string[];
  /** Digests of the constitutions under which it is installable, hex. */
  readonly installableUnder: readonly string[];
}

const invalid = (detail: string): CapsuleError => new CapsuleError('CAPSULE_STATEMENT_INVALID', detail);

/**
 * Checks an archive without a platform: its bytes, the signature and the content of its manifest, and signature, subject and
 * predicate of each statement. Resolves when all hold. Rejects with CapsuleError and GovernanceError; with
 * CAPSULE_STATEMENT_INVALID also for a missing provenance, bill of materials or test result.
 */
export async function verifyArchive(
  archive: Buffer,
  trusted: ReadonlyMap<string, KeyObject>,
): Promise<VerifiedCapsule> {
  const { envelope, attestations } = await unpackCapsule(archive);
  const prepared = verifyCapsule(envelope, trusted);
  const statements = attestations.map((bundle, nth) => {
    const statement = verifyStatement(bundle, prepared.digest, trusted);
    const problem = predicateProblem(statement.predicateType, statement.predicate);
    if (problem !== null) throw invalid(`statement ${nth + 1}, ${statement.predicateType}: ${problem}`);
    return statement;
  });
  const kinds = statements.map(({ predicateType }) => predicateType);
  const missing = expected.filter((kind) => !kinds.includes(predicates[kind]));
  if (missing.length > 0) throw invalid(`no statement of ${missing.map((kind) => predicates[kind]).join(', ')}`);
  return {
    ...{ capsule: idOf(prepared), prepared, statements: kinds },
    installableUnder: statements
      .filter(({ predicateType }) => predicateType === predicates.verdict)
      .map(({ predicate }) => (predicate['policy'] as { readonly digest: { readonly sha256: string } }).digest.sha256),
  };
}
