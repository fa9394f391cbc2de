/** What the rules of a constitution find in the output of a tool. */

import type { Finding } from '../../generated/records.ts';
import type { ConstitutionDocument, LabelRule, ModerationRule } from '../constitution/document.ts';
import { textIn } from '../jobs.ts';
import { normalized } from './normal.ts';
import { labelFinding, type Match, matchesInTurns, matchesOf, moderationFinding, rulesAt } from './rules.ts';

/** The findings in an output, with the labels that they give it. */
export interface OutputFindings {
  readonly findings: readonly Finding[];
  readonly labels: readonly string[];
}

type Rules = Pick<ConstitutionDocument, 'moderation' | 'labels'>;

const found = (
  moderation: readonly Match<ModerationRule>[],
  labelling: readonly Match<LabelRule>[],
): OutputFindings => ({
  findings: [
    ...moderation.map((match) => moderationFinding(match, 'tool')),
    ...labelling.map((match) => labelFinding(match, 'tool')),
  ],
  labels: [...new Set(labelling.map(({ rule }) => rule.label))],
});

/** Returns the findings in an output, which is JSON. Never throws for a verified document. */
export function findingsIn({ moderation, labels = [] }: Rules, output: string): OutputFindings {
  const plain = normalized(textIn(output));
  return found(matchesOf(rulesAt(moderation, 'tool'), plain), matchesOf(rulesAt(labels, 'tool'), plain));
}

/** Resolves with what `findingsIn` returns, in turns: between them others run. */
export async function findingsInTurns(
  { moderation, labels = [] }: Rules,
  output: string,
  pause: () => Promise<void>,
): Promise<OutputFindings> {
  const plain = normalized(textIn(output));
  return found(
    await matchesInTurns(rulesAt(moderation, 'tool'), plain, pause),
    await matchesInTurns(rulesAt(labels, 'tool'), plain, pause),
  );
}

/** Returns the finding that withholds an output; undefined when it may be given out. */
export const forbiddenIn = ({ findings }: Pick<OutputFindings, 'findings'>): Finding | undefined =>
  findings.find(({ outcome }) => outcome === 'forbid');
