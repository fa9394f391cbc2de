/** Costs in the columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification), one row a line of a day. */
import { type Cell, csvOf } from './csv.ts';
import type { ChargedLine, Period } from './invoice.ts';

export const FOCUS_VERSION = '1.2';

interface FocusRow {
  readonly tenantId: string;
  readonly period: Period;
  readonly line: ChargedLine;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const PROVIDER = 'Khipu';
const time = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const isTokens = (meter: string): boolean => meter.endsWith('tokens');

const unitOf = ({ meter }: ChargedLine): string => {
  if (isTokens(meter)) return 'Tokens';
  return meter === 'job_steps' ? 'Steps' : meter === 'installs' ? 'Installs' : meter === 'runs' ? 'Runs' : 'Calls';
};

/** A day before the billing period is of an earlier invoice, which it corrects or adds to. */
const isCorrection = ({ line, period }: FocusRow): boolean => Date.parse(line.day) < period.fromMs;

/** Columns in the order of the specification's names, then our own, which begin with `x_`. */
const columns: Readonly<Record<string, (row: FocusRow) => Cell>> = {
  BilledCost: ({ line }) => line.amount,
  BillingAccountId: ({ tenantId }) => tenantId,
  BillingAccountName: ({ tenantId }) => tenantId,
  BillingAccountType: () => 'Tenant',
  BillingCurrency: ({ line }) => line.currency,
  BillingPeriodEnd: ({ period }) => time(period.untilMs),
  BillingPeriodStart: ({ period }) => time(period.fromMs),
  ChargeCategory: () => 'Usage',
  ChargeClass: (row) => (isCorrection(row) ? 'Correction' : null),
  ChargeDescription: ({ line }) => `${line.meter} of ${line.resource}`,
  ChargeFrequency: () => 'Usage-Based',
  ChargePeriodEnd: ({ line }) => time(Date.parse(line.day) + DAY_MS),
  ChargePeriodStart: ({ line }) => time(Date.parse(line.day)),
  ConsumedQuantity: ({ line }) => line.quantity,
  ConsumedUnit: ({ line }) => unitOf(line),
  ContractedCost: ({ line }) => line.amount,
  ContractedUnitPrice: ({ line }) => line.unitPrice,
  EffectiveCost: ({ line }) => line.amount,
  InvoiceId: ({ period, tenantId }) => `${tenantId}/${period.name}`,
  InvoiceIssuerName: () => PROVIDER,
  ListCost: ({ line }) => line.amount,
  ListUnitPrice: ({ line }) => line.unitPrice,
  PricingCategory: () => 'Standard',
  PricingCurrency: ({ line }) => line.currency,
  PricingQuantity: ({ line }) => (isTokens(line.meter) ? line.quantity / 1_000_000 : line.quantity),
  PricingUnit: ({ line }) => (isTokens(line.meter) ? '1000000 Tokens' : unitOf(line)),
  ProviderName: () => PROVIDER,
  PublisherName: () => PROVIDER,
  ResourceId: ({ line }) => line.resource,
  ResourceName: ({ line }) => line.resource,
  ResourceType: ({ line }) => (isTokens(line.meter) ? 'Model' : line.meter === 'job_steps' ? 'Job' : 'Tool'),
  ServiceCategory: ({ line }) => (isTokens(line.meter) ? 'AI and Machine Learning' : 'Integration'),
  ServiceName: ({ line }) => (isTokens(line.meter) ? 'Inference' : 'Execution'),
  ServiceSubcategory: ({ line }) => (isTokens(line.meter) ? 'Generative AI' : 'Other (Integration)'),
  SkuId: ({ line }) => `${line.meter}/${line.resource}`,
  SkuMeter: ({ line }) => line.meter,
  SkuPriceId: ({ line }) => `${line.meter}/${line.resource}/${line.priceVersion}`,
  SubAccountId: () => null,
  SubAccountName: () => null,
  x_PriceVersion: ({ line }) => line.priceVersion,
};

export const FOCUS_COLUMNS: readonly string[] = Object.keys(columns);

/** Returns the costs of a tenant in a billing period as CSV. */
export const focusCsv = (tenantId: string, period: Period, lines: readonly ChargedLine[]): string =>
  csvOf(
    FOCUS_COLUMNS,
    lines.map((line) => Object.values(columns).map((cell) => cell({ tenantId, period, line }))),
  );
