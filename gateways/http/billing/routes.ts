import { creditRoutes } from './credit.ts';
import { invoiceRoutes } from './invoices.ts';
import { ledgerRoutes } from './ledger.ts';
import { pricesRoutes } from './prices.ts';
import { usageRoutes } from './usage.ts';

/** Routes of money: use, prices, the ledger, prepaid credit, invoices and costs. */
export const billingRoutes = [...usageRoutes, ...pricesRoutes, ...ledgerRoutes, ...creditRoutes, ...invoiceRoutes];
