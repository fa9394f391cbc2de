/** Imports run one way. Run by `npm run imports`, proved by tests/contract/imports.test.ts: one planted violation a rule. */

// A contract suite beside its port is a test, and so is what tests are written with (testing.ts, task-testing.ts).
const TEST = String.raw`(^tests/|-contract\.ts$|[/-]testing\.ts$|\.test\.ts$)`;
const KERNEL = String.raw`^streams/kernel(\.ts$|/)`;
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

/** A rule for production code: what matches `from` must not import what matches `to`. */
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: TEST, ...from, ...(from.pathNot && { pathNot: [TEST, from.pathNot] }) },
  to,
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', comment: 'Modules form no cycle.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolved',
      comment: 'An import that cannot be resolved would escape every other rule.',
      severity: 'error',
      // Mutation testing has packages of its own; its own tsconfig.json resolves them.
      from: { pathNot: '^tests/mutation/' },
      to: { couldNotResolve: true },
    },
    forbid(
      'schemas-import-nothing-of-ours',
      'The contracts stand below everything.',
      { path: '^schemas/' },
      {
        path: '^(streams|projections|gateways|infra)/',
      },
    ),
    forbid(
      'streams-import-schemas',
      'Processors know contracts, nothing else of ours.',
      { path: '^streams/' },
      {
        path: '^(projections|gateways|infra)/',
      },
    ),
    forbid(
      'contexts-meet-in-topics',
      'A context never imports another.',
      { path: '^streams/([^/]+)/' },
      {
        path: '^streams/[^/]+/',
        pathNot: ['^streams/kernel/', '^streams/$1/'],
      },
    ),
    forbid(
      'kernel-imports-no-context',
      'The vocabulary does not know who speaks it.',
      { path: KERNEL },
      {
        path: '^streams/',
        pathNot: KERNEL,
      },
    ),
    forbid(
      'pure-code-has-no-package',
      'No npm package in streams/ or projections/.',
      { path: '^(streams|projections)/' },
      {
        dependencyTypes: npm,
      },
    ),
    forbid(
      'pure-code-touches-nothing',
      'No builtin in streams/ or projections/ but crypto.',
      { path: '^(streams|projections)/' },
      {
        dependencyTypes: ['core'],
        pathNot: '^(node:)?crypto$',
      },
    ),
    forbid(
      'projections-import-schemas-and-kernel',
      'Event → row changes, nothing else.',
      { path: '^projections/' },
      {
        path: '^(gateways|infra|streams)/',
        pathNot: KERNEL,
      },
    ),
    forbid(
      'infra-imports-the-kernels',
      'The outside world is bound to declarations only in infra/bin.',
      { path: '^infra/', pathNot: '^infra/bin/' },
      { path: '^(gateways|streams|projections)/', pathNot: [KERNEL, String.raw`^projections/kernel(\.ts$|/)`] },
    ),
    forbid(
      'gateways-never-import-streams',
      'A gateway appends commands; it decides nothing.',
      { path: '^gateways/' },
      {
        path: '^streams/',
      },
    ),
    forbid(
      'gateways-read-by-queries',
      'Of a projection, a gateway sees its queries.',
      { path: '^gateways/' },
      {
        path: '^projections/',
        // sql.ts names what queries are called with: the handle, pages, cursors.
        pathNot: String.raw`^projections/(sql\.ts$|[^/]+/queries(\.ts$|/))`,
      },
    ),
    forbid(
      'composition-roots-are-roots',
      'Nothing imports infra/bin.',
      { pathNot: '^infra/bin/' },
      { path: '^infra/bin/' },
    ),
    forbid(
      'kafkajs-behind-the-port',
      'kafkajs is imported by infra/kafka alone: ADR 0002. The bare handler of the benchmark stands beside the port.',
      { pathNot: '^(infra/kafka/|tests/bench/runtime/bare-handler[.]ts$)' },
      {
        path: '(^|/)node_modules/kafkajs/',
      },
    ),
    forbid(
      'platformatic-behind-the-port',
      '@platformatic/kafka is imported by infra/kafka/platformatic alone: ADR 0011.',
      { pathNot: '^infra/kafka/platformatic/' },
      {
        path: '(^|/)node_modules/@platformatic/kafka/',
      },
    ),
    forbid('production-never-imports-tests', 'Tests know the code, not the other way round.', {}, { path: TEST }),
    forbid(
      'production-has-no-dev-dependency',
      'What runs in production is a dependency.',
      {},
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/node_modules/@types/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type imports are imports: a contract is bound by its types.
    tsPreCompilationDeps: true,
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
