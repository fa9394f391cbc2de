/** Reads workflow documents: Serverless Workflow DSL 1.0.3, as YAML or JSON. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as Sdk from '@serverlessworkflow/sdk';
import canonicalize from 'canonicalize';
import { parseDocument } from 'yaml';
import type { WorkflowDocument } from '../../../schemas/contexts/workflows/document.ts';
import { WORKFLOW_BYTES_MAX } from '../../../schemas/contexts/workflows.ts';
import { WorkflowProblem } from './errors.ts';
import { WORKFLOW_DEPTH_MAX, WORKFLOW_VALUES_MAX } from './limits.ts';
import { requireSupported } from './supported.ts';

const require = createRequire(import.meta.url);
/** The package compiles the whole specification when it loads, so it is loaded at the first document: every process imports this file. */
const sdk = (): typeof Sdk => require('@serverlessworkflow/sdk') as typeof Sdk;

/** Versions of the DSL that runs support. */
const DSL = /^1\.0\.[0-3]$/;

/** A document that was read. */
export interface ReadWorkflow {
  readonly document: WorkflowDocument;
  /** The document as canonical JSON (RFC 8785). */
  readonly canonical: string;
  /** sha256 of `canonical`, hex. */
  readonly digest: string;
}

/**
 * Returns a document that a run supports. Throws WorkflowProblem: WORKFLOW_TOO_LARGE, WORKFLOW_INVALID where it does not fit the
 * schema of the specification, WORKFLOW_UNSUPPORTED. The problem names the first place.
 */
export function readWorkflow(text: string): ReadWorkflow {
  if (Buffer.byteLength(text) > WORKFLOW_BYTES_MAX)
    throw new WorkflowProblem('WORKFLOW_TOO_LARGE', '', `the document has more than ${WORKFLOW_BYTES_MAX} bytes`);
  return checkedWorkflow(parsed(text));
}

/** Returns a parsed document that a run supports. Throws as `readWorkflow`. */
export function checkedWorkflow(value: unknown): ReadWorkflow {
  requireBounded(value);
  const canonical = canonicalize(value) ?? 'null';
  if (Buffer.byteLength(canonical) > WORKFLOW_BYTES_MAX)
    throw new WorkflowProblem('WORKFLOW_TOO_LARGE', '', `the document has more than ${WORKFLOW_BYTES_MAX} bytes`);
  const dsl: unknown = (value as { readonly document?: { readonly dsl?: unknown } } | null)?.document?.dsl;
  if (typeof dsl === 'string' && !DSL.test(dsl))
    throw new WorkflowProblem('WORKFLOW_UNSUPPORTED', '/document/dsl', `DSL ${dsl}: runs support 1.0.0 to 1.0.3`);
  requireValid(canonical);
  const document = JSON.parse(canonical) as WorkflowDocument;
  requireSupported(document);
  return { document, canonical, digest: createHash('sha256').update(canonical).digest('hex') };
}

function parsed(text: string): unknown {
  const yaml = parseDocument(text, { version: '1.2', uniqueKeys: true });
  const [problem] = [...yaml.errors, ...yaml.warnings];
  if (problem !== undefined) throw new WorkflowProblem('WORKFLOW_INVALID', '', problem.message.split('\n')[0] ?? '');
  try {
    return yaml.toJS({ maxAliasCount: 0 });
  } catch {
    throw new WorkflowProblem('WORKFLOW_UNSUPPORTED', '', 'the document has aliases: write the values out');
  }
}

function requireBounded(root: unknown): void {
  let values = 0;
  const rest: [unknown, number][] = [[root, 0]];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const [value, depth] = next;
    values += 1;
    if (values > WORKFLOW_VALUES_MAX || depth > WORKFLOW_DEPTH_MAX)
      throw new WorkflowProblem(
        'WORKFLOW_TOO_LARGE',
        '',
        `the document has more than ${WORKFLOW_VALUES_MAX} values, or is deeper than ${WORKFLOW_DEPTH_MAX}`,
      );
    if (typeof value === 'object' && value !== null)
      for (const each of Object.values(value)) rest.push([each, depth + 1]);
  }
}

/** Throws WORKFLOW_INVALID with the deepest place that the schema of the specification complains of. */
function requireValid(canonical: string): void {
  try {
    // The validator may fill in defaults: it gets a copy.
    sdk().validate('Workflow', JSON.parse(canonical) as never);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const found = [...text.matchAll(/^- (\/\S*) \| \S+ \| ([^|]+)/gm)].map(([, at = '', why = '']) => ({ at, why }));
    const deepest = found.reduce((best, each) => (each.at.length > best.at.length ? each : best), {
      at: '/',
      why: text.split('\n')[0] ?? '',
    });
    throw new WorkflowProblem('WORKFLOW_INVALID', deepest.at === '/' ? '' : deepest.at, deepest.why.trim());
  }
}
