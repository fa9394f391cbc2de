import { setTimeout as pause } from 'node:timers/promises';
import { capsuleNameOf } from '../../../schemas/contexts/capsules.ts';
import type { components } from '../../client/generated/api.ts';
import { ask, settle } from '../api/ask.ts';
import { failure } from '../failure.ts';
import { fieldsText } from '../show/fields.ts';
import { print } from '../show/print.ts';

export interface UpgradeOptions {
  readonly capsule: string;
  readonly digest?: string;
  readonly granted?: string[];
  readonly goldenSet?: string;
  readonly margin?: string;
  readonly repeats?: string;
  readonly check?: string;
  readonly dryRun?: true;
  readonly wait: string;
  readonly json?: true;
}

type Check = components['schemas']['UpgradeCheck'];
type Report = NonNullable<Check['report']>;

/** Time between two looks at a check, in ms. */
const POLL_MS = 1_000;

const passed = ({ regression: { verdict } }: Report): boolean => verdict === 'pass' || verdict === 'improve';

/** Returns a report for people: the verdict with the cases that became worse, and what would have changed in the past. */
export function reportText({ from, to, regression, what_if: past }: Report): readonly string[] {
  const { verdict, detail, cases, passed: good, margin } = regression;
  const charged = ({ amount, currency, meter, charged: sum }: Report['what_if']['before']) =>
    `${sum} ${currency} (${amount} by ${meter})`;
  return [
    `from ${from.capsule} to ${to.capsule}, sha256 ${to.digest}`,
    `regression: ${verdict}, ${good} of ${cases.length} cases passed, a drop of ${100 * margin} % is accepted: ${detail}`,
    ...cases
      .filter((each) => each.verdict === 'worse')
      .map(({ case_id, code, answer }) => `  worse: ${case_id}: ${code ?? answer.slice(0, 80)}`),
    `what if: ${past.runs} runs since ${past.from}, ${past.changed} would have been refused or ended earlier`,
    ...past.reasons.map(({ code, runs, detail: why }) => `  ${code}: ${runs} runs: ${why}`),
    `  charged ${charged(past.before)}; would have been charged ${charged(past.after)}`,
  ];
}

function numberIn(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw failure('USAGE', `${option}: expected a number above 0, not ${text}`);
}

async function digestOf(capsule: string): Promise<string> {
  const named = capsuleNameOf(capsule);
  if (named === null) throw failure('USAGE', `--capsule: expected <publisher>/<name>@<version>, not ${capsule}`);
  const { tenant: publisher, name, version: capsule_version } = named;
  const path = { publisher, capsule: name, capsule_version };
  const found = await ask((api) =>
    api.GET('/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}', { params: { path } }),
  );
  return found.digest;
}

async function startCheck(install: string, digest: string, options: UpgradeOptions): Promise<string> {
  const { capsule, granted, goldenSet: golden_set } = options;
  const [margin, repeats] = [numberIn(options.margin, '--margin'), numberIn(options.repeats, '--repeats')];
  const body = {
    ...{ capsule, digest, ...(granted !== undefined && { granted }), ...(golden_set !== undefined && { golden_set }) },
    ...{ ...(margin !== undefined && { margin }), ...(repeats !== undefined && { repeats }) },
  };
  const params = { path: { install } };
  const { check_id } = await settle((api, header) =>
    api.POST('/v1/marketplace/installs/{install}/upgrade-checks', { params: { ...params, header }, body }),
  );
  return check_id;
}

/** Resolves with the report of a check. Rejects with CAPSULE_CHECK_FAILED, and CAPSULE_CHECK_PENDING after `waitS` seconds. */
async function reportOf(install: string, check_id: string, waitS: number): Promise<Report> {
  for (const stop = Date.now() + waitS * 1_000; ; ) {
    const check = await ask((api) =>
      api.GET('/v1/marketplace/installs/{install}/upgrade-checks/{check_id}', {
        params: { path: { install, check_id } },
      }),
    );
    if (check.report !== null) return check.report;
    if (check.status === 'failed')
      throw failure('CAPSULE_CHECK_FAILED', `the check ${check_id} failed: ${check.detail ?? ''}`);
    if (Date.now() > stop) throw failure('CAPSULE_CHECK_PENDING', `the check ${check_id} has not ended in ${waitS} s`);
    await pause(POLL_MS);
  }
}

/**
 * Checks an upgrade, prints what was found, and makes it when the regression has passed. Resolves with the exit code: 0 for an upgrade
 * that was made, and for a dry run that has passed; 1 for a regression that has not. Rejects as `reportOf`, and with the code of a
 * refusal.
 */
export async function upgradeInstall(install: string, options: UpgradeOptions): Promise<0 | 1> {
  const { capsule, granted, json } = options;
  const waitS = numberIn(options.wait, '--wait') ?? 0;
  const digest = options.digest ?? (await digestOf(capsule));
  const check_id = options.check ?? (await startCheck(install, digest, options));
  const report = await reportOf(install, check_id, waitS);
  const isMade = options.dryRun !== true && passed(report);
  const body = { capsule, digest, check_id, ...(granted !== undefined && { granted }) };
  const upgraded = isMade
    ? await settle((api, header) =>
        api.POST('/v1/marketplace/installs/{install}/upgrade', { params: { path: { install }, header }, body }),
      )
    : null;
  print(json, { check_id, report, upgraded }, () => [
    ...reportText(report),
    ...(upgraded === null ? [`not upgraded; the check is ${check_id}`] : [fieldsText(upgraded)]),
  ]);
  return passed(report) ? 0 : 1;
}
