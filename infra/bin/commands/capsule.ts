import type { Command } from 'commander';
import type { UpgradeOptions } from '../capsules/upgrade.ts';
import { failure } from '../failure.ts';
import { registerResource } from '../resources/register.ts';
import { fieldsText } from '../show/fields.ts';
import { jsonOption, print } from '../show/print.ts';

interface Json {
  readonly json?: true;
}
interface Keyed extends Json {
  readonly key?: string;
}

const KEY = [
  '--key <file>',
  'JWK Set with an Ed25519 private key; default: constitution.json in KHIPU_KEYS_DIR',
] as const;

/** Registers `khipu capsule`: the verbs of the marketplace over HTTP, and those that work on files of this machine. */
export function register(program: Command): void {
  const capsule = registerResource(program, 'capsule');
  capsule
    .command('init')
    .description('write the manifest of a new capsule, or of one that ships with the platform')
    .argument('<name>', 'name of the capsule')
    .option('--from <shipped>', 'data-quality-check, research-brief or support-triage')
    .option('--publisher <tenant>', 'publishing tenant', 'demo')
    .option('--out <file>', 'file to write; default: <name>.json')
    .option(...jsonOption)
    .action(init);
  capsule
    .command('check')
    .description('run the automatic checks over a manifest; needs no platform')
    .argument('<file>', 'the manifest, JSON')
    .option(...jsonOption)
    .action(check);
  capsule
    .command('pack')
    .description('check and sign a manifest, and write it as an OCI layout in a tar')
    .argument('<file>', 'the manifest, JSON')
    .option('--out <file>', 'archive to write; default: <name>-<version>.tar')
    .option(...KEY)
    .option(...jsonOption)
    .action(pack);
  capsule
    .command('sign')
    .description('add the signature of another key to an archive')
    .argument('<archive>', 'the archive')
    .option(...KEY)
    .option(...jsonOption)
    .action(sign);
  capsule
    .command('verify')
    .description('check an archive, its manifest and all statements about it; needs no platform')
    .argument('<archive>', 'the archive')
    .option('--trusted <file>', 'JWK Set of trusted keys; default: constitution.json in KHIPU_KEYS_DIR')
    .option(...jsonOption)
    .action(verify);
  capsule
    .command('verdict')
    .description('add a verdict to an archive: it is installable under this constitution; exit code 1 when it is not')
    .argument('<archive>', 'the archive')
    .requiredOption('--constitution <file>', 'the document of the constitution, JSON')
    .option(...KEY)
    .option(...jsonOption)
    .action(verdict);
  capsule
    .command('unpack')
    .description('write manifest, statements and public keys to a folder, for cosign and other tools')
    .argument('<archive>', 'the archive')
    .option('--out <dir>', 'folder; default: <name>-<version>')
    .option('--trusted <file>', 'JWK Set of trusted keys; default: constitution.json in KHIPU_KEYS_DIR')
    .option(...jsonOption)
    .action(unpack);
  capsule
    .command('publish')
    .description('publish an archive')
    .argument('<archive>', 'the archive')
    .option(...jsonOption)
    .action(publish);
  capsule
    .command('upgrade')
    .description('check an upgrade, show its regression and its what-if, and make it when the regression has passed')
    .argument('<install>', 'name of the install')
    .requiredOption('--capsule <id>', 'the next version: <publisher>/<name>@<version>')
    .option('--digest <sha256>', 'digest of its manifest; default: that of the marketplace')
    .option('--granted <capability...>', 'the new grant; default: the earlier one')
    .option('--golden-set <name>', 'golden set of the tenant whose prompts are inputs as JSON')
    .option('--margin <share>', 'drop that is accepted, as a share of the cases')
    .option('--repeats <number>', 'answers to each case')
    .option('--check <id>', 'a check that was read before; none is started')
    .option('--dry-run', 'show the check and change nothing')
    .option('--wait <seconds>', 'longest wait for the check', '600')
    .option(...jsonOption)
    .action(async (install: string, options: UpgradeOptions) => {
      const { upgradeInstall } = await import('../capsules/upgrade.ts');
      process.exitCode = await upgradeInstall(install, options);
    });
  capsule
    .command('export')
    .description('write the archive of a capsule to a file')
    .argument('<publisher>', 'publishing tenant')
    .argument('<capsule>', 'name')
    .argument('<version>', 'version')
    .option('--out <file>', 'file to write; default: <name>-<version>.tar')
    .option(...jsonOption)
    .action(exportArchive);
}

interface Init extends Json {
  readonly from?: string;
  readonly publisher: string;
  readonly out?: string;
}

