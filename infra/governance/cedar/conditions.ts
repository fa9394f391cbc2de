import type { Expr, PolicyJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { type RuleRequest, ruleFacts } from '../../../schemas/contexts/constitution/rules.ts';

/** The request as a condition sees it, with Cedar's entities. */
export interface Asked {
  readonly principal: TypeAndId;
  readonly tenant: TypeAndId;
  readonly action: TypeAndId;
  readonly resource: TypeAndId;
  readonly context: RuleRequest['context'];
}

/** A compiled condition: returns whether it holds for a request. */
export type Condition = (asked: Asked) => boolean;

/** Returns the conditions of one policy as a function, or null when Cedar must evaluate them. */
export type ConditionCompiler = (conditions: PolicyJson['conditions']) => Condition | null;

type Compiled =
  | { readonly type: 'bool'; readonly of: (asked: Asked) => boolean }
  | { readonly type: 'long'; readonly of: (asked: Asked) => number }
  | { readonly type: 'string'; readonly of: (asked: Asked) => string }
  | { readonly type: 'strings'; readonly of: (asked: Asked) => readonly string[] }
  | { readonly type: 'entity'; readonly of: (asked: Asked) => TypeAndId };

/** The type of a compiled fact for each Cedar type. */
const heldAs = { String: 'string', Long: 'long', 'Set<String>': 'strings' } as const;

const isSame = (a: TypeAndId, b: TypeAndId): boolean => a.id === b.id && a.type === b.type;

/**
 * Compiles conditions in which every part has a value for every request and cannot fail: facts and entities compared
 * with literals of their type, sets of strings, and, or, not, if. Returns null for all other conditions, such as
 * arithmetic, which can overflow: Cedar evaluates them. tests/cedar compares both on random policies and requests;
 * KHIPU_CEDAR_OWN_CONDITIONS turns this evaluator off.
 */
export const compileConditions: ConditionCompiler = (conditions) => {
  const all: Condition[] = [];
  for (const { kind, body } of conditions) {
    const compiled = compile(body);
    if (compiled?.type !== 'bool') return null;
    const { of } = compiled;
    all.push(kind === 'when' ? of : (asked) => !of(asked));
  }
  return (asked) => all.every((condition) => condition(asked));
};

type Parts = Readonly<Record<string, unknown>>;

function compile(expression: Expr): Compiled | null {
  const [entry, ...more] = Object.entries(expression as Parts);
  if (entry === undefined || more.length > 0) return null;
  const [operator, operand] = entry;
  switch (operator) {
    case 'Value':
      return literal(operand);
    case 'Var':
      return variable(operand);
    case '.':
      return fact(operand as { left: Expr; attr: string });
    case 'Set':
      return stringSet(operand as readonly Expr[]);
    case '!':
      return negation(compile((operand as { arg: Expr }).arg));
    case 'if-then-else':
      return choice(operand as { if: Expr; then: Expr; else: Expr });
    default: {
      const { left, right } = operand as { left?: Expr; right?: Expr };
      return left === undefined || right === undefined ? null : binary(operator, compile(left), compile(right));
    }
  }
}

function literal(value: unknown): Compiled | null {
  if (typeof value === 'boolean') return { type: 'bool', of: () => value };
  // A larger number has lost digits in JSON.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { type: 'long', of: () => value } : null;
  if (typeof value === 'string') return { type: 'string', of: () => value };
  const entity = (value as { __entity?: TypeAndId } | null)?.__entity;
  return entity === undefined ? null : { type: 'entity', of: () => entity };
}

function variable(name: unknown): Compiled | null {
  switch (name) {
    case 'principal':
    case 'action':
    case 'resource':
      return { type: 'entity', of: (asked) => asked[name] };
    default:
      return null;
  }
}

function fact({ left, attr }: { left: Expr; attr: string }): Compiled | null {
  if ((left as Parts)['Var'] !== 'context' || !Object.hasOwn(ruleFacts, attr)) return null;
  const name = attr as keyof typeof ruleFacts;
  return { type: heldAs[ruleFacts[name]], of: ({ context }: Asked) => context[name] } as Compiled;
}

function stringSet(items: readonly Expr[]): Compiled | null {
  const values = items.map((item) => (item as Parts)['Value']);
  return values.every((value) => typeof value === 'string') ? { type: 'strings', of: () => values as string[] } : null;
}

function negation(inner: Compiled | null): Compiled | null {
  if (inner?.type !== 'bool') return null;
  const { of } = inner;
  return { type: 'bool', of: (asked) => !of(asked) };
}

function choice(parts: { if: Expr; then: Expr; else: Expr }): Compiled | null {
  const [test, yes, no] = [compile(parts.if), compile(parts.then), compile(parts.else)];
  if (test?.type !== 'bool' || yes?.type !== 'bool' || no?.type !== 'bool') return null;
  return { type: 'bool', of: (asked) => (test.of(asked) ? yes.of(asked) : no.of(asked)) };
}

const bool = (of: (asked: Asked) => boolean): Compiled => ({ type: 'bool', of });

function binary(operator: string, left: Compiled | null, right: Compiled | null): Compiled | null {
  if (left === null || right === null) return null;
  if (left.type === 'bool' && right.type === 'bool') return connective(operator, left.of, right.of);
  if (left.type === 'long' && right.type === 'long') return comparison(operator, left.of, right.of);
  if (left.type === 'string' && right.type === 'string')
    return equality(operator, (asked) => left.of(asked) === right.of(asked));
  if (left.type === 'strings') return membership(operator, left.of, right);
  if (left.type === 'entity' && right.type === 'entity') return relation(operator, left.of, right.of);
  return null;
}

function equality(operator: string, same: (asked: Asked) => boolean): Compiled | null {
  if (operator === '==') return bool(same);
  return operator === '!=' ? bool((asked) => !same(asked)) : null;
}

type Of<T> = (asked: Asked) => T;

function connective(operator: string, a: Of<boolean>, b: Of<boolean>): Compiled | null {
  if (operator === '&&') return bool((asked) => a(asked) && b(asked));
  if (operator === '||') return bool((asked) => a(asked) || b(asked));
  return equality(operator, (asked) => a(asked) === b(asked));
}

function comparison(operator: string, a: Of<number>, b: Of<number>): Compiled | null {
  switch (operator) {
    case '<':
      return bool((asked) => a(asked) < b(asked));
    case '<=':
      return bool((asked) => a(asked) <= b(asked));
    case '>':
      return bool((asked) => a(asked) > b(asked));
    case '>=':
      return bool((asked) => a(asked) >= b(asked));
    default:
      return equality(operator, (asked) => a(asked) === b(asked));
  }
}

function membership(operator: string, set: Of<readonly string[]>, right: Compiled): Compiled | null {
  if (operator === 'contains' && right.type === 'string') return bool((asked) => set(asked).includes(right.of(asked)));
  if (right.type !== 'strings') return null;
  const other = right.of;
  if (operator === 'containsAll') return bool((asked) => other(asked).every((each) => set(asked).includes(each)));
  if (operator === 'containsAny') return bool((asked) => other(asked).some((each) => set(asked).includes(each)));
  return null;
}

/** Compiles `in` and equality of entities. Only the principal is in another entity: its tenant. */
function relation(operator: string, a: Of<TypeAndId>, b: Of<TypeAndId>): Compiled | null {
  if (operator !== 'in') return equality(operator, (asked) => isSame(a(asked), b(asked)));
  return bool((asked) => {
    const [one, other] = [a(asked), b(asked)];
    return isSame(one, other) || (isSame(one, asked.principal) && isSame(other, asked.tenant));
  });
}
