/**
 * Tests the gateways against their own OpenAPI document with Schemathesis: generated requests, valid and invalid; no
 * answer may be a 5xx, or have a status, a media type or a shape that the document does not list. On the in-memory log.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { projectRoot } from '../../checks/files.ts';
import { pythonEnvironment } from '../../checks/python.ts';
import { startHarness } from '../http/support/harness.ts';

const usage = `Usage: node tests/contract/schemathesis/run.ts [--examples 30] [--seed 1]

  --examples N  requests that are made up for each operation, at most
  --seed N      repeats them`;

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'ignored_auth',
];
const ENDED_WITHIN_S = 10;
/** Folder of Schemathesis' output and configuration. */
const work = join(projectRoot, '.khipu', 'schemathesis');

/**
 * Operations and credentials of each round. An open stream is not an answer that a schema can check: its tests are
 * tests/contract/http/turns.test.ts and tests/contract/http/jobs.test.ts. Operations that stop work or revoke tokens of the others come last.
 */
const ROUNDS: readonly { readonly name: string; readonly as: 'key' | 'token'; readonly filter: readonly string[] }[] = [
  {
    name: 'with an API key',
    as: 'key',
    filter: [
      '--exclude-operation-id-regex',
      '^(?:streamTurns?|streamJob|submitTurn|narrowToken|setKillSwitch|revokeTokens|activateConstitution|(?:create|change)Tenant)$',
    ],
  },
  {
    name: "with a session's token",
    as: 'token',
    filter: ['--include-operation-id-regex', '^(?:submitTurn|narrowToken)$'],
  },
  {
    name: 'tenants',
    as: 'key',
    filter: ['--include-operation-id-regex', '^(?:create|change)Tenant$'],
  },
  {
    name: 'the kill switch, revocations and activations',
    as: 'key',
    filter: ['--include-operation-id-regex', '^(?:setKillSwitch|revokeTokens|activateConstitution)$'],
  },
];

/**
 * Returns the configuration beyond the command line. Generated session ids would only lead to 404: a token is tried
 * with its own session.
 */
function configOf(sessionId: string | null): string {
  mkdirSync(work, { recursive: true });
  const path = join(work, 'schemathesis.toml');
  writeFileSync(
    path,
    [
      ...(sessionId === null ? [] : ['[parameters]', `"path.session_id" = "${sessionId}"`]),
      '[checks.negative_data_rejection]',
      '# Oversized headers are rejected before their fields are parsed.',
      'expected-statuses = ["400", "401", "403", "404", "406", "409", "412", "413", "415", "422", "428", "429", "431"]',
      '',
    ].join('\n'),
  );
  return path;
}

const { values } = parseArgs({
  options: {
    examples: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const schemathesis = join(
    await pythonEnvironment('schemathesis', join('tests', 'contract', 'schemathesis', 'requirements.txt')),
    'schemathesis',
  );
  const platform = await startHarness({ KHIPU_RATE_LIMIT_PER_MINUTE: '1000000' });
  try {
    const { body } = await platform.api.start({ persona: 'guide' });
    const credentials = { key: platform.api.apiKey, token: body.token };
    for (const { name, as, filter } of ROUNDS) {
      const args = [
        ...['--config-file', configOf(as === 'token' ? body.session_id : null)],
        ...['run', `${platform.url}/openapi.json`, '--header', `Authorization: Bearer ${credentials[as]}`],
        ...['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing', '--continue-on-failure'],
        ...['--max-examples', values.examples, '--seed', values.seed, '--request-timeout', String(ENDED_WITHIN_S)],
        ...['--no-color', '--suppress-health-check', 'all', ...filter],
      ];
      const { stdout } = await promisify(execFile)(schemathesis, args, {
        cwd: work,
        env: { ...process.env, SCHEMATHESIS_HOOKS: join(import.meta.dirname, 'hooks.py') },
        maxBuffer: 64 * 1024 * 1024,
      }).catch((error: Error & { stdout?: string; stderr?: string }) => {
        throw new Error(`${name}: ${error.stdout ?? ''}${error.stderr ?? error.message}`);
      });
      console.log(`${name}:\n${stdout.slice(stdout.lastIndexOf('SUMMARY'))}`);
    }
  } finally {
    await platform.close();
  }
}

if (values.help) console.log(usage);
else
  await main().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(`error SCHEMATHESIS: ${(error as Error).message}`);
      process.exit(1);
    },
  );
