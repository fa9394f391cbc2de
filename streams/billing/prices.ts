import { anyCovers } from '../../schemas/capabilities.ts';
import { BOOK, faultOf, NOTE_CHARS_MAX, PRICES_LEAD_MS, versionId } from '../../schemas/contexts/billing/prices.ts';
import { SET_PRICES } from '../../schemas/contexts/billing.ts';
import {
  type PricesSet,
  pricesRefused,
  pricesSet,
  priceVersion,
  type SetPrices,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';

type PricesEvent = RecordOf<'PricesSet' | 'PricesRefused'>;

/** The last version; 0 before the first. */
export interface PricesState {
  readonly version: number;
}

const CURRENCY = /^[A-Z]{3}$/;

/**
 * Returns the next version, with its record for readers that hold all. Prices never hold for use before PRICES_LEAD_MS
 * from the command, so that what was charged stays right. Of the versions in effect, the last one holds.
 */
export function decide(
  state: PricesState,
  { data }: RecordOf<'SetPrices'>,
  { timeMs }: Pick<Meta, 'timeMs'>,
): readonly (PricesEvent | RecordOf<'PriceVersion'>)[] {
  const { bookId, principal, currency, note } = data;
  const earliest = timeMs + PRICES_LEAD_MS;
  const refused = refusalOf(state, data, earliest);
  if (refused !== null) {
    const version = refused.code === 'CAPABILITY_MISSING' ? 0 : state.version;
    return [pricesRefused({ bookId, principal, ...refused, version })];
  }
  const version: Omit<PricesSet, 'bookId' | 'by' | 'byTenant'> = {
    ...{
      version: state.version + 1,
      effectiveFrom: data.effectiveFrom ?? earliest,
      currency,
      prices: data.prices,
      note,
    },
  };
  return [
    pricesSet({ bookId, ...version, by: principal, byTenant: data.principalTenant }),
    priceVersion({ versionId: versionId(version.version), ...version }),
  ];
}

/** Returns why a command changes nothing, or null. The gateway has checked most; another way is checked here. */
function refusalOf({ version }: PricesState, command: SetPrices, earliest: number) {
  const { bookId, capabilities, expectedVersion, effectiveFrom, currency, prices, note } = command;
  if (!anyCovers(capabilities, SET_PRICES))
    return { code: 'CAPABILITY_MISSING', detail: `This requires ${SET_PRICES}.` };
  if (expectedVersion !== null && expectedVersion !== version)
    return { code: 'PRECONDITION_FAILED', detail: `The prices have version ${version}, not ${expectedVersion}.` };
  const invalid = (detail: string) => ({ code: 'PRICES_INVALID', detail });
  if (bookId !== BOOK) return invalid(`There is one table of prices, ${BOOK}.`);
  if (!CURRENCY.test(currency)) return invalid('A currency is three upper-case letters.');
  if (note.length > NOTE_CHARS_MAX) return invalid(`A note has at most ${NOTE_CHARS_MAX} characters.`);
  if (effectiveFrom !== null && effectiveFrom < earliest)
    return invalid(`Prices hold from ${new Date(earliest).toISOString()} at the earliest.`);
  const fault = faultOf(prices);
  return fault === null ? null : invalid(fault);
}

/** Folds one event into the state. */
export function evolve(state: PricesState, event: PricesEvent | RecordOf<'PriceVersion'>): PricesState {
  switch (event.type) {
    case 'PricesSet':
      return { version: event.data.version };
    case 'PricesRefused':
    case 'PriceVersion':
      return state;
    default:
      return assertNever(event);
  }
}

/** Numbers the versions of the prices. One partition, so that they have one history. */
export const prices: Processor = processor({
  name: 'prices',
  inputs: [topics.billingCommands],
  outputs: [topics.billingEvents, topics.billingPrices],
  state: topics.pricesState,
  initial: { version: 0 } as PricesState,
  finished: ({ version }) => version === 0,
  key: (_, meta) => meta.key,
  decide,
  evolve,
});
