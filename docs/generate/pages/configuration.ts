import { z } from 'zod';
import { variables } from '../../../infra/config.ts';

interface Variable {
  readonly name: string;
  readonly expected: string;
  /** Undefined when the variable has no default. */
  readonly fallback: string | undefined;
  readonly required: boolean;
}

const groups: readonly { title: string; of: RegExp }[] = [
  { title: 'Kafka, registry and stores', of: /^(KAFKA|SCHEMA_REGISTRY|DATABASE|REDIS)_/ },
  { title: 'Language models', of: /^KHIPU_SLM_/ },
  { title: 'External policy engine', of: /^KHIPU_POLICY_ENGINE_/ },
  { title: 'Outside classifier of texts', of: /^KHIPU_MODERATION_/ },
  { title: 'Identity provider', of: /^KHIPU_IDENTITY_/ },
  { title: 'HTTP', of: /^KHIPU_(HTTP|PUBLIC|CORS|RATE|OUTCOME|TOKEN)_/ },
  { title: 'Traces', of: /^OTEL_/ },
  { title: 'Process', of: /./ },
];

function read(): Variable[] {
  const { properties = {}, required = [] } = z.toJSONSchema(variables, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { default?: unknown; description?: string }>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    expected: property.description ?? '',
    fallback: property.default === undefined ? undefined : String(property.default),
    required: required.includes(name),
  }));
}

function rowsOf(list: readonly Variable[]): string[] {
  return list.map(({ name, expected, fallback, required }) => {
    const shown = fallback === undefined ? (required ? '**required**' : 'not set') : `\`${fallback}\``;
    return `| \`${name}\` | ${shown} | ${expected.replaceAll('|', '\\|')} |`;
  });
}

/** Returns docs/reference/configuration.md, generated from infra/config.ts. */
export function configurationPage(): string {
  const waiting = read();
  const lines = [
    '# Configuration',
    '',
    '<!-- Generated from infra/config.ts by `npm run docs:pages`. Do not edit. -->',
    '',
    'Every role reads the same environment variables and refuses to start when one is missing or wrong: error',
    '`CONFIG_INVALID` names each of them and the expected value. Secrets are never printed. A local start needs no variables:',
    '`npm start` starts the missing services and writes their addresses to `.khipu/local.env`. Clients need only',
    '`.khipu/client.env`: `KHIPU_URL` and `KHIPU_API_KEY`.',
  ];
  for (const { title, of } of groups) {
    const members = waiting.filter(({ name }) => of.test(name));
    if (members.length === 0) continue;
    lines.push('', `## ${title}`, '', '| Variable | Default | Meaning |', '|---|---|---|', ...rowsOf(members));
    for (const member of members) waiting.splice(waiting.indexOf(member), 1);
  }
  return `${lines.join('\n')}\n`;
}
