import type { Grant, Resource } from './grant.ts';

const option: Readonly<Record<Resource, (name: string) => string>> = {
  topic: (name) => `--topic ${name}`,
  group: (name) => `--group ${name}`,
  'transactional-id': (name) => `--transactional-id ${name}`,
  cluster: () => '--cluster',
};

/**
 * Returns commands for Kafka's own tool, one for all resources with the same operations. They expect a shell with
 * KAFKA_BROKERS, and a file with the login of an administrator. They can be repeated safely, and remove nothing.
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

/** A grant of one operation: Kafka's AclBinding. */
export interface AclBinding {
  readonly principal: string;
  readonly host: '*';
  readonly permission: 'Allow';
  readonly operation: Grant['operations'][number];
  readonly resourceType: Resource;
  readonly resourceName: string;
  readonly patternType: Grant['pattern'];
}

/** Returns one binding per operation of each grant, from any host. */
export const toBindings = (grants: readonly Grant[]): readonly AclBinding[] =>
  grants.flatMap(({ principal, resource, name, pattern, operations }) =>
    operations.map(
      (operation): AclBinding => ({
        ...{ principal: `User:${principal}`, host: '*', permission: 'Allow', operation },
        ...{ resourceType: resource, resourceName: name, patternType: pattern },
      }),
    ),
  );
