import { peerPackages } from '../npm-packages.ts';

const SERVER = '1.7.12';
const SDK = '1.17.2';

/** Text for the head of a table. */
export const restateVersions = `Restate ${SERVER}, SDK ${SDK}`;

/** Paths of the fetched packages. */
export interface RestatePackages {
  readonly server: string;
  /** Module that a service imports. */
  readonly sdk: string;
}

/** Returns the server and the SDK, 220 MB at first use. Rejects with npm's output. */
export async function restatePackages(note: (text: string) => void): Promise<RestatePackages> {
  const server = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  const { file, module } = await peerPackages(
    {
      name: 'Restate',
      versions: { [server]: SERVER, '@restatedev/restate-sdk': SDK, '@restatedev/restate-sdk-core': SDK },
    },
    note,
  );
  return { server: file(server, 'bin', 'restate-server'), sdk: module('@restatedev/restate-sdk') };
}
