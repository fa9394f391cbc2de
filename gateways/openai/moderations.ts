import { z } from 'zod';
import { policyRefusals } from '../../schemas/contexts/policy/refusals.ts';
import { type ModerationReport, moderateText, type RecordName } from '../../schemas/generated/records.ts';
import { askedBy } from '../http/inference/commands.ts';
import type { App } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { placeOfCommand } from '../shared/command/place.ts';
import { digestOf, identityOf } from '../shared/idempotency.ts';
import type { KnownOutcome } from '../shared/log/outcomes.ts';
import { Problem } from '../shared/problems/problem.ts';
import { policyProblem } from '../shared/problems/shortfall.ts';
import type { Route } from '../shared/route/route.ts';
import type { GatewayServices } from '../shared/services.ts';
import { traceparentOf } from '../shared/trace.ts';
import { openAiErrors } from './error-format.ts';

const text = z.string().min(1).max(100_000);

const moderationBody = z
  .strictObject({
    input: z
      .union([
        text,
        z.array(text).min(1).max(64),
        z
          .array(z.strictObject({ type: z.literal('text'), text }))
          .min(1)
          .max(64),
      ])
      .meta({
        description: 'One text, or a list of at most 64 texts. Text parts are one text; images are not supported',
      }),
    model: z.string().max(200).nullish().meta({ description: 'Without effect: the active constitution classifies' }),
  })
  .meta({ id: 'ModerationRequest', examples: [{ input: ['What is a khipu?'] }] });

const byRule = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value);
const moderation = z
  .object({
    flagged: z
      .boolean()
      .meta({ description: 'True when a category is true: a prompt with this text would be refused' }),
    categories: byRule(z.boolean()).meta({
      description: 'By id of the rule of the constitution: true when a moderation rule that forbids finds something',
    }),
    category_scores: byRule(z.number()).meta({
      description:
        'The score of the finding, from 0 to 1: 1 for a pattern or a check digit. Half of it for a rule of caution, which lowers the score of a prompt; label rules are never flagged',
    }),
    category_applied_input_types: byRule(z.array(z.literal('text'))),
  })
  .meta({ id: 'ModerationResult' });

const moderationAnswer = z
  .object({
    id: z.string().meta({ description: '`modr-` and the id of the request' }),
    model: z
      .string()
      .meta({ description: '`constitution-` and the version of the constitution whose rules were applied' }),
    results: z.array(moderation).meta({ description: 'One result per text, in the order of the input' }),
  })
  .meta({ id: 'Moderation' });

/** Share of the score of a finding, by severity of its rule. */
const SHARES: Readonly<Record<string, number>> = { forbid: 1, caution: 0.5, label: 1 };

/** Returns the results of the OpenAI API for a report. */
function resultsOf({ rules, texts }: ModerationReport): z.infer<typeof moderation>[] {
  return texts.map(({ matched, findings }) => {
    // Reports before scores were recorded name the rules alone.
    const found = new Map(matched.map((rule) => [rule, 1]));
    for (const { rule, score } of findings) found.set(rule, score);
    const scores = rules.map(({ id, severity }) => [id, (found.get(id) ?? 0) * (SHARES[severity] ?? 0)] as const);
    const forbidden = new Set(
      rules.flatMap(({ id, severity }) => (severity === 'forbid' && found.has(id) ? [id] : [])),
    );
    return {
      flagged: forbidden.size > 0,
      categories: Object.fromEntries(rules.map(({ id }) => [id, forbidden.has(id)])),
      category_scores: Object.fromEntries(scores),
      category_applied_input_types: Object.fromEntries(rules.map(({ id }) => [id, ['text' as const]])),
    };
  });
}

const outcomes = ['TextModerated', 'InferenceRefused'] as const satisfies readonly RecordName[];

/** Returns the event of an outcome. Throws the Problem of a refusal, and of no outcome in time. */
function moderatedOf(outcome: KnownOutcome | null) {
  switch (outcome?.record.type) {
    case 'TextModerated':
      return outcome.record.data;
    case 'InferenceRefused':
      throw policyProblem(outcome.record.data);
    default:
      throw new Problem('SLM_TIMEOUT', 'The texts were not classified in time');
  }
}

/** Returns the texts of a request. */
function textsOf(input: z.output<typeof moderationBody>['input']): readonly string[] {
  if (typeof input === 'string') return [input];
  const parts = input.flatMap((part) => (typeof part === 'string' ? [] : [part.text]));
  return parts.length > 0 ? [parts.join('\n')] : input.filter((part) => typeof part === 'string');
}

type ModerationServices = Pick<GatewayServices, 'sender' | 'partitions' | 'config'>;

/** Route `POST /v1/moderations`: the moderation rules of the active constitution as categories. */
export const moderations: Route<ModerationServices> = { outcomes, follows: [], register: moderationRoute };

function moderationRoute(app: App, { sender, partitions, config }: ModerationServices): void {
  app.route({
    method: 'POST',
    url: '/v1/moderations',
    config: {
      ...{ auth: 'any', appends: ['ModerateText'], problemFormat: openAiErrors },
      problems: [...policyRefusals, 'SLM_TIMEOUT'],
    },
    schema: {
      operationId: 'createModeration',
      tags: ['openai'],
      summary: 'Classify texts by the moderation rules of the constitution',
      description:
        'The texts are classified under a policy decision, by the rules that decide on prompts, and not refused. The findings are in the audit with the version of the constitution.',
      body: moderationBody,
      response: { 200: moderationAnswer },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { tenantId } = caller;
      const identity = identityOf(caller, { operationId: 'createModeration', tenantId, params: {} }, undefined);
      const { outcome } = await sender.send({
        ...{ tenantId, identity, outcomes, requestDigest: digestOf(request.body) },
        traceparent: traceparentOf(request.raw),
        make: () => moderateText({ ...askedBy({ identity, caller }), input: textsOf(request.body.input) }),
        place: (command) => placeOfCommand(command, caller, tenantId, partitions),
        waitMs: config.outcomeWaitMs,
      });
      const { requestId, constitutionVersion, report } = moderatedOf(outcome);
      return reply.send({
        ...{ id: `modr-${requestId}`, model: `constitution-${constitutionVersion}` },
        results: resultsOf(report),
      });
    },
  });
}
