import { templateNameOf } from '../../schemas/contexts/workflows.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, first, foldTable, instant, key, last, max, projection, row } from '../kernel.ts';
import type { RowView } from '../rows.ts';

/** One row per template. */
export const templatesTable = foldTable('workflow_templates', {
  tenant_id: key('text'),
  template: key('text'),
  place: first('text'),
  /** kept or removed. */
  status: last('text'),
  /** Digest of the version that runs start from. */
  digest: last('text'),
  version: last('text'),
  principal: last('text'),
  created_at: first('timestamptz'),
  updated_at: max('timestamptz'),
});

/** One row per version of a template. A removed template keeps them: its runs name them. */
export const templateVersionsTable = foldTable('workflow_template_versions', {
  tenant_id: key('text'),
  /** `<template>@<digest>`. */
  version_id: key('text'),
  template: first('text'),
  digest: first('text'),
  version: first('text'),
  workflow: first('text'),
  /** Install of the capsule that it came from; null for a document of the caller. */
  install: last('text'),
  principal: last('text'),
  decision_id: last('text'),
  created_at: first('timestamptz'),
  updated_at: max('timestamptz'),
});

export type TemplateRow = RowView<typeof templatesTable.columns>;
export type TemplateVersionRow = RowView<typeof templateVersionsTable.columns>;

/** Templates and their versions. A refused command changes no row. */
export const workflows = projection({
  name: 'workflows',
  version: 1,
  inputs: [topics.workflowsEvents],
  tables: [templatesTable, templateVersionsTable],
  apply(record, { place, timeMs }) {
    const at = instant(timeMs);
    switch (record.type) {
      case 'TemplateImported': {
        const { tenantId: tenant_id, templateId, version, digest, workflow, installId, principal } = record.data;
        const template = templateNameOf(templateId);
        const made = { tenant_id, template, digest, version, principal, created_at: at, updated_at: at };
        const install = installId === null ? null : templateNameOf(installId);
        return [
          row(templatesTable, { ...made, place, status: 'kept' }),
          row(templateVersionsTable, {
            ...{ ...made, version_id: `${template}@${digest}`, workflow, install },
            decision_id: record.data.decisionId,
          }),
        ];
      }
      case 'TemplateRemoved': {
        const { tenantId: tenant_id, templateId, principal } = record.data;
        const named = { tenant_id, template: templateNameOf(templateId) };
        return [row(templatesTable, { ...named, status: 'removed', principal, updated_at: at })];
      }
      case 'TemplateRefused':
        return [];
      default:
        return assertNever(record);
    }
  },
});
