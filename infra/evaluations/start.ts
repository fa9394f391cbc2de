/** The input of a run: made the same way by a gateway and by the worker that follows changes. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { evaluationCauses } from '../../schemas/contexts/evaluations.ts';
import type { GoldenSet, Persona } from '../../schemas/generated/records.ts';
import { highestPrice, type ModelRegistry } from '../models/registry/model-registry.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const content = z.object({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  pieces: z.int().min(0),
});

/** Instructions and defaults of answers. */
export const personaInput = z.object({
  name: z.string(),
  version: z.int().min(0),
  instructions: z.string(),
  temperature: z.number(),
  model: z.string().nullable(),
  max_tokens: z.int().nullable(),
});
export type PersonaInput = z.output<typeof personaInput>;

export const runInput = z
  .object({
    golden_set: z.object({
      id: z.string().describe('`<tenant>/<name>`'),
      version: z.int().min(1),
      place: z.string().nullable(),
      content,
    }),
    persona: personaInput,
    baseline: z.object({ run_id: z.string(), result: content }).nullable(),
    cause: z.enum(evaluationCauses),
    principal: z.string(),
    models_digest: z.string(),
    prices: z.record(z.string(), z.string()).describe('Price of a million tokens, by model; the first is the default.'),
  })
  .describe('Made by `POST /v1/evaluations/runs`, or by a change that is a trigger.');
export type RunInput = z.output<typeof runInput>;

/** Returns the digest of what a persona answers with. */
export const personaDigest = ({ instructions, temperature, model, max_tokens }: PersonaInput): string =>
  sha256(JSON.stringify([instructions, temperature, model, max_tokens]));

/**
 * Returns the digest of the models of a platform: their names, providers and names there. A file that another one replaces under
 * the same path is not seen.
 */
export const modelsDigest = ({ models }: Pick<ModelRegistry, 'models'>): string =>
  sha256(
    JSON.stringify(
      models.map(({ name, providers }) => [
        name,
        providers.map((each) => [each.name, each.kind, each.baseUrl, each.modelPath, each.models]),
      ]),
    ),
  );

/** Returns a persona as a run takes it. */
export const personaOfRun = ({
  name,
  version,
  instructions,
  temperature,
  model,
  maxTokens,
}: Persona): PersonaInput => ({
  ...{ name, version, instructions, temperature, model, max_tokens: maxTokens },
});

/** What a run is made of. */
export interface RunParts {
  readonly set: GoldenSet;
  readonly persona: PersonaInput;
  readonly models: Pick<ModelRegistry, 'models'>;
  readonly cause: RunInput['cause'];
  readonly principal: string;
}

/** Returns the input of a run of a golden set as it is now. */
export const runInputOf = ({ set, persona, models, cause, principal }: RunParts): RunInput => ({
  golden_set: { id: set.goldenSetId, version: set.version, place: set.place, content: { ...set.content } },
  persona,
  baseline: set.baseline === null ? null : { run_id: set.baseline.runId, result: { ...set.baseline.result } },
  ...{ cause, principal, models_digest: modelsDigest(models) },
  prices: Object.fromEntries(models.models.map(({ name, providers }) => [name, highestPrice(providers)])),
});
