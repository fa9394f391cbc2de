import { JobError, job } from 'khipu/jobs';
import { z } from 'zod';

/** Stands for the service of a payment provider. */
export const payments = {
  charge: async (key: string, euros: number): Promise<string> => `charge of ${euros} under ${key}`,
  refund: async (charge: string): Promise<void> => void charge,
};

export const order = job({
  name: 'shop.order',
  version: 1,
  title: 'Charge an order, wait for its shipment, and write to the customer',
  input: z.object({ customer: z.string(), euros: z.number().positive() }),
  output: z.object({ charge: z.string(), text: z.string() }),
  retry: { attempts: 3 },
  async run(ctx, { customer, euros }) {
    ctx.progress(0, 'charging');
    const charge = await ctx.step('charge', ({ idempotencyKey }) => payments.charge(idempotencyKey, euros), {
      retry: { attempts: 10, delayMaxMs: 60_000 },
      timeout: 5_000,
    });
    ctx.progress(30, 'waiting for the shipment');
    const shipped = await ctx.signal<{ parcel: string }>('shipped', { timeout: 7 * 86_400_000 }).catch(() => null);
    if (shipped === null) {
      await ctx.step('refund', () => payments.refund(charge));
      throw new JobError('NOT_SHIPPED', 'the order was not shipped within a week', { retryable: false });
    }
    const [{ text }] = await ctx.all([
      (branch) => branch.model({ prompt: `Tell ${customer} that parcel ${shipped.parcel} is on its way.` }),
      (branch) => branch.sleep(60_000),
    ]);
    return { charge, text };
  },
});