async function init(name: string, { from, publisher, out = `${name}.json`, json }: Init): Promise<void> {
  const [{ writeFileSync }, { newManifest }, { shippedCapsule }] = await Promise.all([
    import('node:fs'),
    import('../capsules/new-manifest.ts'),
    import('../../capsules/shipped/shipped.ts'),
  ]);
  const manifest = from === undefined ? newManifest(name, publisher) : { ...shippedCapsule(from, publisher), name };
  writeFileSync(out, `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx' });
  print(json, { written: out }, () => [`written: ${out}`]);
}

async function check(file: string, { json }: Json): Promise<void> {
  const [{ readCapsuleFile }, { CAPSULE_CHECKS, prepareCapsule }] = await Promise.all([
    import('../capsules/files.ts'),
    import('../../capsules/signing.ts'),
  ]);
  const { digest, manifest } = prepareCapsule(readCapsuleFile(file));
  const { publisher, name, version, capabilities } = manifest;
  const passed = CAPSULE_CHECKS.filter((each) => each !== 'signature');
  const shown = { capsule: `${publisher}/${name}@${version}`, digest, checks: passed, asks: capabilities };
  print(json, shown, () => [fieldsText({ ...shown, checks: passed.join(', '), asks: capabilities.join(', ') })]);
}

async function pack(file: string, { key, out, json }: Keyed & { readonly out?: string }): Promise<void> {
  const [{ writeFileSync }, { readCapsuleFile, signedArchive }, { defaultKey }] = await Promise.all([
    import('node:fs'),
    import('../capsules/files.ts'),
    import('../constitution/default-key.ts'),
  ]);
  const { prepared, archive } = signedArchive(readCapsuleFile(file), key ?? defaultKey());
  const { name, version } = prepared.manifest;
  const written = out ?? `${name}-${version}.tar`;
  writeFileSync(written, archive);
  const shown = { written, bytes: archive.length, digest: prepared.digest };
  print(json, shown, () => [fieldsText(shown)]);
}

async function sign(file: string, { key, json }: Keyed): Promise<void> {
  const [{ signAgain }, { defaultKey }] = await Promise.all([
    import('../capsules/files.ts'),
    import('../constitution/default-key.ts'),
  ]);
  const { digest } = await signAgain(file, key ?? defaultKey());
  print(json, { signed: file, digest }, () => [fieldsText({ signed: file, digest })]);
}

interface Trusting extends Json {
  readonly trusted?: string;
}

async function verify(file: string, { trusted, json }: Trusting): Promise<void> {
  const [{ readArchive }, { verifyArchive }, { defaultKey }, { readKeySet }] = await Promise.all([
    import('../capsules/files.ts'),
    import('../../capsules/verify.ts'),
    import('../constitution/default-key.ts'),
    import('../../security/key-set.ts'),
  ]);
  const { archive } = await readArchive(file);
  const found = await verifyArchive(archive, readKeySet(trusted ?? defaultKey()).verifying);
  const { capsule, prepared, statements, installableUnder } = found;
  const shown = { verified: file, capsule, digest: prepared.digest, statements, installable_under: installableUnder };
  print(json, shown, () => [
    fieldsText({ ...shown, statements: statements.join(', '), installable_under: installableUnder.join(', ') }),
  ]);
}

async function verdict(
  file: string,
  { constitution, key, json }: Keyed & { readonly constitution: string },
): Promise<void> {
  const [{ readArchive, addVerdict }, { verdictUnder }, { defaultKey }, { readDocument }] = await Promise.all([
    import('../capsules/files.ts'),
    import('../capsules/verdict.ts'),
    import('../constitution/default-key.ts'),
    import('../constitution/read-document.ts'),
  ]);
  const read = await readArchive(file);
  const found = verdictUnder(readDocument(constitution), read.prepared, new Date());
  if (found.outcome === 'PASSED') await addVerdict(file, read, found, key ?? defaultKey());
  else process.exitCode = 1;
  const { outcome, reason, constitution: digest } = found;
  const shown = { archive: file, outcome, reason, constitution: digest };
  print(json, shown, () => [fieldsText(shown)]);
}

async function unpack(file: string, { trusted, out, json }: Trusting & { readonly out?: string }): Promise<void> {
  const [{ readArchive, writeParts }, { defaultKey }] = await Promise.all([
    import('../capsules/files.ts'),
    import('../constitution/default-key.ts'),
  ]);
  const { name, version } = (await readArchive(file)).prepared.manifest;
  const dir = out ?? `${name}-${version}`;
  const files = await writeParts(file, trusted ?? defaultKey(), dir);
  print(json, { dir, files }, () => files.map((each) => `written: ${dir}/${each}`));
}

async function publish(file: string, { json }: Json): Promise<void> {
  const [{ readArchive }, { settle }] = await Promise.all([import('../capsules/files.ts'), import('../api/ask.ts')]);
  const { archive } = await readArchive(file);
  const made = await settle((api, headers) =>
    api.POST('/v1/marketplace/publish', {
      params: { header: headers },
      body: { archive: archive.toString('base64') },
    }),
  );
  if (made === undefined) throw failure('OUTCOME_PENDING', 'the outcome is not known yet');
  const { manifest: _, ...shown } = made;
  print(json, made, () => [fieldsText(shown)]);
}

async function exportArchive(
  publisher: string,
  capsule: string,
  version: string,
  { out = `${capsule}-${version}.tar`, json }: Json & { readonly out?: string },
): Promise<void> {
  const [{ writeFileSync }, { ask }] = await Promise.all([import('node:fs'), import('../api/ask.ts')]);
  const found = await ask((api) =>
    api.GET('/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/archive', {
      params: { path: { publisher, capsule, capsule_version: version } },
    }),
  );
  if (found === undefined) throw failure('CAPSULE_UNKNOWN', 'the archive cannot be read');
  writeFileSync(out, Buffer.from(found.archive, 'base64'));
  const shown = { written: out, digest: found.digest };
  print(json, shown, () => [fieldsText(shown)]);
}
