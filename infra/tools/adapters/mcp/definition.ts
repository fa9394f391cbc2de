import { canonicalJson } from '../../../governance/constitution/canonical-json.ts';
import { digestOf } from '../../../governance/constitution/signing.ts';
import { ToolError } from '../../errors.ts';

/** What a server says of a tool, as far as it is pinned: everything that a model or a person decides by. */
export interface Definition {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

const PINNED = ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const;

/** Deepest value that a server may answer with: what follows walks through it. */
export const ANSWER_DEPTH_MAX = 64;

/** Throws ToolError TOOL_ANSWER_INVALID for a value that is nested too deep. Uses no stack of its own for the depth. */
export function requireShallow(value: unknown, effect: 'none' | 'done'): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > ANSWER_DEPTH_MAX)
      throw new ToolError('TOOL_ANSWER_INVALID', `The answer is nested more than ${ANSWER_DEPTH_MAX} deep`, { effect });
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
}

/** Returns the pinned part of what a server says of a tool. */
export const definitionOf = (tool: Definition): Definition =>
  Object.fromEntries(
    PINNED.flatMap((field) => (tool[field] === undefined ? [] : [[field, tool[field]]])),
  ) as unknown as Definition;

/** Returns the sha256 of the canonical JSON (RFC 8785) of a definition, hex. */
export const definitionDigest = (tool: Definition): string => digestOf(canonicalJson(definitionOf(tool)));
