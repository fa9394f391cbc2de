/**
 * Fails when streams/ or projections/ use a clock, randomness or the outside world: a replay must yield the same
 * result.
 */
import ts from 'typescript';
import { projectRoot, readSources, report, type SourceFile } from './files.ts';

/** Names that must not be used as values. */
const impureNames = new Set([
  ...['process', 'globalThis', 'console', 'performance', 'fetch', 'WebSocket'],
  ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ...['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync', 'getRandomValues'],
]);
const impureMembers = new Set(['Date.now', 'Math.random', 'Temporal.Now']);

/** Returns true when the identifier names a member, a property or a declaration, and does not read a variable. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node && !impureNames.has(node.text);
  if (ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent)) return true;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isParameter(parent)) &&
    parent.name === node
  );
}

function impurityOf(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && impureNames.has(node.text) && !isOnlyAName(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) {
    const member = `${node.expression.getText()}.${node.name.text}`;
    return impureMembers.has(member) ? member : undefined;
  }
  const isDate = (expression: ts.Expression): boolean => ts.isIdentifier(expression) && expression.text === 'Date';
  if (ts.isNewExpression(node) && isDate(node.expression) && (node.arguments ?? []).length === 0) return 'new Date()';
  if (ts.isCallExpression(node) && isDate(node.expression)) return 'Date()';
  return undefined;
}

/** Returns one sentence per use, with its line. */
export function impurities({ path, text }: SourceFile): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const impurity = impurityOf(node);
    if (impurity !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1}: ${impurity} differs from one run to the next`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Fewer files than this and the check has looked in the wrong place. */
const FILES_MIN = 5;

export function checkPurity(root: string, filesMin = FILES_MIN): { seen: number; problems: readonly string[] } {
  const files = readSources(root, (path) => /^(streams|projections)\/.*(?<!\.test)\.ts$/.test(path));
  const problems = files.flatMap(impurities);
  if (files.length < filesMin) problems.push(`saw ${files.length} files, expected ${filesMin} or more`);
  return { seen: files.length, problems };
}

if (import.meta.main) {
  const { seen, problems } = checkPurity(projectRoot);
  report('IMPURE', seen, problems);
}
