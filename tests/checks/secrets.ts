/**
 * Fails on credentials in committed files, by the rules of secretlint (cloud keys, tokens, private keys, URLs with
 * passwords). Offline.
 */
import { join, relative } from 'node:path';
import { createEngine } from '@secretlint/node';
import { projectRoot, readSources, report } from './files.ts';

/** The shape of secretlint's `json` format that is read here. */
interface Finding {
  readonly filePath: string;
  readonly messages: readonly {
    readonly ruleId: string;
    readonly message: string;
    readonly loc: { readonly start: { readonly line: number } };
  }[];
}

const PRESET = '@secretlint/secretlint-rule-preset-recommend';
const URLS = '@secretlint/secretlint-rule-database-connection-string';
/** URLs in tests: a password for the local machine, and one that must never be shown. */
const TEST_URLS = ['/@127\\.0\\.0\\.1:/', '/\\/\\/khipu:hidden@/'];

/** Fewer files than this and the check has looked in the wrong place. */
const FILES_MIN = 50;

export async function checkSecrets(
  root: string,
  filesMin = FILES_MIN,
): Promise<{ seen: number; problems: readonly string[] }> {
  const engine = await createEngine({
    cwd: projectRoot,
    formatter: 'json',
    // A finding is named, never shown: this log may be public.
    maskSecrets: true,
    configFileJSON: { rules: [{ id: PRESET, rules: [{ id: URLS, options: { allows: TEST_URLS } }] }] },
  });
  const paths = readSources(root, () => true).map(({ path }) => path);
  const { output } = await engine.executeOnFiles({ filePathList: paths.map((path) => join(root, path)) });
  const problems = (JSON.parse(output === '' ? '[]' : output) as readonly Finding[]).flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message, loc }) => `${relative(root, filePath)}:${loc.start.line}: ${message} (${ruleId})`),
  );
  if (paths.length < filesMin) problems.push(`saw ${paths.length} files, expected ${filesMin} or more`);
  return { seen: paths.length, problems };
}

if (import.meta.main) {
  const { seen, problems } = await checkSecrets(projectRoot);
  report('SECRET', seen, problems);
}
