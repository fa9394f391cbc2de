import type { Command } from 'commander';
import type { Schemas } from '../../client/api.ts';
import { activeLines, listLines, versionLines } from '../constitution/print.ts';
import { readDocument } from '../constitution/read-document.ts';
import { failure } from '../failure.ts';
import { jsonOption, print } from '../show/print.ts';

interface Output {
  readonly json?: true;
}
interface Named extends Output {
  readonly digest?: string;
}

const digest = [
  '--digest <sha256>',
  'digest of the intended document; default: the digest that the gateway shows for the version',
] as const;

const load = async () => ({ ...(await import('../api/ask.ts')), ...(await import('../constitution/api.ts')) });

/** Registers `khipu constitution`: the lifecycle from proposal to activation, over the gateway's HTTP API. */
export function register(program: Command): void {
  const life = program
    .command('constitution')
    .description('propose, review, sign and activate constitutions; calls the gateway at KHIPU_URL with KHIPU_API_KEY');
  readCommands(life);
  draftCommands(life);
  effectCommands(life);
}

function readCommands(life: Command): void {
  life
    .command('list')
    .description('list every version, and show which one is active')
    .option(...jsonOption)
    .action(async (options: Output) => {
      const list = await (await load()).ask((api) => api.GET('/v1/constitutions'));
      print(options.json, list, () => listLines(list));
    });
  life
    .command('show')
    .description('show one version, and who proposed, reviewed and signed it')
    .argument('<version>', 'such as 1.0.0')
    .option('--document', 'print only the document, as JSON')
    .option(...jsonOption)
    .action(async (version: string, options: Output & { document?: true }) => {
      const found = await (await load()).showVersion(version);
      if (options.document === true) return print(true, found.document, () => []);
      print(options.json, found, () => versionLines(found));
    });
}

function draftCommands(life: Command): void {
  life
    .command('propose')
    .description('propose a document; refused when it is invalid or its own tests fail')
    .argument('<file>', 'the unsigned document, JSON')
    .option(...jsonOption)
    .action(async (file: string, options: Output) => {
      const { ask } = await load();
      // The gateway judges it.
      const body = { document: readDocument(file) as Schemas['ProposeConstitution']['document'] };
      const found = await ask((api) => api.POST('/v1/constitutions', { body }));
      print(options.json, found, () => versionLines(found));
    });
  life
    .command('review')
    .description('approve or reject a proposed version')
    .argument('<version>', 'such as 1.0.0')
    .option('--approve', 'approve it for publication')
    .option('--reject', 'reject it, which ends the proposal')
    .option('--comment <text>', 'one sentence, which is recorded', '')
    .option(...digest)
    .option(...jsonOption)
    .action(async (version: string, options: Named & { approve?: true; reject?: true; comment: string }) => {
      if ((options.approve === true) === (options.reject === true))
        throw failure('USAGE', 'expected either --approve or --reject');
      const { ask, showVersion, versionPath } = await load();
      const meant = options.digest ?? (await showVersion(version)).digest;
      const verdict = options.approve === true ? 'approve' : 'reject';
      const body = { digest: meant, verdict, comment: options.comment } as const;
      const found = await ask((api) =>
        api.POST('/v1/constitutions/{version}/reviews', { ...versionPath(version), body }),
      );
      print(options.json, found, () => versionLines(found));
    });
  life
    .command('sign')
    .description('sign a version with a private key of this machine, and submit the signature')
    .argument('[version]', 'such as 1.0.0')
    .option(
      '--file <document>',
      'sign this document, and print the signature instead of submitting it; needs no gateway',
    )
    .option('--key <file>', 'JWK Set with an Ed25519 private key; default: constitution.json in KHIPU_KEYS_DIR')
    .option(...digest)
    .option(...jsonOption)
    .action(async (version: string | undefined, options: Named & { key?: string; file?: string }) => {
      const { ask, showVersion, versionPath } = await load();
      const { signatureOf } = await import('../constitution/sign.ts');
      const { defaultKey } = await import('../constitution/default-key.ts');
      const key = options.key ?? defaultKey();
      if (options.file !== undefined && version === undefined)
        return print(true, signatureOf(readDocument(options.file), options.digest, key), () => []);
      if (version === undefined || options.file !== undefined) throw failure('USAGE', 'expected a version or --file');
      const { document, digest: shown } = await showVersion(version);
      if (document === null) throw failure('CONSTITUTION_UNKNOWN', `constitution ${version} was rejected`);
      const body = signatureOf(document, options.digest ?? shown, key);
      const found = await ask((api) =>
        api.POST('/v1/constitutions/{version}/signatures', { ...versionPath(version), body }),
      );
      print(options.json, found, () => versionLines(found));
    });
}

function effectCommands(life: Command): void {
  life
    .command('activate')
    .description('activate a published version; activating an older one rolls back')
    .argument('<version>', 'such as 1.0.0')
    .option(...digest)
    .option(...jsonOption)
    .action(async (version: string, options: Named) => {
      const { ask, showVersion } = await load();
      const meant = options.digest ?? (await showVersion(version)).digest;
      const body = { version, digest: meant };
      const active = await ask((api) => api.POST('/v1/constitutions/activations', { body }));
      print(options.json, active, () => activeLines(active));
    });
  life
    .command('shadow')
    .description('evaluate a published version beside the active one, without effect')
    .argument('[version]', 'such as 1.0.0')
    .option('--off', 'evaluate no shadow')
    .option(...jsonOption)
    .action(async (version: string | undefined, options: Output & { off?: true }) => {
      if ((version === undefined) !== (options.off === true))
        throw failure('USAGE', 'expected either a version or --off');
      const { ask } = await load();
      const body = { version: version ?? null };
      const answer = await ask((api) => api.POST('/v1/constitutions/shadow', { body }));
      print(options.json, answer, () => [
        version === undefined ? 'no shadow' : `constitution ${version} is the shadow`,
      ]);
    });
}
