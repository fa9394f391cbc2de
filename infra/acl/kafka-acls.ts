import type { Grant, Resource } from './grant.ts';

const option: Readonly<Record<Resource, (name: string) => string>> = {
  topic: (name) => `--topic ${name}`,
  group: (name) => `--group ${name}`,
  'transactional-id': (name) => `--transactional-id ${name}`,
  cluster: () => '--cluster',
};

/**
 * Commands of Kafka's own tool, one for all resources of which the same is allowed. They are meant for a shell that has
 * KAFKA_BROKERS, and a file with the login of who may grant. Running one twice is harmless; none takes anything back.
 */
export function toCommands(grants: readonly Grant[]): readonly string[] {
  const alike = Map.groupBy(grants, ({ principal, resource, pattern, operations }) =>
    [principal, resource, pattern, ...operations].join(' '),
  );
  return [...alike.values()].map((group) => {
    const [{ principal, resource, pattern, operations }] = group as [Grant, ...Grant[]];
    return [
      'kafka-acls.sh --bootstrap-server "$KAFKA_BROKERS" --command-config admin.properties',
      `--add --allow-principal User:${principal}`,
      ...operations.map((operation) => `--operation ${operation}`),
      ...(pattern === 'prefixed' ? ['--resource-pattern-type prefixed'] : []),
      ...group.map(({ name }) => option[resource](name)),
    ].join(' ');
  });
}

/** What Kafka calls an AclBinding: a grant of one operation. */
export interface AclBinding {
  readonly principal: string;
  readonly host: '*';
  readonly permission: 'Allow';
  readonly operation: Grant['operations'][number];
  readonly resourceType: Resource;
  readonly resourceName: string;
  readonly patternType: Grant['pattern'];
}

export const toBindings = (grants: readonly Grant[]): readonly AclBinding[] =>
  grants.flatMap(({ principal, resource, name, pattern, operations }) =>
    operations.map(
      (operation): AclBinding => ({
        ...{ principal: `User:${principal}`, host: '*', permission: 'Allow', operation },
        ...{ resourceType: resource, resourceName: name, patternType: pattern },
      }),
    ),
  );
