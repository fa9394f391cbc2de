import { z } from 'zod';
import { packCapsule } from '../../../infra/capsules/archive.ts';
import {
  type CapsuleCondition,
  type CapsuleInstallCondition,
  capsuleAttestationRows,
  capsuleInstallRows,
  capsuleInstallStatuses,
  capsuleRows,
} from '../../../projections/capsules/queries.ts';
import { capsuleStatuses, READ_CAPSULES, SHELF, searchWords } from '../../../schemas/contexts/capsules.ts';
import { pageOf, pageQuery } from '../../shared/paging.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import {
  attestCapsuleRoute,
  publishCapsuleRoute,
  putCapsuleRoute,
  reviewCapsuleRoute,
  revokeCapsuleRoute,
  yankCapsuleRoute,
} from './commands.ts';
import { capsuleOrUnknown, idIn, installOrUnknown, maySee } from './find.ts';
import {
  installCapsuleRoute,
  rollbackCapsuleRoute,
  runCapsuleRoute,
  uninstallCapsuleRoute,
  upgradeCapsuleRoute,
} from './installs.ts';
import {
  archiveBody,
  attestationPage,
  capsuleBody,
  capsuleFields,
  capsulePage,
  installFields,
  installPage,
  installWithCheck,
} from './schemas.ts';
import { getUpgradeCheckRoute, startUpgradeCheckRoute } from './upgrade-checks.ts';
import { attestationOf, capsuleOf, capsuleSummaryOf, checkOfInstall, installOf, installOfRow } from './views.ts';

type Needs = Pick<GatewayServices, 'readModel' | 'tables'>;
const { endpoint } = declare<Needs>();

/** Statements that an archive has at most, and some that were added since. */
const ATTESTATIONS_READ = 16;

const listCapsules = endpoint({
  operationId: 'listCapsules',
  tag: 'capsules',
  summary: 'List and search the capsules of the marketplace, the newest first',
  description:
    'Listed ones by default. Capsules that wait for a review, or were rejected, are shown to their publisher and to those who may review them: name the `publisher`.',
  url: '/v1/marketplace/capsules',
  alias: { url: '/marketplace/capsules', operationId: 'listCapsulesAlias' },
  takes: READ_CAPSULES,
  query: {
    q: z
      .string()
      .max(200)
      .optional()
      .meta({
        description: 'Words that the name, the description, the license or the keywords have',
        examples: ['research'],
      }),
    status: z
      .enum(capsuleStatuses)
      .default('listed')
      .meta({ description: 'State', examples: ['listed'] }),
    publisher: z
      .string()
      .max(64)
      .optional()
      .meta({ description: 'Publishing tenant; default: the own one, for a state that is not public' }),
    ...pageQuery,
  },
  views: ['capsules'],
  response: capsulePage,
  answer: async ({ caller, query, services: { readModel } }) => {
    const { q = '', status } = query;
    const isPublic = status !== 'submitted' && status !== 'rejected';
    const publisher = query.publisher ?? (isPublic ? undefined : caller.tenantId);
    if (!isPublic && publisher !== undefined && !maySee(caller, publisher)) return { items: [], next_cursor: null };
    const where: readonly CapsuleCondition[] = [
      { column: 'status', is: '=', value: status },
      ...(publisher === undefined ? [] : [{ column: 'publisher', is: '=', value: publisher } as const]),
      ...searchWords(q).map((value) => ({ column: 'words', is: 'has', value }) as const),
    ];
    const found = await readModel.rows(SHELF, capsuleRows, { ...pageOf(query), where });
    return { items: found.items.map(capsuleSummaryOf), next_cursor: found.nextCursor };
  },
});

const getCapsule = endpoint({
  operationId: 'getCapsule',
  tag: 'capsules',
  summary: 'Get a version of a capsule, with its manifest and its reviews',
  url: '/v1/marketplace/capsules/:publisher/:capsule/:capsule_version',
  takes: READ_CAPSULES,
  params: capsuleFields,
  response: capsuleBody,
  problems: ['CAPSULE_UNKNOWN', 'LOG_UNAVAILABLE'],
  answer: ({ caller, params, services: { tables } }) => capsuleOf(capsuleOrUnknown(tables, caller, idIn(params))),
});

