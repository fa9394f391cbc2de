import { startAgentCapability } from '../agents.ts';
import { invokeCapability } from '../slm/models.ts';
import { executeCapability } from '../tools.ts';

/** The parts of a manifest from which the needs of its runs follow. */
export interface Needing {
  readonly agent: { readonly name: string; readonly model: string | null };
  readonly tools: readonly { readonly name: string }[];
}

/** Returns the capabilities that a run of a capsule cannot do without. */
export const neededBy = ({ agent: { name, model }, tools }: Needing): readonly string[] => [
  startAgentCapability(name),
  invokeCapability(model),
  ...tools.map((each) => executeCapability(each.name)),
];
