import { z } from 'zod';
import type { ModelRegistry, RegisteredModel } from '../../infra/models/registry/model-registry.ts';
import type { GatewayTables } from '../../infra/runner/tables/followed.ts';
import { modelUnknown } from '../shared/models.ts';
import { declare } from '../shared/route/declare.ts';
import { modelOf } from './asked-model.ts';
import { openAiErrors } from './error-format.ts';

interface ModelServices {
  readonly models: ModelRegistry;
  readonly tables: { readonly tenants: Pick<GatewayTables['tenants'], 'value'> };
}

const { endpoint } = declare<ModelServices>();

const modelBody = z
  .object({
    id: z.string().meta({ description: 'Name of the model' }),
    object: z.literal('model'),
    created: z.int().meta({ description: 'Always 0: the registry keeps no dates' }),
    owned_by: z.string().meta({ description: 'Provider of the model; the first of several' }),
  })
  .meta({ id: 'Model' });

const shownOf = ({ name, providers: [provider] }: RegisteredModel): z.infer<typeof modelBody> => ({
  ...{ id: name, object: 'model', created: 0, owned_by: provider.name },
});

/** Returns the models that the settings of a tenant allow; all of them for a tenant without settings. */
function allowed({ models, tables }: ModelServices, tenantId: string): readonly RegisteredModel[] {
  const names = tables.tenants.value.get(tenantId)?.settings.models ?? ['*'];
  return models.models.filter(({ name }) => names.includes('*') || names.includes(name));
}

const common = { tag: 'openai', auth: 'any', problemFormat: openAiErrors } as const;

/** Route that lists the models of the tenant. */
export const listModels = endpoint({
  ...common,
  operationId: 'listModels',
  summary: 'List the models that the tenant may ask',
  url: '/v1/models',
  response: z.object({ object: z.literal('list'), data: z.array(modelBody) }).meta({ id: 'ModelList' }),
  answer: ({ caller, services }) => ({
    object: 'list' as const,
    data: allowed(services, caller.tenantId).map(shownOf),
  }),
});

/** Route that shows one model. */
export const getModel = endpoint({
  ...common,
  operationId: 'getModel',
  summary: 'Get one model',
  url: '/v1/models/:model',
  params: {
    model: z
      .string()
      .min(1)
      .max(200)
      .meta({ description: 'Name of the model; `default` for the default model', examples: ['default'] }),
  },
  response: modelBody,
  problems: ['MODEL_UNKNOWN'],
  answer: ({ caller, params, services }) => {
    const models = allowed(services, caller.tenantId);
    const { shown } = modelOf(services.models, params.model);
    const found = models.find(({ name }) => name === shown);
    if (found === undefined) throw modelUnknown({ models }, params.model);
    return shownOf(found);
  },
});