const listCapsuleAttestations = endpoint({
  operationId: 'listCapsuleAttestations',
  tag: 'capsules',
  summary: 'List the statements about a capsule, the newest first',
  url: '/v1/marketplace/capsules/:publisher/:capsule/:capsule_version/attestations',
  takes: READ_CAPSULES,
  params: capsuleFields,
  query: pageQuery,
  views: ['capsules'],
  response: attestationPage,
  problems: ['CAPSULE_UNKNOWN', 'LOG_UNAVAILABLE'],
  answer: async ({ caller, params, query, services: { tables, readModel } }) => {
    const { capsuleId: value } = capsuleOrUnknown(tables, caller, idIn(params));
    const where = [{ column: 'capsule_id', is: '=', value }] as const;
    const found = await readModel.rows(SHELF, capsuleAttestationRows, { ...pageOf(query), where });
    return { items: found.items.map(attestationOf), next_cursor: found.nextCursor };
  },
});

const exportCapsule = endpoint({
  operationId: 'exportCapsule',
  tag: 'capsules',
  summary: 'Get the archive of a capsule',
  description:
    'The bytes that were published, when no statement was added since: the same parts make the same archive.',
  url: '/v1/marketplace/capsules/:publisher/:capsule/:capsule_version/archive',
  takes: READ_CAPSULES,
  params: capsuleFields,
  views: ['capsules'],
  response: archiveBody,
  problems: ['CAPSULE_UNKNOWN', 'LOG_UNAVAILABLE'],
  answer: async ({ caller, params, services: { tables, readModel } }) => {
    const { capsuleId, digest } = capsuleOrUnknown(tables, caller, idIn(params));
    const row = await readModel.row(SHELF, capsuleRows, capsuleId);
    if (row?.envelope == null) throw new Problem('CAPSULE_UNKNOWN', `The archive of ${capsuleId} cannot be read yet`);
    const where = [{ column: 'capsule_id', is: '=', value: capsuleId }] as const;
    const page = { limit: ATTESTATIONS_READ, cursor: null, where };
    const { items } = await readModel.rows(SHELF, capsuleAttestationRows, page);
    const inOrder = [...items].sort(
      (one, other) =>
        String(one.created_at).localeCompare(String(other.created_at)) || (one.nth ?? 0) - (other.nth ?? 0),
    );
    const attestations = inOrder.map(({ bundle }) => bundle ?? '');
    const archive = packCapsule({ envelope: row.envelope, attestations });
    return { capsule: capsuleId, digest, archive: archive.toString('base64') };
  },
});

const listInstalls = endpoint({
  operationId: 'listCapsuleInstalls',
  tag: 'capsules',
  summary: 'List the installs of the tenant, the newest first',
  url: '/v1/marketplace/installs',
  takes: READ_CAPSULES,
  query: {
    status: z.enum(capsuleInstallStatuses).optional().meta({ description: 'Only installs with this status' }),
    ...pageQuery,
  },
  views: ['capsules'],
  response: installPage,
  answer: async ({ caller, query, services: { readModel } }) => {
    const where: readonly CapsuleInstallCondition[] =
      query.status === undefined ? [] : [{ column: 'status', is: '=', value: query.status }];
    const found = await readModel.rows(caller.tenantId, capsuleInstallRows, { ...pageOf(query), where });
    return { items: found.items.map(installOfRow), next_cursor: found.nextCursor };
  },
});

const getInstall = endpoint({
  operationId: 'getCapsuleInstall',
  tag: 'capsules',
  summary: 'Get an install, with its digest, its grant and the latest check of an upgrade',
  url: '/v1/marketplace/installs/:install',
  takes: READ_CAPSULES,
  params: installFields,
  response: installWithCheck,
  problems: ['CAPSULE_INSTALL_UNKNOWN', 'LOG_UNAVAILABLE'],
  answer: ({ caller, params, services: { tables } }) => {
    const install = installOrUnknown(tables, caller.tenantId, params.install);
    return { ...installOf(install), check: checkOfInstall(install) };
  },
});

/** The marketplace: capsules, their reviews and statements, and what tenants install and run of them. */
export const capsulesRoutes = [
  publishCapsuleRoute,
  listCapsules,
  getCapsule,
  putCapsuleRoute,
  yankCapsuleRoute,
  exportCapsule,
  reviewCapsuleRoute,
  attestCapsuleRoute,
  listCapsuleAttestations,
  revokeCapsuleRoute,
  installCapsuleRoute,
  listInstalls,
  getInstall,
  startUpgradeCheckRoute,
  getUpgradeCheckRoute,
  upgradeCapsuleRoute,
  rollbackCapsuleRoute,
  uninstallCapsuleRoute,
  runCapsuleRoute,
];
