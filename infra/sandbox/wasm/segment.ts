import { Monty, MontyComplete, MontyNameLookup, MontySnapshot } from '@pydantic/monty';
import type { Job, Printed, Segment, SegmentEnd } from './protocol.ts';

const MS_PER_S = 1_000;
const RECURSION_MAX = 500;

/** Returns the limits of a program in the interpreter. They are a part of its snapshot. */
export const limitsOf = ({ cpuMs, memoryBytes }: Job) => ({
  ...{ maxDurationSecs: cpuMs / MS_PER_S, maxMemory: memoryBytes, maxRecursionDepth: RECURSION_MAX },
});

/** Replacer of JSON.stringify for values of Python: dictionaries are objects, sets are arrays, long integers are rounded. */
export function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return typeof value === 'bigint' ? Number(value) : value;
}

type Paused = MontyNameLookup | MontySnapshot | MontyComplete;

/** Returns the function that stands for a tool where a program names it without calling it. */
const placeholder = (name: string) => Object.defineProperty(() => undefined, 'name', { value: name });

/** Runs a program to its next call of one of the functions, or to its end. Throws what the program raises. */
export function runSegment(job: Job, segment: Segment, printed: Printed): SegmentEnd {
  const printCallback = (_stream: string, text: string): void => printed.add(text);
  const known = new Map(segment.functions.map((each) => [each.name, each]));
  let at: Paused = begun(job, segment, printCallback);
  for (;;) {
    if (at instanceof MontyComplete) return { value: at.output ?? null };
    if (at instanceof MontyNameLookup) {
      const { variableName } = at;
      at = known.has(variableName) ? at.resume({ value: placeholder(variableName) }) : at.resume();
      continue;
    }
    const { functionName: name } = at;
    const found = known.get(name);
    if (found === undefined) {
      at = at.resume({ exception: { type: 'NameError', message: `name '${name}' is not defined` } });
      continue;
    }
    const given = argumentsOf(at, found.parameters);
    if (typeof given !== 'string')
      return { call: { function: name, arguments: given, snapshot: at.dump().toString('base64') } };
    at = at.resume({ exception: { type: 'TypeError', message: given } });
  }
}

function begun(job: Job, segment: Segment, printCallback: (stream: string, text: string) => void): Paused {
  const { snapshot, answer, error } = segment;
  if (snapshot === null) {
    const program = new Monty(job.code, { scriptName: 'main.py', inputs: ['input'] });
    return program.start({ inputs: { input: job.input }, limits: limitsOf(job), printCallback });
  }
  const paused = MontySnapshot.load(Buffer.from(snapshot, 'base64'), { printCallback });
  return error === null
    ? paused.resume({ returnValue: JSON.parse(answer ?? 'null') as unknown })
    : paused.resume({ exception: { type: 'RuntimeError', message: error } });
}

/** Returns the arguments of a call by their names; a message where there are more than names. */
function argumentsOf(
  { functionName, args, kwargs }: MontySnapshot,
  parameters: readonly string[],
): Readonly<Record<string, unknown>> | string {
  if (args.length > parameters.length)
    return `${functionName}() takes ${parameters.length} positional arguments but ${args.length} were given`;
  // They go through JSON: what a program puts there is a value, however it names it.
  const named = JSON.parse(JSON.stringify(kwargs, plain)) as Record<string, unknown>;
  const twice = parameters.slice(0, args.length).find((name) => Object.hasOwn(named, name));
  if (twice !== undefined) return `${functionName}() got multiple values for argument '${twice}'`;
  return Object.fromEntries([...args.map((value, nth) => [parameters[nth] ?? '', value]), ...Object.entries(named)]);
}
