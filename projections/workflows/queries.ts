import { type Condition, readsOf } from '../rows.ts';
import { templatesTable, templateVersionsTable } from './projection.ts';

export type { TemplateRow, TemplateVersionRow } from './projection.ts';

/** Reads of templates: by name, and the newest first. */
export const templateRows = readsOf(templatesTable, 'created_at');
/** Reads of their versions: by `<template>@<digest>`, and the newest first. */
export const templateVersionRows = readsOf(templateVersionsTable, 'created_at');

export type TemplateCondition = Condition<typeof templatesTable.columns>;
