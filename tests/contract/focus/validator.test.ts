import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { focusCsv } from '../../../schemas/contexts/billing/focus.ts';
import { type ChargedLine, type Period, periodOf } from '../../../schemas/contexts/billing/invoice.ts';
import { projectRoot } from '../../checks/files.ts';

const program = join(projectRoot, '.khipu', 'focus-validator-venv', 'bin', 'focus-validator');
/** Longest run of the validator, in ms: it loads pandas, which takes seconds. */
const PATIENCE_MS = 240_000;

/** Rules of version 1.0.0 of the validator, which knows FOCUS up to 1.0, that an export in FOCUS 1.2 fails, each with the reason. */
const EXPECTED: Readonly<Record<string, string>> = {
  BillingCurrency_IsCurrencyCode: 'the package lacks its list of currencies',
  CommitmentDiscountCategory_Required: 'required only where there are commitments',
  CommitmentDiscountId_Required: 'required only where there are commitments',
  CommitmentDiscountName_Required: 'required only where there are commitments',
  CommitmentDiscountStatus_Required: 'required only where there are commitments',
  CommitmentDiscountType_Required: 'required only where there are commitments',
  ConsumedQuantity_IsDecimal: 'whole numbers are read as integers',
  InvoiceIssuer_Required: 'called InvoiceIssuerName',
  Provider_Required: 'called ProviderName',
  Publisher_Required: 'called PublisherName',
  RegionId_Required: 'required only where there are regions',
  RegionName_Required: 'required only where there are regions',
  ResourceID_Required: 'called ResourceId',
  SkuPriceId_Nullable: 'asks for ChargeType, which is called ChargeCategory',
  Tags_Required: 'required only where there are tags',
};

const november = periodOf('2026-11') as Period;
const line = (over: Partial<ChargedLine>): ChargedLine =>
  ({
    ...{ day: '2026-11-03', meter: 'prompt_tokens', resource: 'smollm2', unitPrice: '0.250000000', priceVersion: 1 },
    ...{ currency: 'USD', quantity: 1_200, amount: '0.000300000', ...over },
  }) as ChargedLine;
const perCall = { unitPrice: '0.001000000', quantity: 3, amount: '0.003000000' };
const lines = [
  line({}),
  line({ meter: 'tokens', unitPrice: null, priceVersion: 0 }),
  line({ meter: 'tool_calls', resource: 'demo/pay', ...perCall }),
  line({ meter: 'job_steps', resource: '*', ...perCall, day: '2026-10-30', quantity: -2, amount: '-0.002000000' }),
];

/** Returns the rules that a file fails. */
function failuresOf(csv: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'khipu-focus-'));
  try {
    const file = join(folder, 'costs.csv');
    writeFileSync(file, csv);
    const { stdout, stderr, error } = spawnSync(program, ['--data-file', file, '--validate-version', '1.0'], {
      ...{ encoding: 'utf8', timeout: PATIENCE_MS },
    });
    if (error !== undefined) throw error;
    if (!/Validation (?:failed|succeeded)!/.test(stdout)) throw new Error(`the validator ended with: ${stderr}`);
    return [...stdout.matchAll(/^(?<rule>\w+) failed:$/gm)].map(({ groups }) => groups?.['rule'] ?? '').sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test(
  'the FOCUS validator finds nothing in the export but what its older version asks',
  ({ skip }) => {
    skip(!existsSync(program), 'no FOCUS validator here: node tests/contract/focus/install.ts installs it');
    expect(failuresOf(focusCsv('demo', november, lines))).toEqual(Object.keys(EXPECTED).sort());
    // It finds a planted fault.
    const [header = '', ...rows] = focusCsv('demo', november, lines).split('\n');
    const faulty = rows.map((row) => row.replace('2026-11-01T00:00:00Z', 'in November'));
    const found = failuresOf([header, ...faulty].join('\n'));
    expect(found.filter((rule) => !(rule in EXPECTED))).not.toEqual([]);
  },
  PATIENCE_MS,
);
