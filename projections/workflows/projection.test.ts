import { expect, it } from 'vitest';
import { templateImported, templateRefused, templateRemoved } from '../../schemas/generated/records.ts';
import { AT, rowsOf as allRowsOf } from '../testing/apply.ts';
import { decision } from '../testing/sample.ts';
import { workflows } from './projection.ts';

const rowsOf = (...[view, records]: Parameters<typeof allRowsOf>) =>
  view.tables.flatMap(({ name }) => allRowsOf(view, records, name));

const imported = (digest: string, version: string, installId: string | null = null) =>
  templateImported({
    ...{ templateId: 'acme/ops.report', tenantId: 'acme', version, workflow: '{}', digest, installId },
    ...{ principal: 'user:ana', decisionId: 'd' },
  });
const removed = templateRemoved({
  ...{ templateId: 'acme/ops.report', tenantId: 'acme', principal: 'user:ben', decisionId: 'd' },
});

it('shows a template with its latest import, and each of its versions', () => {
  const records = [imported('a', '1.0.0'), imported('b', '1.1.0', 'acme/brief'), imported('a', '1.0.0')];
  expect(rowsOf(workflows, records)).toMatchObject([
    { template: 'ops.report', status: 'kept', digest: 'a', version: '1.0.0', created_at: AT },
    { version_id: 'ops.report@a', version: '1.0.0', workflow: '{}', install: null },
    { version_id: 'ops.report@b', version: '1.1.0', install: 'brief' },
  ]);
});

it('keeps the versions of a removed template, and has no row of a refusal', () => {
  const refused = templateRefused({
    ...{ templateId: 'acme/ops.other', principal: 'x', code: 'POLICY_DENIED', detail: '', decision, shortfall: null },
  });
  expect(rowsOf(workflows, [imported('a', '1.0.0'), removed, refused])).toMatchObject([
    { template: 'ops.report', status: 'removed', digest: 'a', principal: 'user:ben' },
    { version_id: 'ops.report@a' },
  ]);
});
