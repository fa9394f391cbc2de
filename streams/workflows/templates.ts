import { sha256 } from '../../schemas/contexts/approvals.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import {
  headOf,
  TEMPLATE_NAME,
  TEMPLATE_NAME_CHARS_MAX,
  TEMPLATE_VERSIONS_MAX,
  templateIdOf,
  templateNameOf,
  WORKFLOW_BYTES_MAX,
} from '../../schemas/contexts/workflows.ts';
import {
  type ImportTemplate,
  type PolicyDecided,
  templateImported,
  templateRefused,
  templateRemoved,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';

type Command = RecordOf<'ImportTemplate' | 'RemoveTemplate'>;
type Input = RecordOf<'PolicyDecided'>;
type Output = RecordOf<'TemplateImported' | 'TemplateRemoved' | 'TemplateRefused'>;

/** A version of a template: its own name of it, and the sha256 of the document. */
interface Version {
  readonly version: string;
  readonly digest: string;
}

/**
 * absent ──import──▶ kept ──import──▶ kept ──remove──▶ removed ──import──▶ kept
 *
 * `versions`, the one of new runs last, stay after a removal: a version never names another document. Some 16 KB as JSON at most.
 */
export type TemplateState =
  | { readonly status: 'absent' }
  | { readonly status: 'kept' | 'removed'; readonly tenantId: string; readonly versions: readonly Version[] };

interface Refusal {
  readonly code: string;
  readonly detail: string;
}

const UNKNOWN: Refusal = { code: 'TEMPLATE_UNKNOWN', detail: 'No template of this name exists.' };

/** Decides on a decision of policy. A template of another tenant does not exist. */
export function decide(state: TemplateState, { data }: Input, { tenantId }: Pick<Meta, 'tenantId'>): readonly Output[] {
  const command = commandOf(data);
  if (command === null) return [];
  const { decision } = data;
  const { templateId, principal } = command.data;
  const refuse = ({ code, detail }: Refusal, shortfall: ReturnType<typeof refusalOf>['shortfall'] = null) => [
    templateRefused({ templateId, principal, code, detail, decision, shortfall }),
  ];
  if (decision.outcome === 'deny') {
    const refusal = refusalOf(data);
    return refuse(refusal, refusal.shortfall);
  }
  if (templateId !== templateIdOf(tenantId, templateNameOf(templateId))) return refuse(UNKNOWN);
  const made = { templateId, tenantId, principal, decisionId: decision.decisionId };
  if (command.type === 'RemoveTemplate') return state.status === 'kept' ? [templateRemoved(made)] : refuse(UNKNOWN);
  const { workflow, digest, installId } = command.data;
  const imported = versionIn(state, command.data);
  return 'code' in imported
    ? refuse(imported)
    : [templateImported({ ...made, version: imported.version, workflow, digest, installId })];
}

/**
 * Returns the version that a command imports. The gateway has read the document; one that arrived another way is bounded here,
 * and checked by each run before its first node.
 */
function versionIn(state: TemplateState, { templateId, workflow, digest }: ImportTemplate): Version | Refusal {
  const name = templateNameOf(templateId);
  const head = Buffer.byteLength(workflow) > WORKFLOW_BYTES_MAX ? null : headOf(workflow);
  if (head === null || head.name !== name || !TEMPLATE_NAME.test(name) || name.length > TEMPLATE_NAME_CHARS_MAX)
    return { code: 'WORKFLOW_INVALID', detail: `The document is no workflow of the name ${name}.` };
  if (sha256(workflow) !== digest)
    return { code: 'WORKFLOW_INVALID', detail: `The document does not have sha256 ${digest}.` };
  const { version } = head;
  const known = state.status === 'absent' ? [] : state.versions;
  if (known.some((each) => each.version === version && each.digest !== digest))
    return {
      code: 'ALREADY_EXISTS',
      detail: `Version ${version} is another document: a version never changes, so give this one a new version.`,
    };
  if (known.length >= TEMPLATE_VERSIONS_MAX && !known.some((each) => each.digest === digest))
    return { code: 'DIRECTORY_FULL', detail: `The template has ${TEMPLATE_VERSIONS_MAX} versions.` };
  return { version, digest };
}

/** Folds one output into the state of its template. */
export function evolve(state: TemplateState, event: Output): TemplateState {
  switch (event.type) {
    case 'TemplateImported': {
      const { tenantId, version, digest } = event.data;
      const others = state.status === 'absent' ? [] : state.versions.filter((each) => each.digest !== digest);
      return { status: 'kept', tenantId, versions: [...others, { version, digest }] };
    }
    case 'TemplateRemoved':
      return state.status === 'absent' ? state : { ...state, status: 'removed' };
    case 'TemplateRefused':
      return state;
    default:
      return assertNever(event);
  }
}

const commandOf = ({ command }: PolicyDecided): Command | null =>
  command.type === 'ImportTemplate' || command.type === 'RemoveTemplate' ? command : null;

/** Keeps the names and versions of the templates of a tenant; their documents are in its events. */
export const templates: Processor = processor({
  name: 'templates',
  inputs: [topics.policyDecisions],
  outputs: [topics.workflowsEvents],
  state: topics.workflowsState,
  initial: { status: 'absent' } as TemplateState,
  finished: ({ status }) => status === 'absent',
  key: ({ data }) => commandOf(data)?.data.templateId ?? null,
  decide,
  evolve,
});
