CREATE TABLE workflow_templates (
  tenant_id text NOT NULL,
  -- `<namespace>.<name>`.
  template text NOT NULL,
  place text,
  status text NOT NULL,
  digest text,
  version text,
  principal text,
  created_at timestamptz,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, template)
) WITH (fillfactor = 80);

CREATE INDEX workflow_templates_by_time ON workflow_templates (tenant_id, created_at DESC, template DESC);

CREATE TABLE workflow_template_versions (
  tenant_id text NOT NULL,
  -- `<template>@<digest>`.
  version_id text NOT NULL,
  template text NOT NULL,
  digest text NOT NULL,
  version text NOT NULL,
  workflow text NOT NULL,
  install text,
  principal text,
  decision_id text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, version_id)
) WITH (fillfactor = 80);

CREATE INDEX workflow_template_versions_by_time
  ON workflow_template_versions (tenant_id, template, created_at DESC, version_id DESC);
