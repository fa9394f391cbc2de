/** The output of a call under the rules of the constitution, before a model or a caller receives it. */

import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import { namedIn } from '../../schemas/contexts/jobs/payload.ts';
import { findingsIn, forbiddenIn, type OutputFindings } from '../../schemas/contexts/moderation/tool-output.ts';
import { OUTPUT_UNCHECKED, TOOL_OUTPUT_REFUSED } from '../../schemas/contexts/moderation/vocabulary.ts';
import type { OutputCheck, ToolCallCompleted, ToolCallEnded } from '../../schemas/generated/records.ts';

/** The fields of a completed call that depend on what its output contains. */
type Checked = Pick<ToolCallCompleted, 'output' | 'preview' | 'labels' | 'findings' | 'refusal'> &
  Partial<Pick<ToolCallCompleted, 'code' | 'detail'>>;

type Of = Omit<OutputCheck, 'findings'>;

/**
 * Checks the output of a call. Label rules add their labels. A rule that forbids withholds the output with
 * TOOL_OUTPUT_REFUSED; the outcome stays, because the call took place. An output that only has a name was checked by the worker,
 * which had it. Without a verified constitution, or a check of a name, an output is withheld with OUTPUT_UNCHECKED. Never throws.
 */
export function checkedOutput(constitution: ConstitutionStatus, end: ToolCallEnded): Checked {
  const { output, check, labels, preview } = end;
  const none = { output: null, preview: null, labels, findings: [], refusal: null };
  if (check !== null) {
    const { constitutionVersion, constitutionDigest, findings } = check;
    return decided(end, { findings, labels: [] }, { constitutionVersion, constitutionDigest });
  }
  if (output === null) return none;
  const unchecked = (why: string): Checked => ({
    ...{ ...none, code: OUTPUT_UNCHECKED, detail: `The output could not be checked: ${why}.` },
  });
  if (constitution.status === 'unverified') return unchecked(constitution.code);
  if (namedIn(output) !== null || preview !== null) return unchecked('its worker checked none of it');
  const { document, version, digest } = constitution;
  return decided(end, findingsIn(document, output), { constitutionVersion: version, constitutionDigest: digest });
}

function decided({ output, preview, labels }: ToolCallEnded, found: OutputFindings, of: Of): Checked {
  const known = { labels: [...new Set([...labels, ...found.labels])], findings: found.findings };
  const finding = forbiddenIn(found);
  if (finding === undefined) return { ...known, output, preview, refusal: null };
  return {
    ...{ ...known, output: null, preview: null, code: TOOL_OUTPUT_REFUSED },
    detail: `The call took place; its output is withheld by the rule ${finding.rule}.`,
    refusal: { ...of, finding, chars: 0, tokensConsumed: null },
  };
}
