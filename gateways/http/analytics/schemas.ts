import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });
const count = z.int();
const ms = z.number().nullable();

export const figuresQuery = {
  from: instant.optional().meta({ description: 'Windows from this time on; default: a day before `until`' }),
  until: instant.optional().meta({ description: 'Windows before this time; default: now' }),
  window: z.enum(['1m', '5m', '1h', '1d']).optional().meta({
    description: 'Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one',
  }),
  subject: z.string().min(1).max(200).optional().meta({ description: 'Only this one' }),
};

/** Schema of the figures of a kind of subjects. */
export const figuresBody = z
  .object({
    from: z.string().meta({ description: 'RFC 3339' }),
    until: z.string(),
    items: z.array(
      z
        .object({
          subject: z
            .string()
            .meta({ description: 'Persona, tool, clause of a constitution, model, or capsule in a version' }),
          window_start: z.string().nullable().meta({ description: 'Null for the whole range' }),
          runs: count.meta({ description: 'Requests, calls, decisions or runs of capsules that ended' }),
          successes: count.meta({ description: 'Of these, those that succeeded or were allowed' }),
          refusals: count.meta({ description: 'Of these, those that were refused or denied' }),
          approvals: count.meta({ description: 'Calls that had waited for an approval' }),
          approval_wait_ms: ms.meta({ description: 'Mean wait for an approval; null without one' }),
          tokens: count,
          cost: z.string().meta({ description: 'Decimal; as it was metered', examples: ['0.000246800'] }),
          cost_per_success: z.string().nullable().meta({ description: 'Null without a success' }),
          latency_ms: z
            .object({ p50: ms, p95: ms, p99: ms })
            .meta({ id: 'LatencyQuantiles', description: 'Within 1 % of the latency of that rank; null without any' }),
        })
        .meta({ id: 'AnalyticsFigures' }),
    ),
  })
  .meta({ id: 'Analytics' });
