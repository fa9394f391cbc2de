import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const UNIT = [
  'schemas/**/*.test.ts',
  'streams/**/*.test.ts',
  'projections/**/*.test.ts',
  'gateways/**/*.test.ts',
  'infra/**/*.test.ts',
  'tests/contract/**/*.test.ts',
  'tests/checks/**/*.test.ts',
  'tests/add-a-context/*.test.ts',
  'tests/cedar/*.test.ts',
  'tests/bench/**/*.test.ts',
  'tests/histories/*.test.ts',
  'tests/chaos/**/*.test.ts',
  'docs/**/*.test.ts',
  'helm/*.test.ts',
  'tests/simulation/*.test.ts',
  'tests/agentdojo/*.test.ts',
  'tests/mutation/**/*.test.ts',
];

/** Files that change what others share, such as the catalogue of commands, a package or the timers: each runs in a context of its own. */
const ISOLATED = [
  'tests/contract/governed-command.test.ts',
  'infra/kafka/kafkajs/idle-fetches.test.ts',
  'infra/bin/roles/first-process.test.ts',
  'infra/models/worker/coalesce.test.ts',
];
const NO_UNIT = ['**/*.integration.test.ts', '**/*.chaos.test.ts'];

/** Commands as a user types them, the README's among them. Latencies are no part of what is tested. */
const COMMANDS = ['tests/e2e/commands.test.ts', 'tests/e2e/bench-runtime.test.ts', 'tests/e2e/first-hour/*.test.ts'];

export default defineConfig({
  // As `khipu run worker` resolves it for a module with jobs.
  resolve: { alias: { 'khipu/jobs': fileURLToPath(new URL('infra/jobs/index.ts', import.meta.url)) } },
  test: {
    env: { NODE_OPTIONS: '--disable-warning=TimeoutNegativeWarning' },
    // As for the tests themselves: what is awaited may take its time on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    coverage: {
      provider: 'v8',
      reporter: ['text-summary', 'json-summary'],
      reportsDirectory: 'coverage',
      reportOnFailure: true,
      include: ['schemas/**/*.ts', 'streams/**/*.ts', 'projections/**/*.ts', 'gateways/**/*.ts', 'infra/**/*.ts'],
      exclude: [
        '**/*.test.ts',
        '**/generated/**',
        // Runs in a browser, in tests/console; its state has unit tests.
        'gateways/console/app/{api,build,pages,parts,style}/**',
        'gateways/console/app/*.{ts,tsx}',
        // Child processes and command entry points: run whole by tests/e2e, where v8 cannot see them.
        'infra/bin/**',
        'infra/local/**',
        'infra/models/local/chat-model.ts',
        'infra/models/local/child.ts',
        'infra/sandbox/wasm/{child,javascript,python,segment}.ts',
        'schemas/generate.ts',
      ],
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: UNIT,
          exclude: [...NO_UNIT, ...ISOLATED],
          // Modules are evaluated once for all files of a worker: half the processor time of a context for each.
          isolate: false,
          // A busy machine is no failure; what hangs is reported within five minutes.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ISOLATED,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts', 'tests/escapes/**/*.test.ts', 'infra/**/*.integration.test.ts'],
          globalSetup: ['tests/support/global-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: COMMANDS,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // One platform at a time: each is nine processes, and latency is part of what is tested.
          fileParallelism: false,
          // A broker lives a minute: code that is compiled twice for it costs more than it gives.
          env: { KHIPU_KAFKA_OPTS: '-XX:TieredStopAtLevel=1' },
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'console',
          include: ['tests/console/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Frame times are part of what is tested.
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'chaos',
          include: ['tests/chaos/*.chaos.test.ts'],
          testTimeout: 900_000,
          fileParallelism: false,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'commands',
          include: COMMANDS,
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
