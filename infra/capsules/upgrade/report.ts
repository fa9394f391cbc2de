/** What a check says of an upgrade: a content on the log, named by its digest. */
import { z } from 'zod';
import { evaluationVerdicts } from '../../../schemas/contexts/evaluations.ts';
import { caseRow, scorerReport } from '../../evaluations/result.ts';
import { upgradeReasons } from './what-if.ts';

const version = z
  .object({
    capsule: z.string().meta({ description: '`<publisher>/<name>@<version>`' }),
    digest: z.string().meta({ description: 'sha256 of the canonical manifest, hex' }),
  })
  .meta({ id: 'CapsuleVersion' });

const price = z
  .object({
    amount: z.string().meta({ description: 'A decimal' }),
    currency: z.string(),
    meter: z.string().meta({ description: 'install or run' }),
    charged: z.string().meta({ description: 'What the past runs cost by it; a price by install charges no run' }),
  })
  .meta({ id: 'UpgradePrice' });

export const upgradeReport = z
  .object({
    check_id: z.string(),
    install: z.string(),
    from: version,
    to: version,
    granted: z.array(z.string()).meta({ description: 'Capabilities that runs may use after the upgrade' }),
    regression: z
      .object({
        verdict: z.enum(evaluationVerdicts).meta({ description: 'An upgrade takes `pass` or `improve`' }),
        detail: z.string().meta({ description: 'Why, in one sentence' }),
        more_cases: z.int().nullable().meta({ description: 'Further cases that would decide in four of five runs' }),
        margin: z.number().meta({ description: 'Drop that is accepted: a share of the cases' }),
        repeats: z.int(),
        passed: z.int().meta({ description: 'Cases that the next version passed' }),
        tokens: z.int().meta({ description: 'Of both versions' }),
        cost: z.number(),
        scorers: z.array(scorerReport),
        cases: z.array(caseRow).meta({ description: 'One row a case, of the next version' }),
      })
      .meta({ id: 'UpgradeRegression' }),
    what_if: z
      .object({
        from: z.string().meta({ description: 'RFC 3339' }),
        until: z.string(),
        runs: z.int().meta({ description: 'Past runs of the install, the latest first' }),
        changed: z.int().meta({ description: 'Of these, those that the next version would refuse, or end earlier' }),
        reasons: z.array(
          z
            .object({
              code: z.enum(upgradeReasons),
              runs: z.int(),
              detail: z.string().meta({ description: 'Of the latest of the runs' }),
              examples: z.array(z.string()).meta({ description: 'Runs, the latest first' }),
            })
            .meta({ id: 'UpgradeReason' }),
        ),
        tokens: z.int().meta({ description: 'That the runs used' }),
        cost: z.string().meta({ description: 'Metered cost of the runs' }),
        before: price,
        after: price,
      })
      .meta({ id: 'UpgradeWhatIf' }),
    ended_at: z.string(),
  })
  .meta({ id: 'UpgradeReport' });

export type UpgradeReport = z.output<typeof upgradeReport>;
