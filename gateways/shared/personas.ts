import type { GatewayTables } from '../../infra/runner/tables/followed.ts';
import { type Personas, personaNames, personaOf } from '../../schemas/contexts/personas/library.ts';
import type { Refusal } from '../../schemas/contexts/policy/denial.ts';
import type { Persona } from '../../schemas/generated/records.ts';
import { Problem } from './problems/problem.ts';
import { policyProblem } from './problems/shortfall.ts';
import { suggestionFor } from './problems/suggestion.ts';

/** The personas that a gateway follows. */
export interface PersonaTables {
  readonly personas: Pick<GatewayTables['personas'], 'value'>;
}

/** Names in an error. A tenant with more has the list at `GET /v1/personas`. */
const NAMES_MAX = 50;

/** Returns `; the personas are guide, teacher; did you mean guide?`. */
function choices(names: readonly string[], name: string): string {
  const rest = names.length > NAMES_MAX ? ', …' : '';
  const listed =
    names.length === 0 ? 'there is none' : `the personas are ${names.slice(0, NAMES_MAX).join(', ')}${rest}`;
  return `; ${listed}${suggestionFor(name, names)}`;
}

/** Returns Problem PERSONA_UNKNOWN with the names of all personas of the tenant. */
export function personaUnknown(known: Personas, tenantId: string, name: string): Problem {
  const personas = personaNames(known, tenantId);
  return new Problem('PERSONA_UNKNOWN', `There is no persona ${name}${choices(personas, name)}`, {
    extensions: { personas: personas.slice(0, NAMES_MAX) },
  });
}

/** What a command takes of the persona that it names, where its request says nothing. */
export type PersonaDefaults = Pick<Persona, 'model' | 'maxTokens'>;

/**
 * Returns the defaults of a persona; none for one that does not exist, which policy refuses. They are part of the command,
 * because capabilities, kill switches and budgets depend on the model and on the length of the answer.
 */
export function defaultsOf({ personas }: PersonaTables, tenantId: string, name: string): PersonaDefaults {
  const { model = null, maxTokens = null } = personaOf(personas.value, tenantId, name) ?? {};
  return { model, maxTokens };
}

/** A request that named a persona. */
interface Asked {
  readonly tables: PersonaTables;
  readonly tenantId: string;
  readonly persona: string;
}

/**
 * Returns the problem of a session that policy refused. Where its persona does not exist, it has the names of those that
 * do: policy keeps them out of the log.
 */
export function sessionRefusal(
  refused: Refusal & { readonly sessionId: string },
  { tables, tenantId, persona }: Asked,
): Problem {
  const more = { session_id: refused.sessionId };
  const isUnknown = refused.decision.clauses.includes(`persona:${persona}`);
  if (!isUnknown || refused.decision.reasons[0] !== 'PERSONA_UNKNOWN') return policyProblem(refused, more);
  const personas = personaNames(tables.personas.value, tenantId);
  const detail = `${refused.detail.replace(/\.$/, '')}${choices(personas, persona)}`;
  return policyProblem({ ...refused, detail }, { ...more, personas: personas.slice(0, NAMES_MAX) });
}
