import { allProjections } from '../../../projections/all.ts';
import type { Projection } from '../../../projections/kernel.ts';
import { memoryWith } from '../../../projections/memory/projection.ts';
import type { Config } from '../../config.ts';
import { embedderOf } from '../../memory/embedding/embedder.ts';

/**
 * Returns every read model in Postgres as it is configured: memories get the vectors of the embedder of the platform. Throws
 * ConfigError.
 */
export const configuredProjections = (
  config: Pick<Config, 'memoryEmbeddings' | 'memoryModelPath'>,
): readonly Projection[] =>
  allProjections.map((each) => (each.name === 'memory' ? memoryWith(embedderOf(config)) : each));
