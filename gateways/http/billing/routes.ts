import { invoiceRoutes } from './invoices.ts';
import { ledgerRoutes } from './ledger.ts';
import { pricesRoutes } from './prices.ts';
import { usageRoutes } from './usage.ts';

/** Routes of money: use, prices, the ledger, invoices and costs. */
export const billingRoutes = [...usageRoutes, ...pricesRoutes, ...ledgerRoutes, ...invoiceRoutes];
