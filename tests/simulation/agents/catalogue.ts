import { sealEnvelope } from '../../../infra/governance/constitution/dsse.ts';
import { newSigner, trusting } from '../../../infra/governance/constitution/testing.ts';
import { schemaProblemsOf } from '../../../infra/tools/manifest/schema-problems.ts';
import { manifestReader, prepareManifest } from '../../../infra/tools/manifest/signing.ts';
import { handoffTool, modelNameOf } from '../../../schemas/contexts/agents.ts';
import type { ConstitutionDocument } from '../../../schemas/contexts/constitution/document.ts';
import { MANIFEST_PAYLOAD_TYPE } from '../../../schemas/contexts/tools.ts';
import { type AgentTool, tool } from '../../../schemas/generated/records.ts';
import { document, engineWith } from '../../../streams/policy/testing.ts';

/** How long an approval waits, ms. */
export const WAIT_MS = 600_000;

/** Rules of approvals: a payment needs one principal, one above a cost of 10 needs two. */
const governed: ConstitutionDocument = {
  ...document,
  approvals: [
    { id: 'payments', when: { tools: ['pay', 'large'] }, required: 1, expires_ms: WAIT_MS },
    { id: 'large', when: { cost_over: '10' }, required: 2, expires_ms: WAIT_MS },
  ],
  limits: { prompt_chars_max: 100_000, embedding_chars_max: 100_000, max_tokens_max: 10_000 },
};

/** Returns an engine without Cedar under these rules. */
export function engineOf() {
  const made = engineWith();
  const verify: typeof made.verify = (publication) => {
    const status = made.verify(publication);
    return status.status === 'verified' ? { ...status, document: governed } : status;
  };
  return { ...made, verify };
}

const signer = newSigner('ana');
export const trusted = trusting(signer);
export const readManifest = manifestReader(trusted);
export const schemaProblems = schemaProblemsOf();

const amount = { type: 'object', properties: { amount: { type: 'string' } }, required: ['amount'] };
const some = { type: 'object' };

interface Kind {
  readonly effect: 'read' | 'write' | 'irreversible';
  readonly cost?: string;
  readonly adapter?: string;
  readonly input?: object;
  /** Principals who must approve a call; none when 0. */
  readonly approvals: number;
  /** The outside can be asked whether a call took effect. */
  readonly verifies?: boolean;
}

/** The tools of a schedule, by name. */
export const kinds = {
  look: { effect: 'read', approvals: 0 },
  note: { effect: 'write', approvals: 0 },
  fire: { effect: 'irreversible', approvals: 0 },
  transfer: { effect: 'irreversible', approvals: 0, verifies: true },
  pay: { effect: 'irreversible', approvals: 1 },
  large: { effect: 'irreversible', cost: '20', approvals: 2 },
  'khipu.memory': { effect: 'write', approvals: 0, adapter: 'khipu.memory', input: some },
} as const satisfies Readonly<Record<string, Kind>>;
export type ToolName = keyof typeof kinds;
export const toolNames = Object.keys(kinds) as readonly ToolName[];
export const kindOf = (name: string): Kind | undefined => (kinds as Readonly<Record<string, Kind>>)[name];

const made = new Map(
  toolNames.map((name) => {
    const { effect, cost = '0', adapter = 'declared', input = amount }: Kind = kinds[name];
    const { payload, digest } = prepareManifest({
      ...{ name, version: '1.0.0', description: name, adapter, tier: 'declared', effect, limits: { cost } },
      ...{ input_schema: input, output_schema: some, hosts: [] },
      config: adapter === 'khipu.memory' ? { spaces: ['shared'] } : {},
    });
    return [name, { digest, envelope: sealEnvelope(MANIFEST_PAYLOAD_TYPE, payload, [signer]) }] as const;
  }),
);

export const digestOf = (name: string): string => made.get(name as ToolName)?.digest ?? '';

/** Returns the records of the registry. */
export const toolRecords = () =>
  [...made].map(([name, { digest, envelope }]) =>
    tool({
      ...{ toolId: `demo/${name}`, tenantId: 'demo', status: 'active', version: 1, digest, manifest: envelope },
      ...{ envelope, changedAt: 0, place: null },
    }),
  );

const costMaxOf = (name: ToolName): string => `${kindOf(name)?.cost ?? '0'}.000000000`;

/** What a caller says of a tool. */
export const callOf = (name: ToolName) => ({
  ...{ toolId: `demo/${name}`, digest: digestOf(name), effect: kinds[name].effect, costMax: costMaxOf(name) },
});

/** The tools of a run of an agent, with handing off. */
export const agentTools: readonly AgentTool[] = [
  ...toolNames.map((name) => ({
    ...{ name, modelName: modelNameOf(name), description: name, parameters: '{"type":"object"}' },
    ...{ digest: digestOf(name), costMax: costMaxOf(name), effect: kinds[name].effect },
  })),
  handoffTool,
];
