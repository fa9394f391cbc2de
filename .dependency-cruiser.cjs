/** Imports run one way. Run by `npm run imports`, proved by tests/checks/imports.test.ts: one planted violation a rule. */

// Contract suites, and fixtures that tests share (testing.ts, testing/), count as tests.
const TEST = String.raw`(^tests/|-contract\.ts$|/contract/[^/]+\.ts$|[/-]testing(\.ts$|/)|\.test\.ts$)`;
const KERNEL = String.raw`^streams/kernel(\.ts$|/)`;
const TABLES = '^streams/tables/';
/** The console app: built for browsers. Its build runs in Node. */
const APP = '^gateways/console/app/';
const APP_BUILD = `${APP}(vite\\.config\\.ts$|build/)`;
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

/**
 * The rooms of infra/, from the ground up: a room imports those before it, never one after it. `workers` is for handlers
 * of workers that have no room of their own, one folder each.
 */
const INFRA_ROOMS = require('./tests/checks/infra-rooms.json');

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
      // Mutation tests have packages of their own; fixtures are resolved in the copy of the tree that they are added to, and
      // examples by the paths of the type checker.
      from: { pathNot: '^(tests/(mutation|fixtures)|docs/examples)/' },
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
      'A context never imports another: they meet in topics, and in followed tables.',
      { path: '^streams/([^/]+)/', pathNot: TABLES },
      {
        path: '^streams/[^/]+/',
        pathNot: ['^streams/kernel/', TABLES, '^streams/$1/'],
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
      'tables-import-the-kernel',
      'A followed table is a fold of a topic: it knows no context that reads it.',
      { path: TABLES },
      {
        path: '^streams/',
        pathNot: [KERNEL, TABLES],
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
      'The outside world knows the kernels and the followed tables; it is bound to processors in infra/bin alone.',
      { path: '^infra/', pathNot: '^infra/bin/' },
      { path: '^(gateways|streams|projections)/', pathNot: [KERNEL, TABLES, String.raw`^projections/kernel(\.ts$|/)`] },
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
        // sql.ts names what queries are called with: the handle, pages, cursors; rows.ts has the reads that are derived.
        pathNot: String.raw`^projections/((sql|rows)\.ts$|[^/]+/queries(\.ts$|/))`,
      },
    ),
    forbid(
      'console-app-runs-in-browsers',
      'The app knows the contracts and the client: what else is ours runs in Node.',
      { path: APP, pathNot: APP_BUILD },
      {
        path: '^(infra|projections|gateways)/',
        pathNot: [APP, '^infra/client/'],
      },
    ),
    forbid(
      'console-app-has-no-builtin',
      'A browser has no builtin of Node.',
      { path: APP, pathNot: APP_BUILD },
      {
        dependencyTypes: ['core'],
      },
    ),
    forbid(
      'console-app-stands-apart',
      'A gateway serves the built files of the app; it runs none of its code.',
      { path: '^(gateways|infra)/', pathNot: APP },
      {
        path: APP,
      },
    ),
    ...INFRA_ROOMS.slice(0, -1).map((room, index) =>
      forbid(
        `infra-${room}-imports-downward`,
        'No arrow of infra/ runs upward.',
        { path: String.raw`^infra/${room}(\.ts$|/)` },
        { path: String.raw`^infra/(${INFRA_ROOMS.slice(index + 1).join('|')})(\.ts$|/)` },
      ),
    ),
    forbid(
      'infra-has-no-further-room',
      'A new room of infra/ gets its place in INFRA_ROOMS.',
      { path: '^infra/', pathNot: String.raw`^infra/(${INFRA_ROOMS.join('|')})(\.ts$|/)` },
      { path: '.' },
    ),
    forbid(
      'composition-roots-are-roots',
      'Nothing imports infra/bin but the generators of documentation, which draw all that is declared.',
      { pathNot: '^(infra/bin|docs/generate)/' },
      { path: '^infra/bin/' },
    ),
    forbid(
      'kafkajs-behind-the-port',
      'kafkajs is imported by infra/kafka/kafkajs alone: ADR 0002.',
      { pathNot: '^infra/kafka/kafkajs/' },
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
      'What runs in production is a dependency. Packages of the console are part of its built files, which its builder makes.',
      { pathNot: String.raw`^gateways/console/(app/|build\.ts$)` },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '/node_modules/@types/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // A tree of its own, checked by these rules where tests/add-a-context puts it into a copy of ours.
    exclude: { path: '^tests/fixtures/' },
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
