import kafkajs from 'kafkajs';
import type { AclBinding } from '../acl/kafka-acls.ts';
import { type ClientOptions, createClient } from './client.ts';
import { toLogError } from './failures.ts';

// Node detects no named exports after the first computed one of a CommonJS module.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const resources = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  'transactional-id': AclResourceTypes.TRANSACTIONAL_ID,
  cluster: AclResourceTypes.CLUSTER,
} as const;
const patterns = { literal: ResourcePatternTypes.LITERAL, prefixed: ResourcePatternTypes.PREFIXED } as const;
const operations = {
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Create: AclOperationTypes.CREATE,
  Describe: AclOperationTypes.DESCRIBE,
  IdempotentWrite: AclOperationTypes.IDEMPOTENT_WRITE,
} as const;

/** Adds bindings; existing ones are unchanged. Requires Alter on the cluster, or rejects with LOG_FORBIDDEN. */
export async function createAcls(options: ClientOptions, bindings: readonly AclBinding[]): Promise<void> {
  const admin = createClient(options).admin();
  try {
    await admin.connect();
    await admin.createAcls({
      acl: bindings.map(({ principal, host, operation, resourceType, resourceName, patternType }) => ({
        ...{ principal, host, resourceName },
        operation: operations[operation],
        permissionType: AclPermissionTypes.ALLOW,
        resourceType: resources[resourceType],
        resourcePatternType: patterns[patternType],
      })),
    });
  } catch (error) {
    throw toLogError(error, 'LOG_UNAVAILABLE');
  } finally {
    await admin.disconnect();
  }
}
