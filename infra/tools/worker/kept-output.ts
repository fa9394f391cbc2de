import { setImmediate as otherTurns } from 'node:timers/promises';
import { findingsInTurns, forbiddenIn } from '../../../schemas/contexts/moderation/tool-output.ts';
import { OUTPUT_UNCHECKED } from '../../../schemas/contexts/moderation/vocabulary.ts';
import { headOf, TOOL_OUTPUT_INLINE_BYTES_MAX, TOOL_PREVIEW_BYTES_MAX } from '../../../schemas/contexts/tools.ts';
import type { ToolCallEnded } from '../../../schemas/generated/records.ts';
import { messageOf } from '../../kit/errors.ts';
import { withTimeout } from '../../kit/with-timeout.ts';
import type { ConstitutionInForce } from '../../runner/constitution-in-force.ts';
import { ToolError } from '../errors.ts';

/** What outputs that no record can have are checked by, and kept in. */
export interface OutputParts {
  readonly constitution: ConstitutionInForce;
  /** Contents of the log. */
  readonly contents: {
    /** Keeps JSON, and resolves with the name of the content. */
    keep(tenantId: string, json: string): Promise<string>;
  };
}

/** An output as the end of its call has it. `code`: why there is none, although the call has one. */
export interface KeptOutput extends Pick<ToolCallEnded, 'output' | 'preview' | 'check' | 'labels'> {
  readonly code: string | null;
  readonly detail: string;
}

/** Longest time of a check with what follows it, in ms. A call and this fit into the deadline of the worker. */
const KEEP_MS_MAX = 30_000;

const SUCCEEDED = 'The call succeeded.';
const inline = { preview: null, check: null, labels: [], code: null, detail: SUCCEEDED } as const;

/**
 * Resolves with an output for a record: as it is up to 64 KiB, which is checked when the call completes. A longer one is checked
 * here, as a whole, and then kept by its name; nothing is kept of one that a rule forbids or that cannot be checked. Rejects with
 * ToolError TOOL_OUTPUT_NOT_KEPT, whose effect took place, when that takes more than 30 s.
 */
export async function keptOutput(json: string, tenantId: string, parts: OutputParts): Promise<KeptOutput> {
  if (Buffer.byteLength(json) <= TOOL_OUTPUT_INLINE_BYTES_MAX) return { ...inline, output: json };
  const failed = (why: string, cause?: unknown) =>
    new ToolError('TOOL_OUTPUT_NOT_KEPT', `The output cannot be kept: ${why}`, {
      ...{ effect: 'done', canRetry: true, cause },
    });
  try {
    return await withTimeout(
      KEEP_MS_MAX,
      () => checkedAndKept(json, tenantId, parts),
      () => failed(`it took more than ${KEEP_MS_MAX} ms`),
    );
  } catch (error) {
    throw error instanceof ToolError ? error : failed(messageOf(error), error);
  }
}

async function checkedAndKept(
  json: string,
  tenantId: string,
  { constitution, contents }: OutputParts,
): Promise<KeptOutput> {
  await constitution.ready;
  const { inForce } = constitution.value;
  if (inForce.status === 'unverified') {
    const detail = `The output could not be checked: ${inForce.code}.`;
    return { ...inline, output: null, code: OUTPUT_UNCHECKED, detail };
  }
  const { findings, labels } = await findingsInTurns(inForce.document, json, () => otherTurns());
  const check = { constitutionVersion: inForce.version, constitutionDigest: inForce.digest, findings };
  const checked = { ...inline, check, labels };
  if (forbiddenIn(check) !== undefined) return { ...checked, output: null };
  const output = await contents.keep(tenantId, json);
  return { ...checked, output, preview: headOf(json, TOOL_PREVIEW_BYTES_MAX) };
}
