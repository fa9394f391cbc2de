import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../../kit/config-error.ts';
import { messageOf } from '../../kit/errors.ts';
import { deterministicModelId } from '../deterministic/deterministic.ts';
import { modelIdOf } from '../local/model-id.ts';
import { type ProviderDeclaration, type SecretReference, sameName } from './provider-declaration.ts';

/** Decimal price per million tokens, at most 3 digits after the point. */
export const PRICE = /^\d{1,6}(\.\d{1,3})?$/;

const name = z.string('a name').regex(/^[^\s,]{1,200}$/, 'a name without blanks and commas, at most 200 characters');
const providerName = z
  .string('a name')
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a name of lower-case letters, digits and dashes, at most 63 characters');
const models = z
  .array(
    z.union(
      [name, z.strictObject({ name, upstream: z.string().min(1).max(200) })],
      'a name, or {"name": …, "upstream": …} where the server has another name for it',
    ),
    'a list of models',
  )
  .min(1, 'at least one model');
const common = {
  name: providerName,
  price_per_million_tokens: z
    .string('a decimal in quotes, such as "0.200"')
    .regex(PRICE, 'a decimal with at most 3 digits after the point, such as "0.200"')
    .optional(),
};
const secret = z.union(
  [z.strictObject({ environment: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  'a reference: {"environment": <variable>} or {"file": <path>}, never the secret itself',
);

const provider = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      ...{ ...common, kind: z.literal('openai'), models, secret: secret.optional() },
      base_url: z.url({
        protocol: /^https?$/,
        error: 'the http(s) URL of an OpenAI-compatible server, with its version',
      }),
    }),
    z.strictObject({
      ...{ ...common, kind: z.literal('local') },
      model_path: z.string('the path of a GGUF file').min(1, 'the path of a GGUF file'),
      models: z.array(name, 'a list of one model').length(1, 'one model: a file has one').optional(),
    }),
    z.strictObject({ ...common, kind: z.literal('deterministic'), models: models.optional() }),
  ],
  'openai, local or deterministic',
);
type Provider = z.output<typeof provider>;

const providers = z
  .array(provider, 'a list of providers: [{"name": …, "kind": …, "models": …}]')
  .min(1, 'at least one provider')
  .refine((all) => new Set(all.map((each) => each.name)).size === all.length, 'each name of a provider once');

/** Where the declarations are: the value of a variable, or the file that another one names. */
export interface ProvidersText {
  readonly variable: string;
  readonly text: string;
}

/** What a declaration need not repeat. */
export interface ProviderDefaults {
  readonly pricePerMillionTokens: string;
  readonly currency: string;
}

/** Reads a file of declarations. Throws ConfigError, which names the variable, when it cannot be read. */
export function providersIn(path: string, variable: string): ProvidersText {
  try {
    return { variable, text: readFileSync(path, 'utf8') };
  } catch (error) {
    throw new ConfigError(`${variable}: expected the path of a JSON file; ${messageOf(error)}`);
  }
}

const secretOf = (given: z.output<typeof secret> | undefined): SecretReference | null => {
  if (given === undefined) return null;
  return 'file' in given ? { from: 'file', path: given.file } : { from: 'environment', name: given.environment };
};

function declarationOf(given: Provider, defaults: ProviderDefaults): ProviderDeclaration {
  const price = given.price_per_million_tokens ?? defaults.pricePerMillionTokens;
  const shared = { name: given.name, pricePerMillionTokens: price, currency: defaults.currency };
  const named = (list: z.output<typeof models>) =>
    list.map((each) => (typeof each === 'string' ? sameName(each) : each));
  switch (given.kind) {
    case 'openai':
      return {
        ...{ ...shared, kind: 'openai', baseUrl: given.base_url, modelPath: null },
        ...{ models: named(given.models), secret: secretOf(given.secret) },
      };
    case 'local':
      return {
        ...{ ...shared, kind: 'local', baseUrl: null, modelPath: given.model_path, secret: null },
        models: (given.models ?? [modelIdOf(given.model_path)]).map(sameName),
      };
    case 'deterministic':
      return {
        ...{ ...shared, kind: 'deterministic', baseUrl: null, modelPath: null, secret: null },
        models: named(given.models ?? [deterministicModelId]),
      };
    default:
      throw new Error(`unknown kind of provider: ${given satisfies never}`);
  }
}

/**
 * Returns the providers that a JSON text declares, in its order. Throws ConfigError, which names the variable, each field
 * that is not valid, and what is expected there; never a value.
 */
export function declaredProviders(
  { variable, text }: ProvidersText,
  defaults: ProviderDefaults,
): readonly ProviderDeclaration[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`${variable}: expected JSON; ${messageOf(error)}`);
  }
  const { data, error } = providers.safeParse(json);
  if (data === undefined) {
    const lines = error.issues.map(({ code, message, path, ...issue }) => {
      const where = path.length === 0 ? '' : `${path.join('.')}: `;
      if (code === 'unrecognized_keys')
        return `${variable}: ${where}unknown field ${(issue as { keys?: string[] }).keys?.join(', ')}`;
      return `${variable}: ${where}expected ${message}`;
    });
    throw new ConfigError(lines.join('\n'));
  }
  const declared = data.map((each) => declarationOf(each, defaults));
  for (const { name: owner, models: own } of declared) {
    const twice = own.find((model, at) => own.findIndex(({ name: other }) => other === model.name) !== at);
    if (twice !== undefined)
      throw new ConfigError(`${variable}: ${owner}: expected each model once, got ${twice.name} twice`);
  }
  return declared;
}
