import type { Schemas } from '../../../../infra/client/api.ts';

type Audit = Schemas['Audit'];

/** A record of a chain, from the command to the last event: one knot of the cord. */
export interface Step {
  readonly id: string;
  /** Id of the record that caused it. */
  readonly causedBy: string;
  /** Name of the record with its namespace. */
  readonly record: string;
  /** First word of the topic: the context that wrote the record. */
  readonly context: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number | null;
  readonly at: string;
  /** Time since the command of the chain, in ms. */
  readonly afterMs: number;
  /** Time that its processor took to decide, in µs; null when the record has none. */
  readonly decideUs: number | null;
  readonly summary: string;
  /** Fields of the record; null when they are not kept for reading. */
  readonly data: Readonly<Record<string, unknown>> | null;
}

/** The records that one command led to. */
export interface Chain {
  readonly commandId: string;
  readonly at: string;
  readonly steps: readonly Step[];
}

const decideUsOf = ({ event }: Audit): number | null => {
  const text = event?.metadata['ce_decidelatencyus'];
  return text === undefined ? null : Number(text);
};

function stepOf(item: Audit, startMs: number): Step {
  return {
    ...{ id: item.event_id, causedBy: item.causation_id, record: item.event_type, topic: item.topic },
    context: item.topic.split('.')[0] ?? item.topic,
    ...{ partition: item.partition, offset: item.offset, at: item.at },
    afterMs: Math.max(0, Date.parse(item.at) - startMs),
    decideUs: decideUsOf(item),
    summary: item.summary,
    data: item.event?.data ?? null,
  };
}

/** Returns the steps with each behind its cause; steps without an order of that kind keep theirs. */
function causeFirst(steps: readonly Step[]): readonly Step[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ordered = new Set<Step>();
  const add = (step: Step, above: ReadonlySet<string>): void => {
    const cause = byId.get(step.causedBy);
    if (cause !== undefined && !above.has(cause.id)) add(cause, new Set([...above, step.id]));
    ordered.add(step);
  };
  for (const step of steps) add(step, new Set());
  return [...ordered];
}

/** Groups audit records by the command that began their chain, in the order of the log; the earliest chain first. */
export function chainsOf(items: readonly Audit[]): readonly Chain[] {
  const byCommand = Map.groupBy(items, ({ correlation_id: id }) => id);
  return [...byCommand]
    .map(([commandId, records]) => {
      const at = records.map((record) => record.at).sort()[0] ?? '';
      return { commandId, at, steps: causeFirst(records.map((item) => stepOf(item, Date.parse(at)))) };
    })
    .sort((a, b) => a.at.localeCompare(b.at));
}

/** A weighted feature of a score. */
export interface Feature {
  readonly name: string;
  /** From 0 (bad) to 1 (good). */
  readonly value: number;
  readonly weight: number;
}

/** A decision with all that its record says about it. */
export interface DecisionView {
  readonly id: string;
  readonly commandType: string;
  readonly outcome: 'allow' | 'deny';
  readonly score: number;
  readonly threshold: number;
  readonly reasons: readonly string[];
  readonly clauses: readonly string[];
  readonly version: string;
  readonly features: readonly Feature[];
  readonly labels: readonly string[];
  /** What rules found in its text, as lines. */
  readonly findings: readonly string[];
}

type Finding = Schemas['Trial']['findings'][number];

/** Returns findings as lines: the category, the rule and, where it is not certain, the score. */
export const findingLines = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ category, rule, score }) => `${category} by ${rule}${score === 1 ? '' : `, ${score}`}`);

/** Returns the verdict of a decision in the shape of the API. */
export const viewOfDecision = (
  decision: Schemas['Decision'],
): Omit<DecisionView, 'commandType' | 'features' | 'labels' | 'findings'> => ({
  ...{ id: decision.decision_id, outcome: decision.outcome, score: decision.score, threshold: decision.threshold },
  ...{ reasons: decision.reasons, clauses: decision.clauses, version: decision.constitution.version },
});

interface Decided {
  readonly command_type: string;
  readonly features: readonly Feature[];
  readonly labels: readonly string[];
  /** Absent in decisions before findings were recorded. */
  readonly findings?: readonly Finding[];
  readonly decision: DecisionSummary;
}

/** A verdict as records of the log have it. */
export interface DecisionSummary {
  readonly decision_id: string;
  readonly outcome: 'allow' | 'deny';
  readonly score: number;
  readonly threshold: number;
  readonly reasons: readonly string[];
  readonly clauses: readonly string[];
  readonly constitution_version: string;
}

/** Returns a verdict in the shape of the log as the page shows it. */
export const viewOfSummary = (
  decision: DecisionSummary,
): Omit<DecisionView, 'commandType' | 'features' | 'labels' | 'findings'> => ({
  ...{ id: decision.decision_id, outcome: decision.outcome, score: decision.score, threshold: decision.threshold },
  ...{ reasons: decision.reasons, clauses: decision.clauses, version: decision.constitution_version },
});

/** Returns the decisions among audit records that were read with `detail=full`, in the order of the log. */
export const decisionsOf = (items: readonly Audit[]): readonly DecisionView[] =>
  items.flatMap(({ event_type: type, event }) => {
    if (type !== 'khipu.policy.PolicyDecided' || event === undefined || event === null) return [];
    const { decision, features, command_type: commandType, labels, findings = [] } = event.data as unknown as Decided;
    return [
      {
        ...viewOfSummary(decision),
        ...{ commandType, features, labels },
        findings: findingLines(findings),
      },
    ];
  });

/** The part of a score that a feature gives and the part that it could have given. */
export interface Contribution extends Feature {
  readonly given: number;
}

/** Returns what each feature gives to the score, the heaviest first. */
export const contributionsOf = (features: readonly Feature[]): readonly Contribution[] =>
  features
    .map((feature) => ({ ...feature, given: feature.value * feature.weight }))
    .sort((a, b) => b.weight - a.weight || a.name.localeCompare(b.name));
