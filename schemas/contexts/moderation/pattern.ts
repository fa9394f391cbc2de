/**
 * Patterns as automata: the bounded regular expressions of a constitution, run one character at a time, so that a text
 * can be checked as it flows, in time linear in the text. What they find is what `new RegExp(pattern, 'iu')` finds;
 * single characters are compared by that engine. Source: Thompson 1968; Cox, "Regular Expression Matching: the Virtual
 * Machine Approach", 2009.
 */

/** One instruction of a program: a character to take, a condition between two characters, a fork, or the end. */
export type Instruction =
  | { readonly kind: 'char'; readonly accepts: (char: string) => boolean }
  | { readonly kind: 'between'; readonly holds: (before: string, after: string) => boolean }
  | { readonly kind: 'fork'; readonly to: readonly number[] }
  | { readonly kind: 'match' };

export type Program = readonly Instruction[];

type Node =
  | { readonly kind: 'char'; readonly accepts: (char: string) => boolean }
  | { readonly kind: 'between'; readonly holds: (before: string, after: string) => boolean }
  | { readonly kind: 'all'; readonly nodes: readonly Node[] }
  | { readonly kind: 'any'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number };

/** Bound of a program: a pattern of 2,000 characters with repetitions of 64 stays below it in practice. */
const INSTRUCTIONS_MAX = 20_000;
/** Characters that a class remembers; the memory is emptied when it is full. */
const REMEMBERED_MAX = 4_096;

const classes = new Map<string, (char: string) => boolean>();

/** Returns the test of one character by an atom of the pattern, as the engine of the language does it. */
function classOf(atom: string): (char: string) => boolean {
  const known = classes.get(atom);
  if (known !== undefined) return known;
  const expression = new RegExp(`^(?:${atom})$`, 'iu');
  const remembered = new Map<string, boolean>();
  const accepts = (char: string): boolean => {
    const before = remembered.get(char);
    if (before !== undefined) return before;
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    const now = expression.test(char);
    remembered.set(char, now);
    return now;
  };
  classes.set(atom, accepts);
  return accepts;
}

const word = classOf('\\w');
const isWord = (char: string): boolean => char !== '' && word(char);

const ATOM = /^(?:\\[dwsDWS]|\\[^\w\s]|\[(?:\\[dwsDWS]|\\[^\w\s]|[^\]\\[])+\]|[^\\[\](){}|*+?^$])/u;
const REPEAT = /^(?:\?|\{(\d{1,2})(?:,(\d{1,2}))?\})/;

class Reader {
  rest: string;
  constructor(pattern: string) {
    this.rest = pattern;
  }
  /** Takes `text` when it is next. */
  takes(text: string): boolean {
    if (!this.rest.startsWith(text)) return false;
    this.rest = this.rest.slice(text.length);
    return true;
  }
  /** Takes what the expression matches at this point; null when it does not. */
  take(expression: RegExp): RegExpExecArray | null {
    const found = expression.exec(this.rest);
    if (found !== null) this.rest = this.rest.slice(found[0].length);
    return found;
  }
}

function alternatives(reader: Reader): Node {
  const nodes = [sequence(reader)];
  while (reader.takes('|')) nodes.push(sequence(reader));
  return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: 'any', nodes };
}

function sequence(reader: Reader): Node {
  const nodes: Node[] = [];
  while (reader.rest !== '' && !/^[|)]/.test(reader.rest)) nodes.push(repeated(reader, item(reader)));
  return { kind: 'all', nodes };
}

function item(reader: Reader): Node {
  if (reader.takes('(?:')) {
    const node = alternatives(reader);
    if (!reader.takes(')')) throw new Error('a group is not closed');
    return node;
  }
  const beside = reader.take(/^\(\?(<)?!/);
  if (beside !== null) {
    const accepts = classOf(atomOf(reader));
    if (!reader.takes(')')) throw new Error('a group is not closed');
    return beside[1] === undefined
      ? { kind: 'between', holds: (_, after) => after === '' || !accepts(after) }
      : { kind: 'between', holds: (before) => before === '' || !accepts(before) };
  }
  if (reader.takes('\\b')) return { kind: 'between', holds: (before, after) => isWord(before) !== isWord(after) };
  if (reader.takes('\\B')) return { kind: 'between', holds: (before, after) => isWord(before) === isWord(after) };
  if (reader.takes('^')) return { kind: 'between', holds: (before) => before === '' };
  if (reader.takes('$')) return { kind: 'between', holds: (_, after) => after === '' };
  return { kind: 'char', accepts: classOf(atomOf(reader)) };
}

function atomOf(reader: Reader): string {
  const atom = reader.take(ATOM)?.[0];
  if (atom === undefined) throw new Error(`unexpected ${reader.rest.slice(0, 8)}`);
  return atom;
}

function repeated(reader: Reader, node: Node): Node {
  const found = reader.take(REPEAT);
  if (found === null) return node;
  const [text, least, most] = found;
  if (text === '?') return { kind: 'repeat', node, min: 0, max: 1 };
  const min = Number(least);
  return { kind: 'repeat', node, min, max: Number(most ?? least) };
}

/** Appends the instructions of a node. Throws when the program exceeds its bound. */
function compile(node: Node, program: Instruction[]): void {
  if (program.length > INSTRUCTIONS_MAX) throw new Error(`more than ${INSTRUCTIONS_MAX} instructions`);
  switch (node.kind) {
    case 'char':
    case 'between':
      program.push(node);
      return;
    case 'all':
      for (const each of node.nodes) compile(each, program);
      return;
    case 'any': {
      const to: number[] = [];
      const ends: number[][] = [];
      program.push({ kind: 'fork', to });
      for (const each of node.nodes) {
        to.push(program.length);
        compile(each, program);
        const end: number[] = [];
        ends.push(end);
        program.push({ kind: 'fork', to: end });
      }
      for (const end of ends) end.push(program.length);
      return;
    }
    case 'repeat': {
      for (let n = 0; n < node.min; n += 1) compile(node.node, program);
      const skips: number[][] = [];
      for (let n = node.min; n < node.max; n += 1) {
        const to = [program.length + 1];
        program.push({ kind: 'fork', to });
        skips.push(to);
        compile(node.node, program);
      }
      for (const skip of skips) skip.push(program.length);
    }
  }
}

/**
 * Compiles a pattern: literals, classes, groups, alternatives, `?`, `{m,n}`, `\b \B ^ $`, and, for the detectors of this
 * project, repeated groups and `(?!x)` and `(?<!x)` of one character. Throws an Error that names what is not allowed.
 */
export function programOf(pattern: string): Program {
  const reader = new Reader(pattern);
  const node = alternatives(reader);
  if (reader.rest !== '') throw new Error(`unexpected ${reader.rest.slice(0, 8)}`);
  const program: Instruction[] = [];
  compile(node, program);
  program.push({ kind: 'match' });
  return program;
}
