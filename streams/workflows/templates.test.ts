import { describe, expect, it } from 'vitest';
import { sha256 } from '../../schemas/contexts/approvals.ts';
import { TEMPLATE_VERSIONS_MAX } from '../../schemas/contexts/workflows.ts';
import {
  type AnyRecord,
  type ImportTemplate,
  importTemplate,
  removeTemplate,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { metaFor } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { templates } from './templates.ts';

const asker = { principal: 'key-1', capabilities: ['workflows:*'], credential: null, labels: [] };
const { tenantId } = metaFor(removeTemplate({ ...asker, templateId: 'x' }));
const templateId = `${tenantId}/ops.report`;
const documentOf = (version: string, more: object = {}) =>
  JSON.stringify({ document: { dsl: '1.0.3', namespace: 'ops', name: 'report', version }, do: [], ...more });
const importing = (workflow: string, changes: Partial<ImportTemplate> = {}) =>
  importTemplate({ ...asker, templateId, workflow, digest: sha256(workflow), installId: null, ...changes });
const removing = removeTemplate({ ...asker, templateId });

type Decided = Parameters<typeof decisionOn>;
function eventsOf(...commands: readonly Decided[0][]): readonly AnyRecord[] {
  const driver = createDriver({ processors: [templates] });
  for (const each of commands) driver.append(decisionOn(each));
  driver.run();
  return driver.records('workflows.events').map(({ record }) => record);
}
const refusal = (code: string) => ({ type: 'TemplateRefused', data: { templateId, code } });

describe('a template', () => {
  it('is imported with its document, and again with another version', () => {
    expect(eventsOf(importing(documentOf('1.0.0')), importing(documentOf('1.1.0')))).toMatchObject([
      { type: 'TemplateImported', data: { templateId, tenantId, version: '1.0.0', workflow: documentOf('1.0.0') } },
      { type: 'TemplateImported', data: { version: '1.1.0', digest: sha256(documentOf('1.1.0')) } },
    ]);
  });

  it('starts runs from an earlier version again when that is imported again', () => {
    const events = eventsOf(
      importing(documentOf('1.0.0')),
      importing(documentOf('2.0.0')),
      importing(documentOf('1.0.0')),
    );
    expect(events.at(-1)).toMatchObject({ type: 'TemplateImported', data: { version: '1.0.0' } });
  });

  it('never gives a version to another document, not even after a removal', () => {
    const other = importing(documentOf('1.0.0', { do: [{ a: { set: { n: 1 } } }] }));
    expect(eventsOf(importing(documentOf('1.0.0')), other)[1]).toMatchObject(refusal('ALREADY_EXISTS'));
    expect(eventsOf(importing(documentOf('1.0.0')), removing, other)[2]).toMatchObject(refusal('ALREADY_EXISTS'));
  });

  it('is removed once, and may be imported again', () => {
    const events = eventsOf(importing(documentOf('1.0.0')), removing, removing, importing(documentOf('1.0.0')));
    expect(events).toMatchObject([
      { type: 'TemplateImported' },
      { type: 'TemplateRemoved', data: { templateId, principal: 'key-1' } },
      refusal('TEMPLATE_UNKNOWN'),
      { type: 'TemplateImported' },
    ]);
  });

  it('has a bounded number of versions', () => {
    const versions = Array.from({ length: TEMPLATE_VERSIONS_MAX + 1 }, (_, n) => importing(documentOf(`1.0.${n}`)));
    expect(eventsOf(...versions, importing(documentOf('1.0.0'))).slice(-2)).toMatchObject([
      refusal('DIRECTORY_FULL'),
      { type: 'TemplateImported', data: { version: '1.0.0' } },
    ]);
  });
});

describe('an import is refused', () => {
  it.each([
    ['a text that is no document', 'no JSON', {}],
    ['a document of another name', documentOf('1.0.0').replace('report', 'other'), {}],
    ['another digest', documentOf('1.0.0'), { digest: 'd' }],
    ['a document that is too large', documentOf('1.0.0', { x: 'x'.repeat(50_000) }), {}],
  ])('for %s', (_, workflow, changes) => {
    expect(eventsOf(importing(workflow, changes))).toMatchObject([refusal('WORKFLOW_INVALID')]);
  });

  it('for a template of another tenant, and with the code of the decision', () => {
    const of = (each: string) => eventsOf(importing(documentOf('1.0.0'), { templateId: each }));
    expect(of('acme/ops.report')).toMatchObject([{ type: 'TemplateRefused', data: { code: 'TEMPLATE_UNKNOWN' } }]);
    const driver = createDriver({ processors: [templates] });
    driver.append(decisionOn(importing(documentOf('1.0.0')), denied));
    driver.run();
    expect(driver.records('workflows.events')[0]?.record).toMatchObject(refusal('POLICY_DENIED'));
  });
});
