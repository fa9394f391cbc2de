import { contributionsOf, type DecisionView } from '../state/chain.ts';
import { Chips, Mark } from './mark.tsx';

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

type Scored = Pick<DecisionView, 'outcome' | 'score' | 'threshold'>;

/** A score on its scale, with the threshold that it has to reach. */
export const ScoreBar = ({ outcome, score, threshold }: Scored) => (
  <div class="score">
    <div class="score-scale" aria-hidden="true">
      <div class={`score-value score-${outcome}`} style={{ width: percent(score) }} />
      <div class="score-threshold" style={{ left: percent(threshold) }} />
    </div>
    <span class="score-text">
      score <strong>{score.toFixed(3)}</strong>, threshold {threshold.toFixed(2)}
    </span>
  </div>
);

/** A decision in two lines. */
export const ScoreLine = ({ decision }: { readonly decision: DecisionView }) => (
  <div class="score-line">
    <Mark state={decision.outcome} /> <span>{decision.reasons.join(', ')}</span>
    <ScoreBar {...decision} />
  </div>
);

/** The weighted features of a score as bars: as long as the weight, filled as far as the value. */
export function FeatureBars({ features }: Pick<DecisionView, 'features'>) {
  const rows = contributionsOf(features);
  const heaviest = Math.max(...rows.map(({ weight }) => weight), 0.01);
  return (
    <table class="features">
      <caption class="hidden">Features of the score</caption>
      <thead class="hidden">
        <tr>
          <th scope="col">feature</th>
          <th scope="col">bar</th>
          <th scope="col">value × weight = given</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, value, weight, given }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="bar-cell">
              <div class="feature-bar" aria-hidden="true" style={{ width: percent(weight / heaviest) }}>
                <div
                  class={value < 0.5 ? 'feature-given feature-low' : 'feature-given'}
                  style={{ width: percent(value) }}
                />
              </div>
            </td>
            <td class="number">
              {value.toFixed(2)} × {weight.toFixed(2)} = <strong>{given.toFixed(3)}</strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface CounterfactualView {
  readonly what: string;
  readonly size: number;
}

/** Changes of one input with which the command would have been allowed, the smallest first. */
export const Counterfactuals = ({ items }: { readonly items: readonly CounterfactualView[] }) => (
  <div class="counterfactuals">
    <h3>It would be allowed with one change</h3>
    <ul>
      {items.map(({ what, size }) => (
        <li key={what}>
          {what} <span class="quiet">changes {percent(size)} of the input</span>
        </li>
      ))}
    </ul>
  </div>
);

interface DecisionProps {
  readonly decision: DecisionView;
  readonly counterfactuals: readonly CounterfactualView[];
}

/** A decision whole: verdict, reasons, score, features, clauses and labels, and what would have reversed it. */
export const Decision = ({ decision, counterfactuals }: DecisionProps) => (
  <div class="decision">
    <p>
      <Mark state={decision.outcome} /> {decision.reasons.join(', ')}{' '}
      {decision.version !== '' && <span class="quiet">by constitution {decision.version}</span>}
    </p>
    <ScoreBar {...decision} />
    {decision.features.length > 0 && <FeatureBars features={decision.features} />}
    {counterfactuals.length > 0 && <Counterfactuals items={counterfactuals} />}
    {decision.clauses.length > 0 && (
      <div class="labelled">
        <h3>Clauses</h3>
        <Chips items={decision.clauses} />
      </div>
    )}
    {decision.findings.length > 0 && (
      <div class="labelled">
        <h3>Found in the text</h3>
        <Chips items={decision.findings} tone="warn" />
      </div>
    )}
    {decision.labels.length > 0 && (
      <div class="labelled">
        <h3>Labels</h3>
        <Chips items={decision.labels} tone="warn" />
      </div>
    )}
  </div>
);
