/** Limits of templates of workflows, their names, and what governance has to know of their commands. */

import type { Credential } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';
import { textIn } from './jobs.ts';

/** Longest document, in bytes of YAML or JSON, and of canonical JSON: the input of a run carries it. */
export const WORKFLOW_BYTES_MAX = 48 * 1024;
/** Most versions of a template that are remembered: some 80 bytes each in one state. */
export const TEMPLATE_VERSIONS_MAX = 200;
/** Longest name of a template, `<namespace>.<name>`, in characters: a tag of its runs has it. */
export const TEMPLATE_NAME_CHARS_MAX = 80;
/** Name of a template. The specification has neither `.` in a namespace nor in a name. */
export const TEMPLATE_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Name of the job that runs workflows. */
export const WORKFLOW_RUN = 'workflow.run';

/** Capabilities of templates. A run takes `jobs:start:workflow.run`, and what its nodes take. */
export const READ_TEMPLATES = 'workflows:read';
export const IMPORT_TEMPLATES = 'workflows:import';

/** Decides on reviews of nodes. Who started a run does not review it. */
export const REVIEW_RUNS = 'workflows:review';
const REVIEW = 'review.';
/** Returns the name of the signal that decides on a review; only the route of reviews sends it. */
export const reviewSignal = (reviewId: string): string => `${REVIEW}${reviewId}`;
/** Returns the id of the review that a signal decides on; null for any other signal. Never throws. */
export const reviewOfSignal = (name: string): string | null =>
  name.startsWith(REVIEW) ? name.slice(REVIEW.length) : null;

/** Returns the name of a template. */
export const templateName = (namespace: string, name: string): string => `${namespace}.${name}`;
/** Returns the id of a template in the log: names are those of a tenant. */
export const templateIdOf = (tenantId: string, name: string): string => `${tenantId}/${name}`;
/** Returns the name in the id of a template. Never throws. */
export const templateNameOf = (templateId: string): string => templateId.slice(templateId.indexOf('/') + 1);
/** Returns the tag of the runs of a template. */
export const templateTag = (name: string): string => `template:${name}`;

/** Head of a document, as far as a template needs it. */
export interface WorkflowHead {
  /** `<namespace>.<name>`. */
  readonly name: string;
  readonly version: string;
}

/** Returns the head of a document; null for a text that is none. Total and pure. */
export function headOf(workflow: string): WorkflowHead | null {
  let value: unknown;
  try {
    value = JSON.parse(workflow);
  } catch {
    return null;
  }
  const { namespace, name, version } = ((value as { readonly document?: unknown } | null)?.document ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (typeof namespace !== 'string' || typeof name !== 'string' || typeof version !== 'string') return null;
  return { name: templateName(namespace, name), version };
}

interface TemplateCommand {
  readonly templateId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

/** Nothing runs because of these commands: each start of a run is decided, and each of its nodes. */
const describe = (
  { templateId, principal, capabilities, credential, labels }: TemplateCommand,
  text: string | null,
): Description => ({
  ...{ principal, capabilities, credential, labels, session: credential?.sessionId ?? null, persona: null, text },
  ...{ resourceId: templateNameOf(templateId), needs: IMPORT_TEMPLATES, delegates: false },
  ...{ textLimit: 'embedding_chars_max', maxTokens: null, estimate: { unit: 'none' }, requestId: null },
});

/** No capability names a template, so a test of a constitution does not name one either. */
const example = ({ capabilities, labels }: Example): TemplateCommand => ({
  ...{ templateId: 'demo/examples.example', principal: 'constitution-tests', capabilities, labels },
  credential: { sessionId: EXAMPLE_ID, issuedAt: 0 },
});

export const workflowsCommands: Descriptors<RecordsIn<typeof topics.workflowsCommands>> = {
  ImportTemplate: {
    resource: 'Workflow',
    describe: (command) => describe(command, textIn(command.workflow)),
    example: (given) => ({
      ...{ ...example(given), workflow: JSON.stringify(given.text ?? EXAMPLE_TEXT), digest: '0'.repeat(64) },
      installId: null,
    }),
  },
  RemoveTemplate: { resource: 'Workflow', describe: (command) => describe(command, null), example },
};
