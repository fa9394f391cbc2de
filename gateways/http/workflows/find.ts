import { checkedWorkflow, type ReadWorkflow, readWorkflow } from '../../../infra/jobs/workflows/document.ts';
import { WorkflowProblem } from '../../../infra/jobs/workflows/errors.ts';
import {
  type TemplateRow,
  type TemplateVersionRow,
  templateRows,
  templateVersionRows,
} from '../../../projections/workflows/queries.ts';
import type { WorkflowDocument } from '../../../schemas/contexts/workflows/document.ts';
import { runsIn } from '../../../schemas/contexts/workflows/tree.ts';
import { templateName } from '../../../schemas/contexts/workflows.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';

type Needs = Pick<GatewayServices, 'readModel'>;

/** Most other documents that a run takes with it. */
const BUNDLE_MAX = 16;

/**
 * Returns a document that runs support. Throws Problem WORKFLOW_INVALID, WORKFLOW_UNSUPPORTED or WORKFLOW_TOO_LARGE; `errors` has
 * the JSON pointer of the place, below `field`.
 */
export function supportedOf(document: unknown, field = 'document'): ReadWorkflow {
  try {
    return typeof document === 'string' ? readWorkflow(document) : checkedWorkflow(document);
  } catch (error) {
    if (!(error instanceof WorkflowProblem) || error.code === 'WORKFLOW_EXPRESSION_INVALID') throw error;
    const { code, pointer, message } = error;
    throw new Problem(code, `${pointer === '' ? 'The document' : pointer}: ${message}`, {
      errors: [{ in: 'body', pointer: `#/${field}${pointer}`, detail: message }],
      extensions: { pointer },
    });
  }
}

/** Returns Problem TEMPLATE_UNKNOWN. */
const templateUnknown = (name: string): Problem =>
  new Problem('TEMPLATE_UNKNOWN', `There is no template ${name} in this tenant`);

/** Resolves with a template. Rejects with Problem TEMPLATE_UNKNOWN. */
export async function templateOrUnknown({ readModel }: Needs, tenantId: string, name: string): Promise<TemplateRow> {
  const row = await readModel.row(tenantId, templateRows, name);
  if (row === undefined || row.status !== 'kept') throw templateUnknown(name);
  return row;
}

/** Resolves with a version of a template: by its digest, or the current one. Rejects with Problem TEMPLATE_UNKNOWN. */
export async function versionOrUnknown(
  services: Needs,
  tenantId: string,
  name: string,
  digest?: string,
): Promise<TemplateVersionRow> {
  const { digest: current } = await templateOrUnknown(services, tenantId, name);
  const id = `${name}@${digest ?? current}`;
  const row = await services.readModel.row(tenantId, templateVersionRows, id);
  if (row === undefined) throw templateUnknown(id);
  return row;
}

/** Resolves with the version of a template that a document names. Rejects with Problem TEMPLATE_UNKNOWN. */
async function versionNamed(
  services: Needs,
  tenantId: string,
  name: string,
  version: string,
): Promise<TemplateVersionRow> {
  if (version === 'latest') return versionOrUnknown(services, tenantId, name);
  await templateOrUnknown(services, tenantId, name);
  const where = [
    { column: 'template', is: '=', value: name },
    { column: 'version', is: '=', value: version },
  ] as const;
  const { items } = await services.readModel.rows(tenantId, templateVersionRows, { limit: 1, cursor: null, where });
  if (items[0] === undefined) throw templateUnknown(`${name} ${version}`);
  return items[0];
}

const documentOf = ({ workflow }: TemplateVersionRow): WorkflowDocument =>
  JSON.parse(workflow ?? 'null') as WorkflowDocument;

/** A document with those that its runs start, by `<namespace>/<name>`. */
export interface Bundled {
  readonly document: WorkflowDocument;
  readonly workflows: Readonly<Record<string, WorkflowDocument>>;
}

/**
 * Resolves with the document of a version, and the templates that `run: workflow` names in it and in them. Rejects with Problem
 * TEMPLATE_UNKNOWN for one that the tenant does not have, WORKFLOW_TOO_LARGE above 16 of them.
 */
export async function bundledOf(services: Needs, tenantId: string, row: TemplateVersionRow): Promise<Bundled> {
  const document = documentOf(row);
  const found = new Map<string, WorkflowDocument>();
  const rest = [...runsIn(document)];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { namespace, name, version } = next;
    if (found.has(`${namespace}/${name}`)) continue;
    if (found.size >= BUNDLE_MAX)
      throw new Problem('WORKFLOW_TOO_LARGE', `The workflow starts more than ${BUNDLE_MAX} other workflows`);
    const other = documentOf(await versionNamed(services, tenantId, templateName(namespace, name), version));
    found.set(`${namespace}/${name}`, other);
    rest.push(...runsIn(other));
  }
  return { document, workflows: Object.fromEntries(found) };
}
