{{- define "khipu.fullname" -}}
{{- $base := default .Chart.Name .Values.nameOverride -}}
{{- $name := default (ternary .Release.Name (printf "%s-%s" .Release.Name $base) (contains $base .Release.Name)) .Values.fullnameOverride -}}
{{- $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* The labels that select pods: of a role, or of all. */}}
{{- define "khipu.selector" -}}
app.kubernetes.io/name: {{ default .root.Chart.Name .root.Values.nameOverride }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .role }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{- define "khipu.labels" -}}
{{ include "khipu.selector" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: khipu
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.region.name }}
khipu.io/region: {{ . | quote }}
{{- end }}
{{- end -}}

{{- define "khipu.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}{{- else -}}{{ .repository }}:{{ default $.Chart.AppVersion .tag }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "khipu.serviceAccountName" -}}
{{- with .Values.serviceAccount -}}
{{- if .create -}}{{ default (include "khipu.fullname" $) .name }}{{- else -}}{{ default "default" .name }}{{- end -}}
{{- end -}}
{{- end -}}

{{/*
The Deployments of this release as YAML: the declared roles that are enabled, with their values merged over the defaults, and
a role for each group of projections. Fails for a group that leaves a read model out or has one twice.
*/}}
{{- define "khipu.roles" -}}
{{- $declared := .Files.Get "files/roles.yaml" | fromYaml -}}
{{- $roles := list -}}
{{- range $role := $declared.roles -}}
  {{- $values := mergeOverwrite (deepCopy $.Values.defaults) (deepCopy (default dict (get $.Values.roles $role.name))) -}}
  {{- $isWanted := or (not $role.runsWith) (hasKey $.Values.settings (default "" $role.runsWith)) -}}
  {{- if and $isWanted (ne (toString (get $values "enabled")) "false") -}}
    {{- if eq $role.kind "projection" -}}
      {{- $seen := list -}}
      {{- range $group, $views := $.Values.projections.groups -}}
        {{- $named := ternary $declared.views $views (has "all" $views) -}}
        {{- $seen = concat $seen $named -}}
        {{- $lag := printf "%s{view=~\"%s\"}" $role.lag (join "|" $named) -}}
        {{- $name := ternary $role.name (printf "%s-%s" $role.name $group) (eq $group "all") -}}
        {{- $args := concat (list "run" "projection") $views -}}
        {{- $roles = append $roles (merge (dict "name" $name "args" $args "lag" $lag "values" $values) $role) -}}
      {{- end -}}
      {{- range $view := $declared.views -}}
        {{- if not (has $view $seen) }}{{ fail (printf "projections.groups: no group has the read model %s" $view) }}{{ end -}}
      {{- end -}}
      {{- if ne (len $seen) (len (uniq $seen)) }}{{ fail "projections.groups: a read model is in two groups" }}{{ end -}}
    {{- else if eq $role.kind "gateway" -}}
      {{- $args := concat (list "run" "gateway") $.Values.gateway.serves -}}
      {{- $roles = append $roles (merge (dict "args" $args "values" $values) $role) -}}
    {{- else -}}
      {{- $roles = append $roles (merge (dict "values" $values) $role) -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- dict "roles" $roles "readers" $declared.readers "setup" $declared.setup | toYaml -}}
{{- end -}}

{{/* The name under which Kafka knows a role: groups of projections share one. */}}
{{- define "khipu.principal" -}}
{{- ternary "projection" .role.name (eq .role.kind "projection") -}}
{{- end -}}

{{/* "true" when a role reads a setting. */}}
{{- define "khipu.reads" -}}
{{- $answer := "" -}}
{{- $principal := include "khipu.principal" . -}}
{{- range .readers -}}
  {{- if and (not $answer) (regexMatch .pattern $.setting) -}}{{- $answer = ternary "true" "false" (has $principal .roles) -}}{{- end -}}
{{- end -}}
{{- default "true" $answer -}}
{{- end -}}

{{/* The folder of the files of a part. */}}
{{- define "khipu.tlsDir" -}}/etc/khipu/tls/{{ . }}{{- end -}}

{{/*
The parts for which a role has files, as YAML: the part, the Secret of its authority, and the Secret of the certificate that
the role shows. %s in its name stands for the role.
*/}}
{{- define "khipu.tlsParts" -}}
{{- $v := .root.Values -}}
{{- $principal := include "khipu.principal" . -}}
{{- $wanted := dict "kafka" $v.kafka.tls "registry" $v.registry.tls -}}
{{- if has "postgres" .role.reaches }}{{ $_ := set $wanted "postgres" $v.database.tls }}{{ end -}}
{{- if has "redis" .role.reaches }}{{ $_ := set $wanted "redis" $v.redis.tls }}{{ end -}}
{{- if eq .role.kind "gateway" }}{{ $_ := set $wanted "http" $v.gateway.tls }}{{ end -}}
{{- $parts := list -}}
{{- range $part, $tls := $wanted -}}
  {{- if and $tls.enabled (or $tls.caSecret $tls.certSecret) -}}
    {{- $own := dict "part" $part "caSecret" $tls.caSecret "caKey" $tls.caKey -}}
    {{- if $tls.certSecret -}}
      {{- $own = merge $own (dict "certSecret" ($tls.certSecret | replace "%s" $principal) "certKey" $tls.certKey "keyKey" $tls.keyKey) -}}
    {{- end -}}
    {{- $parts = append $parts $own -}}
  {{- end -}}
{{- end -}}
{{- dict "parts" $parts | toYaml -}}
{{- end -}}

{{/* The parameters of a URL that name the files of a part, after libpq. */}}
{{- define "khipu.tlsQuery" -}}
{{- $dir := include "khipu.tlsDir" .part -}}
{{- $query := list -}}
{{- if .mode }}{{ $query = append $query (printf "sslmode=%s" .mode) }}{{ end -}}
{{- if .tls.caSecret }}{{ $query = append $query (printf "sslrootcert=%s/ca.crt" $dir) }}{{ end -}}
{{- if .tls.certSecret }}{{ $query = concat $query (list (printf "sslcert=%s/tls.crt" $dir) (printf "sslkey=%s/tls.key" $dir)) }}{{ end -}}
{{- join "&" $query -}}
{{- end -}}

{{- define "khipu.kafkaEnv" -}}
- { name: KAFKA_BROKERS, value: {{ required "kafka.brokers: host:port of the brokers" .root.Values.kafka.brokers | quote }} }
{{- with .root.Values.kafka.tls }}
{{- if .enabled }}
- { name: KAFKA_SSL, value: 'true' }
{{- if .caSecret }}
- { name: KAFKA_SSL_CA_FILE, value: {{ include "khipu.tlsDir" "kafka" }}/ca.crt }
{{- end }}
{{- if .certSecret }}
- { name: KAFKA_SSL_CERT_FILE, value: {{ include "khipu.tlsDir" "kafka" }}/tls.crt }
- { name: KAFKA_SSL_KEY_FILE, value: {{ include "khipu.tlsDir" "kafka" }}/tls.key }
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The URL of the registry; its files are part of it. */}}
{{- define "khipu.registryUrl" -}}
{{- $url := required "registry.url: the URL of the schema registry" .root.Values.registry.url -}}
{{- $tls := .root.Values.registry.tls -}}
{{- $query := ternary (include "khipu.tlsQuery" (dict "part" "registry" "tls" $tls "mode" "")) "" $tls.enabled -}}
{{- if $query }}{{ printf "%s%s%s" $url (ternary "&" "?" (contains "?" $url)) $query }}{{ else }}{{ $url }}{{ end -}}
{{- end -}}

