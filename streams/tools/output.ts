/** The output of a call under the rules of the constitution, before a model or a caller receives it. */

import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import { textIn } from '../../schemas/contexts/jobs.ts';
import { normalized } from '../../schemas/contexts/moderation/normal.ts';
import { labelFinding, matchesOf, moderationFinding, rulesAt } from '../../schemas/contexts/moderation/rules.ts';
import { OUTPUT_UNCHECKED, TOOL_OUTPUT_REFUSED } from '../../schemas/contexts/moderation/vocabulary.ts';
import type { ToolCallCompleted, ToolCallEnded } from '../../schemas/generated/records.ts';

/** The fields of a completed call that depend on what its output contains. */
type Checked = Pick<ToolCallCompleted, 'output' | 'labels' | 'findings' | 'refusal'> &
  Partial<Pick<ToolCallCompleted, 'code' | 'detail'>>;

/**
 * Checks the output of a call. Label rules add their labels. A rule that forbids withholds the output with
 * TOOL_OUTPUT_REFUSED; the outcome stays, because the call took place. Without a verified constitution an output is
 * withheld with OUTPUT_UNCHECKED. Never throws.
 */
export function checkedOutput(constitution: ConstitutionStatus, { output, labels }: ToolCallEnded): Checked {
  if (output === null) return { output, labels, findings: [], refusal: null };
  if (constitution.status === 'unverified') {
    const detail = `The output could not be checked: ${constitution.code}.`;
    return { output: null, labels, findings: [], refusal: null, code: OUTPUT_UNCHECKED, detail };
  }
  const { document, version, digest } = constitution;
  const plain = normalized(textIn(output));
  const moderation = matchesOf(rulesAt(document.moderation, 'tool'), plain);
  const labelling = matchesOf(rulesAt(document.labels ?? [], 'tool'), plain);
  const found = {
    labels: [...new Set([...labels, ...labelling.map(({ rule }) => rule.label)])],
    findings: [
      ...moderation.map((match) => moderationFinding(match, 'tool')),
      ...labelling.map((match) => labelFinding(match, 'tool')),
    ],
  };
  const finding = found.findings.find(({ outcome }) => outcome === 'forbid');
  if (finding === undefined) return { ...found, output, refusal: null };
  return {
    ...{ ...found, output: null, code: TOOL_OUTPUT_REFUSED },
    detail: `The call took place; its output is withheld by the rule ${finding.rule}.`,
    refusal: {
      ...{ constitutionVersion: version, constitutionDigest: digest, finding, chars: 0, tokensConsumed: null },
    },
  };
}
