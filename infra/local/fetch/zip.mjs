// Reads one entry of a zip file (jars and wheels are zips), so that neither unzip nor a JDK is needed for it.
// Layout: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (end record).
import { readFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';

const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const commentBytesMax = 65_535;

function endOfCentralDirectory(zip) {
  const lowest = Math.max(0, zip.length - 22 - commentBytesMax);
  for (let at = zip.length - 22; at >= lowest; at--) if (zip.readUInt32LE(at) === endSignature) return at;
  throw new Error('not a zip file: no end of central directory');
}

/**
 * Returns the bytes of the first entry whose name satisfies `matches`. Supports stored and deflated entries below 4 GiB.
 * @param {string} file
 * @param {(name: string) => boolean} matches
 */
export async function readZipEntry(file, matches) {
  const zip = await readFile(file);
  const end = endOfCentralDirectory(zip);
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== centralSignature) throw new Error(`${file}: broken central directory`);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (matches(name)) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      const method = zip.readUInt16LE(at + 10);
      if (method === 0) return packed;
      if (method === 8) return inflateRawSync(packed);
      throw new Error(`${file}: ${name} uses compression method ${method}`);
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  throw new Error(`${file}: no such entry`);
}
