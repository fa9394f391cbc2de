import { api, read } from '../api/client.ts';
import { valueText } from '../state/lines.ts';
import { Section } from './page.tsx';
import { FeatureBars } from './score.tsx';
import { Empty, Loaded } from './states.tsx';
import { useResource } from './use-resource.ts';

interface Clause {
  readonly id: string;
  readonly code?: string;
  readonly text?: string;
  readonly pattern?: string;
  readonly detector?: string;
  readonly category?: string;
  readonly applies_to?: readonly string[];
  readonly severity?: string;
}

type Document = Readonly<Record<string, unknown>>;

const listOf = <T,>(document: Document, field: string): readonly T[] => {
  const value = document[field];
  return Array.isArray(value) ? (value as T[]) : [];
};

const Clauses = ({ title, clauses }: { readonly title: string; readonly clauses: readonly Clause[] }) =>
  clauses.length === 0 ? null : (
    <details open={clauses.length < 6}>
      <summary>
        {title} ({clauses.length})
      </summary>
      <ul class="clauses">
        {clauses.map(({ id, code, severity, text, pattern, detector, category, applies_to }) => (
          <li key={id} class="clause">
            <p>
              <strong>{id}</strong>{' '}
              <span class="quiet">
                {[code, severity, ...(applies_to ?? [])].filter((each) => each !== undefined).join(', ')}
              </span>
            </p>
            <code class="clause-text">{text ?? pattern ?? detector ?? category}</code>
          </li>
        ))}
      </ul>
    </details>
  );

const SHOWN = new Set(['features', 'policies', 'moderation', 'labels', 'id', 'version', 'tests']);

function DocumentParts({ document }: { readonly document: Document }) {
  const weights = listOf<{ name: string; weight: number }>(document, 'features');
  const rest = Object.entries(document).filter(([field]) => !SHOWN.has(field));
  return (
    <>
      <FeatureBars features={weights.map((feature) => ({ ...feature, value: 1 }))} />
      <Clauses title="Rules" clauses={listOf<Clause>(document, 'policies')} />
      <Clauses title="Moderation" clauses={listOf<Clause>(document, 'moderation')} />
      <Clauses title="Labels" clauses={listOf<Clause>(document, 'labels')} />
      {rest.length > 0 && (
        <dl class="document-rest">
          {rest.map(([field, value]) => (
            <div key={field}>
              <dt>{field}</dt>
              <dd>
                <code>
                  {Array.isArray(value) && value.every((each) => typeof each === 'string')
                    ? value.join(', ')
                    : valueText(value)}
                </code>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

/** A version with its weights, rules and limits. */
export function ConstitutionDocument({ version }: { readonly version: string }) {
  const found = useResource(`constitution ${version}`, () =>
    read(api.GET('/v1/constitutions/{version}', { params: { path: { version } } })),
  );
  return (
    <Section title={`Version ${version}`} note="its weights, rules and limits">
      <Loaded of={found} what="the document">
        {({ document }) =>
          document === null ? <Empty>A rejected version has no document.</Empty> : <DocumentParts document={document} />
        }
      </Loaded>
    </Section>
  );
}
