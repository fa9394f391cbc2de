/** The values of the chart, by zod: `values.schema.json` is generated from them, and the examples are checked by them. */
import { z } from 'zod';
import { gatewayNames } from '../gateways/app.ts';
import { isPartitionCount, PARTITIONS_MAX } from '../schemas/topics.ts';
import { chartRoles, secretNames, settingNames, viewNames } from './roles.ts';

/** An object of Kubernetes, which the API server checks. */
const raw = z.record(z.string(), z.unknown());
const raws = z.array(raw);
/** A time as Go writes it. */
const DURATION = /^(\d+(h|m|s))+$/;
const name = z.string().min(1);
const optional = z.string();

const probe = z.strictObject({
  type: z.enum(['http', 'exec']).describe('http: the kubelet asks; exec: node asks inside the container'),
  periodSeconds: z.int().min(1),
  timeoutSeconds: z.int().min(1),
  startupSeconds: z.int().min(10).describe('longest start, until the liveness probe counts'),
});

/** What a role may have of its own; what it leaves out comes from `defaults`. */
const roleValues = z.strictObject({
  enabled: z.boolean().describe('false: not deployed'),
  replicas: z.int().min(0),
  heapMb: z.int().min(64),
  resources: raw,
  env: raws.describe('environment variables of this role alone, as in a container'),
  podAnnotations: z.record(z.string(), z.string()),
  podLabels: z.record(z.string(), z.string()),
  podSecurityContext: raw,
  securityContext: raw,
  runtimeClassName: name,
  hostUsers: z.boolean(),
  nodeSelector: raw,
  tolerations: raws,
  affinity: raw,
  priorityClassName: name,
  terminationGracePeriodSeconds: z.int().min(1),
  extraVolumes: raws,
  extraVolumeMounts: raws,
  egress: raws.describe('rules of egress beside those to the parts; for hosts of others'),
  autoscaling: z
    .strictObject({ enabled: z.boolean(), minReplicas: z.int().min(0), maxReplicas: z.int().min(1) })
    .partial(),
});

const ownOrDefault = roleValues.partial();

/** Secrets with the files of one part; `%s` in `certSecret` stands for the role. */
const tls = z.strictObject({
  enabled: z.boolean(),
  caSecret: optional.describe('authority of the other side; empty: those that the image trusts'),
  caKey: name,
  certSecret: optional.describe('certificate of this side; empty: none'),
  certKey: name,
  keyKey: name,
});

const secretKey = (keys: Readonly<Record<string, z.ZodType>>) => z.strictObject({ existingSecret: optional, ...keys });