{{/* The URL of a store, from its Secret. With files, the URL of the Secret is the first part of it. */}}
{{- define "khipu.storeEnv" -}}
{{- $query := ternary (include "khipu.tlsQuery" .) "" .tls.enabled -}}
{{- if $query }}
- name: {{ .uri }}
  valueFrom: { secretKeyRef: { name: {{ .secret }}, key: {{ .key }} } }
- { name: {{ .url }}, value: {{ printf "$(%s)?%s" .uri $query | quote }} }
{{- else }}
- name: {{ .url }}
  valueFrom: { secretKeyRef: { name: {{ .secret }}, key: {{ .key }} } }
{{- end }}
{{- end -}}

{{/* The environment that every process has: where its parts are, and who it is. */}}
{{- define "khipu.partsEnv" -}}
{{- $v := .root.Values -}}
{{- $principal := include "khipu.principal" . -}}
- { name: KHIPU_MODE, value: {{ $v.mode }} }
- { name: KHIPU_HOME, value: /var/lib/khipu }
- { name: KHIPU_KEYS_DIR, value: /etc/khipu/keys }
{{ include "khipu.kafkaEnv" . }}
{{- with $v.kafka.sasl }}
{{- if .mechanism }}
- { name: KAFKA_SASL_MECHANISM, value: {{ .mechanism }} }
- { name: KAFKA_SASL_USERNAME, value: {{ .username | replace "%s" $principal | quote }} }
- name: KAFKA_SASL_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ .existingSecret | replace "%s" $principal }}, key: {{ .passwordKey | replace "%s" $principal | quote }} } }
{{- end }}
{{- end }}
- { name: SCHEMA_REGISTRY_URL, value: {{ include "khipu.registryUrl" . | quote }} }
{{- if has "postgres" .role.reaches }}
{{- $secret := required "database.existingSecret: a Secret with a postgres:// URL" $v.database.existingSecret }}
{{- include "khipu.storeEnv" (dict "part" "postgres" "url" "DATABASE_URL" "uri" "DATABASE_URI" "secret" $secret "key" $v.database.key "tls" $v.database.tls "mode" "verify-full") }}
{{- else }}
# This role does not connect to Postgres.
- { name: DATABASE_URL, value: 'postgres://not-used.invalid/khipu' }
{{- end }}
{{- if has "redis" .role.reaches }}
{{- $secret := required "redis.existingSecret: a Secret with a redis:// URL" $v.redis.existingSecret }}
{{- include "khipu.storeEnv" (dict "part" "redis" "url" "REDIS_URL" "uri" "REDIS_URI" "secret" $secret "key" $v.redis.key "tls" $v.redis.tls "mode" "") }}
{{- else }}
# This role does not connect to Redis.
- { name: REDIS_URL, value: 'redis://not-used.invalid' }
{{- end }}
{{- range $setting, $value := $v.settings }}
{{- if eq "true" (include "khipu.reads" (dict "readers" $.readers "setting" $setting "role" $.role)) }}
- { name: {{ $setting }}, value: {{ toString $value | quote }} }
{{- end }}
{{- end }}
{{- range $setting, $from := $v.secretSettings }}
{{- if eq "true" (include "khipu.reads" (dict "readers" $.readers "setting" $setting "role" $.role)) }}
- name: {{ $setting }}
  valueFrom: { secretKeyRef: { name: {{ $from.existingSecret }}, key: {{ $from.key }} } }
{{- end }}
{{- end }}
{{- end -}}

