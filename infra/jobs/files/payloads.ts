import type { ContentRef } from '../../../schemas/contexts/files.ts';
import { payloadName } from '../../../schemas/contexts/jobs/payload.ts';
import { messageOf } from '../../kit/errors.ts';
import { gather } from '../../kit/gather.ts';
import { verified } from '../../kit/verified.ts';
import type { Payloads } from '../engine/contract.ts';
import { JobError } from '../sdk/errors.ts';
import type { JobFiles } from './port.ts';

/** Contents of the log, as far as payloads need them. */
export type PayloadFiles = Pick<JobFiles, 'read' | 'keep'>;

/** Returns the payloads of the jobs of a tenant, kept as contents in pieces. */
export const payloadsIn = (files: PayloadFiles, tenantId: string): Payloads => ({
  async keep(json) {
    const bytes = Buffer.from(json);
    const content = async function* () {
      yield bytes;
    };
    try {
      return payloadName(await files.keep(tenantId, content));
    } catch (cause) {
      throw new JobError('JOB_CONTENT_NOT_KEPT', `a payload cannot be kept: ${messageOf(cause)}`, { cause });
    }
  },

  async read(content) {
    try {
      return Buffer.concat(await gather(verified(files.read(tenantId, content), content.digest))).toString();
    } catch (cause) {
      throw new JobError('JOB_CONTENT_NOT_READABLE', `a payload cannot be read: ${messageOf(cause)}`, { cause });
    }
  },
});

/** Payloads of all tenants, for a worker that keeps or reads one now and then. */
export interface Contents {
  /** Keeps JSON, and resolves with the name of the content. */
  keep(tenantId: string, json: string): Promise<string>;
  /** Resolves with the JSON of a content. Rejects when it cannot be read, or has another digest. */
  read(tenantId: string, content: ContentRef): Promise<string>;
}

/** Returns the payloads of all tenants. */
export const contentsIn = (files: PayloadFiles): Contents => ({
  keep: (tenantId, json) => payloadsIn(files, tenantId).keep(json),
  read: (tenantId, content) => payloadsIn(files, tenantId).read(content),
});

/** The payloads of a replay: a history has every value in it. */
export const wholePayloads: Payloads = {
  keep: async (json) => json,
  read: async ({ digest }) => {
    throw new JobError('JOB_CONTENT_NOT_READABLE', `the history has only the name of ${digest}`, { retryable: false });
  },
};
