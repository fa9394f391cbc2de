/** The tools of the demo: small programs in a sandbox, so that it needs no service outside. */

const object = (properties: object, required: readonly string[]) => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
});
const text = { type: 'string', maxLength: 10_000 };
const sandboxed = { version: '1.0.0', tier: 'wasm', hosts: [], limits: { timeout_ms: 10_000 } } as const;

const facts = { 'hotel-cusco-usd': 40, 'usd-pen': 3.75 };

/** Looks a fact up. Its outputs are marked as untrusted: they come from outside. */
const lookup = {
  ...{ ...sandboxed, name: 'demo-lookup', adapter: 'program', effect: 'read' },
  description: `Look up a number by its key: ${Object.keys(facts).join(', ')}`,
  input_schema: object({ key: text }, ['key']),
  output_schema: object({ key: text, value: { type: 'number' } }, ['value']),
  labels: { out: ['untrusted'] },
  config: {
    language: 'javascript',
    code: `const { key } = JSON.parse(input); ({ key, value: ${JSON.stringify(facts)}[key] ?? 0 })`,
  },
};

/** Computes what the model writes. */
const compute = {
  ...{ ...sandboxed, name: 'demo-code', adapter: 'code.run', effect: 'read' },
  description: 'Run a program in Python or JavaScript, without a network',
  input_schema: object({ language: { enum: ['python', 'javascript'] }, code: text }, ['language', 'code']),
  output_schema: {},
};

/** Writes a note. */
const note = {
  ...{ ...sandboxed, name: 'demo-note', adapter: 'program', effect: 'write' },
  description: 'Write a note',
  input_schema: object({ text }, ['text']),
  output_schema: object({ characters: { type: 'integer' } }, ['characters']),
  config: { language: 'javascript', code: '({ characters: JSON.parse(input).text.length })' },
};

/** Books a hotel: it cannot be taken back, so a person decides on each call. */
const book = {
  ...{ ...sandboxed, name: 'demo-book', adapter: 'program', effect: 'irreversible' },
  description: 'Book a hotel',
  input_schema: object({ hotel: text, nights: { type: 'integer', minimum: 1 } }, ['hotel', 'nights']),
  output_schema: object({ booked: text }, ['booked']),
  approval: { required: 1 },
  config: {
    language: 'javascript',
    code: 'const { hotel, nights } = JSON.parse(input); ({ booked: hotel + ", " + nights + " nights" })',
  },
};

export const demoTools = [lookup, compute, note, book] as const;
