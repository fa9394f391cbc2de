/** Statements that the tools of this project make about a capsule, and what their predicates must have. */
import { z } from 'zod';
import { bomOf } from './bom.ts';
import type { PreparedCapsule } from './signing.ts';
import { predicates, type StatementAbout } from './statement.ts';

type Predicate = Readonly<Record<string, unknown>>;

const sha256 = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Build type of `khipu capsule pack`: a manifest is checked, made canonical and signed. */
const BUILD_TYPE = 'https://khipu.dev/capsule-pack/v1';

/** Returns the provenance, SLSA v1: the manifest is the only input, and the tools with a digest are dependencies. */
const provenanceOf = ({ manifest, digest }: PreparedCapsule): Predicate => ({
  buildDefinition: {
    buildType: BUILD_TYPE,
    externalParameters: { publisher: manifest.publisher, name: manifest.name, version: manifest.version },
    resolvedDependencies: [
      { name: 'manifest', digest: { sha256: digest } },
      ...manifest.tools.flatMap(({ name, digest: pinned }) =>
        pinned === null ? [] : [{ name: `tool/${name}`, digest: { sha256: pinned } }],
      ),
    ],
  },
  runDetails: { builder: { id: BUILD_TYPE } },
});

/** Source: in-toto attestation, predicate test-result v0.1. */
const testResultOf = ({ manifest, digest }: PreparedCapsule): Predicate => ({
  result: 'PASSED',
  configuration: [{ name: 'khipu capsule check', digest: { sha256: digest } }],
  passedTests: manifest.golden.map(({ name }) => `golden input: ${name}`),
});

/** Verdict on an install under one constitution. */
export interface Verdict {
  /** sha256 of the constitution, hex. */
  readonly constitution: string;
  readonly version: string;
  readonly outcome: 'PASSED' | 'FAILED';
  /** Code of the reason. */
  readonly reason: string;
  /** ISO 8601. */
  readonly verifiedAt: string;
}

/** Returns a verdict, SLSA verification summary v1: `PASSED` says installable under the constitution of this digest. */
const verdictPredicate = (of: string, verdict: Verdict): Predicate => ({
  verifier: { id: 'https://khipu.dev/policy' },
  timeVerified: verdict.verifiedAt,
  resourceUri: `khipu:capsule/${of}`,
  policy: { uri: `khipu:constitution/${verdict.version}`, digest: { sha256: verdict.constitution } },
  verificationResult: verdict.outcome,
  verifiedLevels: verdict.outcome === 'PASSED' ? ['KHIPU_INSTALLABLE'] : [],
  'khipu.dev/reason': verdict.reason,
});

/** Returns the id of a capsule. */
export const idOf = ({ manifest: { publisher, name, version } }: PreparedCapsule): string =>
  `${publisher}/${name}@${version}`;

const about = (prepared: PreparedCapsule, predicateType: string, predicate: Predicate): StatementAbout => ({
  ...{ name: idOf(prepared), digest: prepared.digest, predicateType, predicate },
});

/** Returns what a package is signed with: its provenance, its bill of materials and the results of its checks. */
export const packedWith = (prepared: PreparedCapsule): readonly StatementAbout[] => [
  about(prepared, predicates.provenance, provenanceOf(prepared)),
  about(prepared, predicates.bom, bomOf(prepared)),
  about(prepared, predicates.testResult, testResultOf(prepared)),
];

/** Returns the statement of a verdict. */
export const verdictAbout = (prepared: PreparedCapsule, verdict: Verdict): StatementAbout =>
  about(prepared, predicates.verdict, verdictPredicate(idOf(prepared), verdict));

/** What each known predicate has at least. A statement of another kind is carried and not interpreted. */
const required: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  [
    predicates.provenance,
    z.object({
      buildDefinition: z.object({ buildType: z.url(), externalParameters: z.record(z.string(), z.unknown()) }),
      runDetails: z.object({ builder: z.object({ id: z.url() }) }),
    }),
  ],
  [predicates.bom, z.object({ bomFormat: z.literal('CycloneDX'), specVersion: z.string() })],
  [predicates.testResult, z.object({ result: z.literal('PASSED'), configuration: z.array(z.unknown()).min(1) })],
  [predicates.review, z.object({ outcome: z.string() })],
  [
    predicates.verdict,
    z.object({
      verifier: z.object({ id: z.url() }),
      timeVerified: z.iso.datetime(),
      resourceUri: z.string(),
      policy: z.object({ uri: z.string(), digest: sha256 }),
      verificationResult: z.literal('PASSED'),
    }),
  ],
]);

/** Returns what is wrong with a predicate; null for a good one, and for one of an unknown kind. */
export function predicateProblem(predicateType: string, predicate: Predicate): string | null {
  const found = required.get(predicateType)?.safeParse(predicate);
  return found === undefined || found.success ? null : z.prettifyError(found.error).replaceAll('\n', ' ');
}
