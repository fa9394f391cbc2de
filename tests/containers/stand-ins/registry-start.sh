#!/bin/bash
# Stands in for the entry point of apicurio/apicurio-registry, which listens on every address.
set -euo pipefail
# shellcheck disable=SC2086 # several options in one variable
exec java $JAVA_OPTS_APPEND -Dquarkus.http.host=0.0.0.0 -cp '/opt/registry/app.jar:/opt/registry/lib/*' io.quarkus.runner.GeneratedMain
