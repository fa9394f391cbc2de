/** Use as it is rated: what a record of a model or a tool reports. */
import type { MeteredUse, SlmMetered, ToolCallCompleted } from '../../generated/records.ts';
import { total } from './money.ts';
import { type PriceVersions, rated, versionAt } from './prices.ts';

/** The use of a report that reports none. */
export const noUse: MeteredUse = {
  ...{ kind: 'model', resource: '*', promptTokens: 0, completionTokens: 0, calls: 0 },
  ...{ cost: '0.000000000', currency: '' },
};

export const useOfModel = ({ modelId, tokensConsumed, cost, currency }: SlmMetered): MeteredUse => ({
  ...{ ...noUse, kind: 'model', resource: modelId, cost, currency },
  ...{ promptTokens: tokensConsumed.prompt, completionTokens: tokensConsumed.completion },
});

/** A call counts when it succeeded, or when its outcome is unknown; what it cost outside counts in any case. */
export const useOfTool = ({ toolId, outcome, cost }: ToolCallCompleted, currency: string): MeteredUse => ({
  ...{ ...noUse, kind: 'tool', resource: toolId, calls: outcome === 'failed' ? 0 : 1, cost, currency },
});

/** Returns what a use is charged in one currency by the prices of its time, in ms since 1970. */
export const chargedIn = (known: PriceVersions, use: MeteredUse, usedAt: number, currency: string): string =>
  total(
    rated(versionAt(known, usedAt), use)
      .lines.filter((line) => line.currency === currency)
      .map(({ amount }) => amount),
  );