{{/* "true" when a role reads the providers of models. */}}
{{- define "khipu.readsModels" -}}
{{- if .root.Values.models.providers -}}
{{- include "khipu.reads" (dict "readers" .readers "setting" "KHIPU_SLM_PROVIDERS_FILE" "role" .role) -}}
{{- end -}}
{{- end -}}

{{- define "khipu.volumes" -}}
{{- $v := .root.Values -}}
- { name: home, emptyDir: {} }
- { name: tmp, emptyDir: {} }
{{- if or .role.keys (eq $v.mode "development") }}
- name: keys
{{- if $v.keys.volume }}
  {{- toYaml $v.keys.volume | nindent 2 }}
{{- else }}
  secret:
    secretName: {{ required "keys.existingSecret: a Secret with jwt.json, constitution.json, api-keys.json" $v.keys.existingSecret }}
    optional: false
    defaultMode: 0440
    {{- if eq $v.mode "production" }}
    items:
      {{- range .role.keys }}
      - { key: {{ . }}, path: {{ . }} }
      {{- end }}
    {{- end }}
{{- end }}
{{- end }}
{{- range (include "khipu.tlsParts" . | fromYaml).parts }}
# One volume a part: key and certificate change together, and a role reads them again.
- name: tls-{{ .part }}
  projected:
    defaultMode: 0440
    sources:
      {{- if .caSecret }}
      - secret: { name: {{ .caSecret }}, items: [{ key: {{ .caKey }}, path: ca.crt }] }
      {{- end }}
      {{- if .certSecret }}
      - secret: { name: {{ .certSecret }}, items: [{ key: {{ .certKey }}, path: tls.crt }, { key: {{ .keyKey }}, path: tls.key }] }
      {{- end }}
{{- end }}
{{- if eq "true" (include "khipu.readsModels" .) }}
- { name: models, configMap: { name: {{ include "khipu.fullname" .root }}-models } }
{{- end }}
{{- end -}}

