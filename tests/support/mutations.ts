import fc from 'fast-check';

/** Returns the number of runs of a random parser test: FUZZ_RUNS multiplies the usual number. */
export const fuzzRuns = (usual: number): number => usual * Number(process.env['FUZZ_RUNS'] ?? '1');

/** One small corruption of a text, as by a bad disk, an attacker or an editor. */
const corruption = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(6) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.nat(40) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(), length: fc.nat(40) }),
  fc.record({ kind: fc.constant('put' as const), at: fc.nat(), text: fc.string({ unit: 'binary', maxLength: 8 }) }),
  fc.record({
    kind: fc.constant('put' as const),
    at: fc.nat(),
    text: fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '\0', '\ud800', '__proto__', 'null', '1e999', '='),
  }),
  fc.record({ kind: fc.constant('nest' as const), at: fc.nat(), depth: fc.constantFrom(10, 1_000, 20_000) }),
);
type Corruption = typeof corruption extends fc.Arbitrary<infer T> ? T : never;

function corrupt(text: string, one: Corruption): string {
  const at = one.at % (text.length + 1);
  switch (one.kind) {
    case 'flip':
      return text.slice(0, at) + String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << one.bit)) + text.slice(at + 1);
    case 'cut':
      return text.slice(0, at) + text.slice(at + one.length);
    case 'double':
      return text.slice(0, at + one.length) + text.slice(at);
    case 'put':
      return text.slice(0, at) + one.text + text.slice(at);
    case 'nest':
      return text.slice(0, at) + '['.repeat(one.depth) + ']'.repeat(one.depth) + text.slice(at);
    default:
      return text;
  }
}

/** Generates any text, or one of `valid` with one to four corruptions. */
export const mutated = (...valid: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
    { weight: 1, arbitrary: fc.json() },
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.constantFrom(...valid), fc.array(corruption, { minLength: 1, maxLength: 4 }))
        .map(([text, corruptions]) => corruptions.reduce(corrupt, text)),
    },
  );
