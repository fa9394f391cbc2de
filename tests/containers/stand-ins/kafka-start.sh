#!/bin/bash
# Stands in for the entry point of apache/kafka: KAFKA_* variables become server.properties.
set -euo pipefail
config=/tmp/server.properties
: > "$config"
while IFS='=' read -r name value; do
  case $name in
    KAFKA_HEAP_OPTS) ;;
    KAFKA_*) key=${name#KAFKA_}; key=${key,,}; printf '%s=%s\n' "${key//_/.}" "$value" >> "$config" ;;
  esac
done < <(env)
java() { command java -XX:+UseSerialGC -Dlog4j2.configurationFile=/opt/kafka/log4j2.xml -cp '/opt/kafka/libs/*' "$@"; }
[[ -e $KAFKA_LOG_DIRS/meta.properties ]] || java kafka.tools.StorageTool format --cluster-id "$CLUSTER_ID" --config "$config"
# shellcheck disable=SC2086 # several options in one variable
exec java -XX:+UseSerialGC -Dlog4j2.configurationFile=/opt/kafka/log4j2.xml -cp '/opt/kafka/libs/*' $KAFKA_HEAP_OPTS kafka.Kafka "$config"
