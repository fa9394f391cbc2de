import { GenericContainer, Network, Wait } from 'testcontainers';

export interface Containers {
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

const IMAGES = {
  kafka: 'apache/kafka:4.2.1',
  registry: 'apicurio/apicurio-registry:3.0.9',
  postgres: 'postgres:18',
  redis: 'redis:7-alpine',
} as const;

/** The port that a broker in a container advertises to outside clients must be known before the container starts. */
const KAFKA_PORT = 29_092;

/** Starts the same real parts as images (`KHIPU_TEST_INFRA=testcontainers`). Needs a Docker engine. */
export async function startContainers(): Promise<Containers> {
  const network = await new Network().start();
  const postgres = new GenericContainer(IMAGES.postgres)
    .withEnvironment({ POSTGRES_USER: 'khipu', POSTGRES_PASSWORD: 'khipu', POSTGRES_DB: 'khipu' })
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start();
  const redis = new GenericContainer(IMAGES.redis).withExposedPorts(6379).start();
  const kafka = await new GenericContainer(IMAGES.kafka)
    .withNetwork(network)
    .withNetworkAliases('kafka')
    .withExposedPorts({ container: KAFKA_PORT, host: KAFKA_PORT })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: `INSIDE://:9092,OUTSIDE://:${KAFKA_PORT},CONTROLLER://:9093`,
      KAFKA_ADVERTISED_LISTENERS: `INSIDE://kafka:9092,OUTSIDE://localhost:${KAFKA_PORT}`,
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT',
      KAFKA_INTER_BROKER_LISTENER_NAME: 'INSIDE',
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS: '1000',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  const registry = await new GenericContainer(IMAGES.registry)
    .withNetwork(network)
    .withEnvironment({ APICURIO_STORAGE_KIND: 'kafkasql', APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: 'kafka:9092' })
    .withExposedPorts(8080)
    .withWaitStrategy(Wait.forHttp('/apis/ccompat/v7/subjects', 8080))
    .start();
  const started = [registry, kafka, await postgres, await redis] as const;
  const [, , database, cache] = started;
  return {
    env: {
      KAFKA_BROKERS: `localhost:${KAFKA_PORT}`,
      SCHEMA_REGISTRY_URL: `http://${registry.getHost()}:${registry.getMappedPort(8080)}/apis/ccompat/v7`,
      DATABASE_URL: `postgres://khipu:khipu@${database.getHost()}:${database.getMappedPort(5432)}/khipu`,
      REDIS_URL: `redis://${cache.getHost()}:${cache.getMappedPort(6379)}`,
    },
    stop: async () => {
      for (const container of started) await container.stop();
      await network.stop();
    },
  };
}