export const values = z
  .strictObject({
    nameOverride: optional,
    fullnameOverride: optional,
    global: raw,
    image: z.strictObject({
      repository: name,
      tag: optional,
      digest: z.string().regex(/^(sha256:[0-9a-f]{64})?$/),
      pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
      pullSecrets: raws,
    }),
    mode: z.enum(['development', 'production']),
    region: z.strictObject({
      name: optional,
      standby: z.boolean().describe('true: projections run; nothing writes to the log'),
    }),
    settings: z.strictObject(
      Object.fromEntries(settingNames.map((each) => [each, z.union([z.string(), z.number(), z.boolean()]).optional()])),
    ),
    secretSettings: z.strictObject(
      Object.fromEntries(
        secretNames.map((each) => [each, z.strictObject({ existingSecret: name, key: name }).optional()]),
      ),
    ),
    kafka: z.strictObject({
      brokers: z.string().describe('host:port, comma-separated'),
      partitions: z
        .int()
        .refine(isPartitionCount)
        .meta({ enum: powersOfTwo() })
        .describe('of each topic; the first set-up decides it'),
      tls,
      sasl: z.strictObject({
        mechanism: z.enum(['', 'plain', 'scram-sha-256', 'scram-sha-512']),
        username: name.describe('%s stands for the role'),
        existingSecret: name.describe('%s stands for the role'),
        passwordKey: name,
      }),
    }),
    registry: z.strictObject({ url: z.string(), tls }),
    database: secretKey({ key: name, tls }),
    redis: secretKey({ key: name, tls }),
    keys: secretKey({ volume: raw.describe('any source of a volume instead of a Secret') }),
    setup: z.strictObject({
      enabled: z.boolean(),
      hook: z.boolean().describe('true: runs before an install or upgrade; false: a Job beside the roles'),
      acls: z.strictObject({
        enabled: z.boolean(),
        existingSecret: optional,
        usernameKey: name,
        passwordKey: name,
      }),
      resources: raw,
      backoffLimit: z.int().min(0),
      ttlSecondsAfterFinished: z.int().min(0),
    }),
    gateway: z.strictObject({
      serves: z.array(z.enum(gatewayNames as [string, ...string[]])).min(1),
      port: z.int().min(1024).max(65_535),
      publicUrl: optional,
      drainSeconds: z.int().min(0).describe('pause before SIGTERM, until no more requests are routed here'),
      tls,
    }),
    projections: z.strictObject({
      groups: z
        .record(z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), z.array(z.enum(['all', ...viewNames])).min(1))
        .describe('a Deployment each; together every read model once'),
    }),
    defaults: ownOrDefault,
    roles: z.strictObject(Object.fromEntries(chartRoles().map((role) => [role.name, ownOrDefault.optional()]))),
    probes: probe,
    service: z.strictObject({
      type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']),
      port: z.int(),
      annotations: raw,
    }),
    ingress: z.strictObject({
      enabled: z.boolean(),
      className: optional,
      annotations: raw,
      hosts: z.array(name),
      tls: z.strictObject({
        existingSecret: optional,
        issuer: optional,
        issuerKind: z.enum(['Issuer', 'ClusterIssuer']),
      }),
    }),
    httpRoute: z.strictObject({ enabled: z.boolean(), parentRefs: raws, hostnames: z.array(name) }),
    podDisruptionBudget: z.strictObject({ enabled: z.boolean(), maxUnavailable: z.union([z.int(), z.string()]) }),
    topologySpread: z.strictObject({
      enabled: z.boolean(),
      whenUnsatisfiable: z.enum(['ScheduleAnyway', 'DoNotSchedule']),
    }),
    networkPolicy: z.strictObject({
      enabled: z.boolean(),
      dns: raws,
      kafka: raws,
      registry: raws,
      postgres: raws,
      redis: raws,
      ingress: raws.describe('peers that may call the gateway; empty: any'),
      metrics: raws.describe('peers that may read health and metrics'),
    }),
    autoscaling: z.strictObject({
      enabled: z.boolean(),
      prometheusUrl: z.string(),
      lagRecordsPerReplica: z.int().min(1),
      cpuPerReplica: z
        .string()
        .regex(/^[1-9]\d*m$/)
        .describe('processor time that a process should use, in thousandths of a core'),
      activationLagRecords: z.int().min(0),
      pollingSeconds: z.int().min(5),
      minReplicas: z.int().min(1),
      gateway: z.strictObject({ minReplicas: z.int(), maxReplicas: z.int(), cpuPercent: z.int().min(1).max(100) }),
    }),
    metrics: z.strictObject({
      serviceMonitor: z.strictObject({ enabled: z.boolean(), labels: raw, interval: name }),
      prometheusRule: z.strictObject({ enabled: z.boolean(), labels: raw, groups: raws }),
    }),
    strimzi: z.strictObject({
      users: z.strictObject({
        enabled: z.boolean(),
        cluster: optional,
        authentication: z.enum(['scram-sha-512', 'tls']),
      }),
    }),
    certificates: z.strictObject({
      enabled: z.boolean().describe('true: cert-manager makes a certificate for each role'),
      issuer: optional,
      issuerKind: z.enum(['Issuer', 'ClusterIssuer']),
      duration: z.string().regex(DURATION),
      renewBefore: z.string().regex(DURATION),
      gatewayDnsNames: z.array(name),
    }),
    models: z.strictObject({ providers: raws.describe('KHIPU_SLM_PROVIDERS; secrets in it by reference') }),
    serviceAccount: z.strictObject({ create: z.boolean(), name: optional, annotations: raw }),
    extraObjects: raws,
  })
  .partial();

function powersOfTwo(): number[] {
  return Array.from({ length: Math.log2(PARTITIONS_MAX) + 1 }, (_, power) => 2 ** power);
}
