/** A task of three tools that every client runs: two at once, then one with their results, then the answer. */
import { z } from 'zod';

const cityOf = z.strictObject({ city: z.string() });

/** The tools, by name. */
export const threeTools = {
  temperature: {
    description: 'Returns the temperature of a city, in degrees Celsius.',
    parameters: cityOf,
    run: ({ city }: { readonly city: string }) => (city === 'Cusco' ? '17' : '24'),
  },
  altitude: {
    description: 'Returns the altitude of a city, in metres.',
    parameters: cityOf,
    run: ({ city }: { readonly city: string }) => (city === 'Cusco' ? '3399' : '161'),
  },
  subtract: {
    description: 'Returns a minus b.',
    parameters: z.strictObject({ a: z.number(), b: z.number() }),
    run: ({ a, b }: { readonly a: number; readonly b: number }) => String(a - b),
  },
} as const;

/** JSON Schema of the arguments of a tool. */
export const schemaOf = (name: keyof typeof threeTools) => {
  const { $schema: _, ...schema } = z.toJSONSchema(threeTools[name].parameters);
  return schema as Record<string, unknown> & { readonly type: 'object' };
};

export const ANSWER = 'Cusco is 7 degrees colder than Lima, and lies at 3399 metres.';

const steps = [
  {
    tool_calls: [
      { name: 'temperature', arguments: { city: 'Cusco' } },
      { name: 'temperature', arguments: { city: 'Lima' } },
      { name: 'altitude', arguments: { city: 'Cusco' } },
    ],
  },
  { tool_calls: [{ name: 'subtract', arguments: { a: 17, b: 24 } }] },
  { text: ANSWER },
];

/** The task; the script makes the deterministic model ask for the calls. */
export const TASK = `How much colder is Cusco than Lima, and how high is it? [[script:${JSON.stringify(steps)}]]`;

/** What the tools were called with, in the order of the calls. */
export const CALLS = [
  'temperature {"city":"Cusco"}',
  'temperature {"city":"Lima"}',
  'altitude {"city":"Cusco"}',
  'subtract {"a":17,"b":24}',
];

/** Notes the calls of one run of the task. */
export class CallNotes {
  readonly calls: string[] = [];

  run(name: string, given: object): string {
    this.calls.push(`${name} ${JSON.stringify(given)}`);
    const { run } = threeTools[name as keyof typeof threeTools];
    return (run as (given: object) => string)(given);
  }
}
