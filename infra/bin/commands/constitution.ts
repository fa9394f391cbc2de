import type { Command } from 'commander';
import type { ActiveView, ListView, VersionView } from '../constitution/api.ts';
import { readDocument } from '../constitution/read-document.ts';
import { failure } from '../failure.ts';

interface Output {
  readonly json?: true;
}
interface Named extends Output {
  readonly digest?: string;
}

const json = ['--json', 'print one JSON document'] as const;
const digest = ['--digest <sha256>', 'of the document that is meant; else that of the version as it is shown'] as const;

const load = () => import('../constitution/api.ts');
const lines = () => import('../constitution/print.ts');

const print = (asJson: true | undefined, value: unknown, text: readonly string[]): void =>
  console.log(asJson === true ? JSON.stringify(value, null, 2) : text.join('\n'));

/** `khipu constitution`: from a proposal to the moment from which it decides, over the gateway's HTTP API. */
export function register(program: Command): void {
  const life = program
    .command('constitution')
    .description(
      'propose, review, sign and activate constitutions; a gateway with KHIPU_URL and KHIPU_API_KEY answers',
    );
  readCommands(life);
  draftCommands(life);
  effectCommands(life);
}

function readCommands(life: Command): void {
  life
    .command('list')
    .description('every version, and which one decides')
    .option(...json)
    .action(async (options: Output) => {
      const list = await (await load()).ask<ListView>('GET', '/v1/constitutions');
      print(options.json, list, (await lines()).listLines(list));
    });
  life
    .command('show')
    .description('one version: who proposed, reviewed and signed it')
    .argument('<version>', 'such as 1.0.0')
    .option('--document', 'print the document alone, as JSON')
    .option(...json)
    .action(async (version: string, options: Output & { document?: true }) => {
      const found = await (await load()).showVersion(version);
      if (options.document === true) return print(true, found.document, []);
      print(options.json, found, (await lines()).versionLines(found));
    });
}

function draftCommands(life: Command): void {
  life
    .command('propose')
    .description('put a document forward; it is refused when it is not valid or its own tests fail')
    .argument('<file>', 'the unsigned document, JSON')
    .option(...json)
    .action(async (file: string, options: Output) => {
      const { ask } = await load();
      const found = await ask<VersionView>('POST', '/v1/constitutions', { document: readDocument(file) });
      print(options.json, found, (await lines()).versionLines(found));
    });
  life
    .command('review')
    .description('approve a proposed version, or reject it')
    .argument('<version>', 'such as 1.0.0')
    .option('--approve', 'it may be published')
    .option('--reject', 'it ends here')
    .option('--comment <text>', 'one sentence; recorded', '')
    .option(...digest)
    .option(...json)
    .action(async (version: string, options: Named & { approve?: true; reject?: true; comment: string }) => {
      if ((options.approve === true) === (options.reject === true))
        throw failure('USAGE', 'say either --approve or --reject');
      const { ask, showVersion, versionPath } = await load();
      const found = await ask<VersionView>('POST', `${versionPath(version)}/reviews`, {
        digest: options.digest ?? (await showVersion(version)).digest,
        verdict: options.approve === true ? 'approve' : 'reject',
        comment: options.comment,
      });
      print(options.json, found, (await lines()).versionLines(found));
    });
  life
    .command('sign')
    .description('sign a version with a private key of this machine, and hand the signature in')
    .argument('[version]', 'such as 1.0.0')
    .option(
      '--file <document>',
      'sign this document, and print the signature instead of handing it in: needs no gateway',
    )
    .option('--key <file>', 'JWK Set with an Ed25519 private key; constitution.json of KHIPU_KEYS_DIR when not given')
    .option(...digest)
    .option(...json)
    .action(async (version: string | undefined, options: Named & { key?: string; file?: string }) => {
      const { ask, showVersion, versionPath } = await load();
      const { signatureOf } = await import('../constitution/sign.ts');
      const key = options.key ?? (await defaultKey());
      if (options.file !== undefined && version === undefined)
        return print(true, signatureOf(readDocument(options.file), options.digest, key), []);
      if (version === undefined || options.file !== undefined) throw failure('USAGE', 'name a version, or a --file');
      const { document, digest: shown } = await showVersion(version);
      if (document === null) throw failure('CONSTITUTION_UNKNOWN', `constitution ${version} was rejected`);
      const signature = signatureOf(document, options.digest ?? shown, key);
      const found = await ask<VersionView>('POST', `${versionPath(version)}/signatures`, signature);
      print(options.json, found, (await lines()).versionLines(found));
    });
}

function effectCommands(life: Command): void {
  life
    .command('activate')
    .description('let a published version decide from here on; an older one rolls back')
    .argument('<version>', 'such as 1.0.0')
    .option(...digest)
    .option(...json)
    .action(async (version: string, options: Named) => {
      const { ask, showVersion } = await load();
      const meant = options.digest ?? (await showVersion(version)).digest;
      const active = await ask<ActiveView>('POST', '/v1/constitutions/activations', { version, digest: meant });
      print(options.json, active, (await lines()).activeLines(active));
    });
  life
    .command('shadow')
    .description('evaluate a published version beside the active one, without effect')
    .argument('[version]', 'such as 1.0.0')
    .option('--off', 'evaluate none')
    .option(...json)
    .action(async (version: string | undefined, options: Output & { off?: true }) => {
      if ((version === undefined) !== (options.off === true)) throw failure('USAGE', 'name a version, or say --off');
      const told = await (await load()).ask<object>('POST', '/v1/constitutions/shadow', { version: version ?? null });
      print(options.json, told, [version === undefined ? 'no shadow' : `constitution ${version} is the shadow`]);
    });
}

async function defaultKey(): Promise<string> {
  const { keyFiles } = await import('../../keys/files.ts');
  const { homeDir } = await import('../../local/home.ts');
  return `${process.env['KHIPU_KEYS_DIR'] ?? `${homeDir()}/keys`}/${keyFiles.constitution}`;
}
