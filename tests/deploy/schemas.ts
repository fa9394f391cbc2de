/**
 * JSON schemas for kubeconform, without a network: those of Kubernetes from the Python package `kubernetes-validate`, with its
 * definitions inlined; those of custom resources from the Go modules of their operators.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { cacheDir } from '../../infra/local/fetch/catalogue.mjs';
import { must, run } from '../containers/engine.ts';

export const KUBERNETES = '1.37.0';
/** Objects of the chart that belong to Kubernetes itself, as the package names its files. */
const KINDS = [
  ...['deployment-apps-v1', 'job-batch-v1', 'service-v1', 'configmap-v1', 'serviceaccount-v1'],
  ...['networkpolicy-networking-v1', 'ingress-networking-v1', 'poddisruptionbudget-policy-v1'],
  'horizontalpodautoscaler-autoscaling-v2',
];
/** Custom resources: module of Go with its version, and the file in it. */
const CRDS = [
  ['github.com/kedacore/keda/v2@v2.21.0', 'config/crd/bases/keda.sh_scaledobjects.yaml'],
  ['github.com/cert-manager/cert-manager@v1.21.2', 'deploy/crds/cert-manager.io_certificates.yaml'],
  [
    'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
  ],
  [
    'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
  ],
  ['sigs.k8s.io/gateway-api@v1.4.0', 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml'],
] as const;

type Json = { [key: string]: unknown };
type Schema = Json & { properties?: Record<string, Schema> };

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Points references at the schema itself. Adds the names that they mention to `named`. */
function inlined(value: unknown, named: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => inlined(each, named));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const name = key === '$ref' && typeof each === 'string' ? each.split('#/$defs/')[1] : undefined;
      if (name === undefined) return [key, inlined(each, named)];
      named.add(name);
      return [key, `#/definitions/${name}`];
    }),
  );
}

/** Returns a schema with every definition that it needs. */
function whole(schema: Json, definitions: Json): Json {
  const named = new Set<string>();
  const root = inlined(schema, named) as Json;
  const found: Json = {};
  // A set that grows while it is walked.
  for (const name of named) found[name] = inlined(definitions[name], named);
  return { ...root, definitions: found };
}

/** Refuses fields that the schema does not name, as an API server with strict validation does. */
function strict(schema: Schema): Schema {
  if (Array.isArray(schema)) return schema.map((each) => strict(each as Schema)) as unknown as Schema;
  if (!isObject(schema)) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, each]) => [key, strict(each as Schema)]),
  ) as Schema;
  const isClosed = schema.properties !== undefined && schema['x-kubernetes-preserve-unknown-fields'] !== true;
  return isClosed && schema['type'] === 'object' ? { ...inner, additionalProperties: false } : inner;
}

interface CustomResource {
  readonly kind: string;
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

/** The objects that every resource has; CRDs leave them out. */
const envelope = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } };

/** Downloads the definitions of custom resources. Returns their paths. */
export const crdFiles = (): readonly string[] =>
  CRDS.map(([module, path]) => {
    // Outside of any module of Go.
    const answer = must('go', ['mod', 'download', '-json', module], { cwd: tmpdir() });
    return join((JSON.parse(answer) as { Dir: string }).Dir, path);
  });

/** Writes the schemas into the cache, once for each version. Returns the pattern of their paths for kubeconform. */
export function schemas(python: string): string {
  const folder = join(cacheDir(), 'kubernetes-schemas', KUBERNETES);
  const pattern = join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json');
  if (existsSync(join(folder, 'complete'))) return pattern;
  mkdirSync(folder, { recursive: true });
  const source = join(
    must(python, ['-c', 'import kubernetes_validate as k; print(k.__path__[0])']),
    'kubernetes-json-schema',
  );
  const of = join(source, `v${KUBERNETES}-local-strict`);
  const { $defs: definitions } = JSON.parse(readFileSync(join(of, '_definitions.json'), 'utf8')) as { $defs: Json };
  for (const kind of KINDS) {
    const schema = JSON.parse(readFileSync(join(of, `${kind}.json`), 'utf8')) as Json;
    writeFileSync(join(folder, `${kind}.json`), JSON.stringify(whole(schema, definitions)));
  }
  for (const path of crdFiles()) {
    for (const document of parseAllDocuments(readFileSync(path, 'utf8'))) {
      const { kind, spec } = document.toJS() as CustomResource;
      if (kind !== 'CustomResourceDefinition') continue;
      for (const { name: version, schema } of spec.versions) {
        const { properties, ...rest } = strict(schema.openAPIV3Schema);
        const file = `${spec.names.kind}-${spec.group.split('.')[0]}-${version}.json`.toLowerCase();
        writeFileSync(join(folder, file), JSON.stringify({ ...rest, properties: { ...properties, ...envelope } }));
      }
    }
  }
  writeFileSync(join(folder, 'complete'), '');
  return pattern;
}

/** Returns a Python that has the package; undefined without one. */
export const pythonWithSchemas = (): string | undefined =>
  ['python3', 'python'].find((each) => run(each, ['-c', 'import kubernetes_validate']).ok);