{{- define "khipu.volumeMounts" -}}
{{- $v := .root.Values -}}
- { name: home, mountPath: /var/lib/khipu }
- { name: tmp, mountPath: /tmp }
{{- if or .role.keys (eq $v.mode "development") }}
- { name: keys, mountPath: /etc/khipu/keys, readOnly: {{ ne $v.mode "development" }} }
{{- end }}
{{- range (include "khipu.tlsParts" . | fromYaml).parts }}
- { name: tls-{{ .part }}, mountPath: {{ include "khipu.tlsDir" .part }}, readOnly: true }
{{- end }}
{{- if eq "true" (include "khipu.readsModels" .) }}
- { name: models, mountPath: /etc/khipu/models, readOnly: true }
{{- end }}
{{- end -}}

{{- define "khipu.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "khipu.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

{{- define "khipu.probe" -}}
{{- if eq .root.Values.probes.type "http" -}}
httpGet: { path: {{ .path }}, port: admin }
{{- else -}}
exec:
  command:
    - node
    - -e
    - "fetch('http://127.0.0.1:9464{{ .path }}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
{{- end }}
periodSeconds: {{ .root.Values.probes.periodSeconds }}
timeoutSeconds: {{ .root.Values.probes.timeoutSeconds }}
{{- end -}}

{{/* "true" when an autoscaler sets the number of processes of a role. */}}
{{- define "khipu.scales" -}}
{{- $own := default dict .role.values.autoscaling -}}
{{- $isWanted := ternary $own.enabled .root.Values.autoscaling.enabled (hasKey $own "enabled") -}}
{{- $isIdle := and .root.Values.region.standby (ne .role.kind "projection") -}}
{{- and $isWanted .role.isPartitioned (not $isIdle) -}}
{{- end -}}

{{/* Each step costs a rebalance: up at once, down one process in five minutes. */}}
{{- define "khipu.scaleBehavior" -}}
scaleUp:
  stabilizationWindowSeconds: 30
  policies:
    - { type: Percent, value: 100, periodSeconds: 60 }
    - { type: Pods, value: 4, periodSeconds: 60 }
scaleDown:
  stabilizationWindowSeconds: 300
  policies: [{ type: Pods, value: 1, periodSeconds: 300 }]
{{- end -}}

{{- define "khipu.setupPod" -}}
{{- $s := .root.Values.setup -}}
restartPolicy: OnFailure
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext: {{- include "khipu.podSecurity" .root | nindent 2 }}
{{- if $s.acls.enabled }}
initContainers:
  - name: acls
    image: {{ include "khipu.image" .root }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args: [topics, acls, --apply, --json]
    securityContext: {{- include "khipu.containerSecurity" .root | nindent 6 }}
    env:
      {{- include "khipu.kafkaEnv" . | nindent 6 }}
      - { name: KHIPU_MODE, value: {{ .root.Values.mode }} }
      - { name: KHIPU_HOME, value: /var/lib/khipu }
      - { name: KAFKA_SASL_MECHANISM, value: {{ required "kafka.sasl.mechanism: how the administrator logs in, as setup.acls is enabled" .root.Values.kafka.sasl.mechanism }} }
      - name: KAFKA_SASL_USERNAME
        valueFrom: { secretKeyRef: { name: {{ required "setup.acls.existingSecret: the login of an administrator" $s.acls.existingSecret }}, key: {{ $s.acls.usernameKey }} } }
      - name: KAFKA_SASL_PASSWORD
        valueFrom: { secretKeyRef: { name: {{ $s.acls.existingSecret }}, key: {{ $s.acls.passwordKey }} } }
      - { name: SCHEMA_REGISTRY_URL, value: {{ include "khipu.registryUrl" . | quote }} }
      - { name: DATABASE_URL, value: 'postgres://not-used.invalid/khipu' }
      - { name: REDIS_URL, value: 'redis://not-used.invalid' }
    resources: {{- toYaml $s.resources | nindent 6 }}
    volumeMounts:
      {{- include "khipu.volumeMounts" . | nindent 6 }}
{{- end }}
containers:
  - name: khipu
    image: {{ include "khipu.image" .root }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy }}
    args: [setup]
    securityContext: {{- include "khipu.containerSecurity" .root | nindent 6 }}
    env:
      {{- include "khipu.partsEnv" . | nindent 6 }}
      - { name: KHIPU_PARTITIONS, value: {{ .root.Values.kafka.partitions | quote }} }
      - { name: KHIPU_LAYOUT, value: chained }
    resources: {{- toYaml $s.resources | nindent 6 }}
    volumeMounts:
      {{- include "khipu.volumeMounts" . | nindent 6 }}
volumes:
  {{- include "khipu.volumes" . | nindent 2 }}
{{- end -}}
