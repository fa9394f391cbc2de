import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import type { PreparedCapsule } from './signing.ts';

const property = (name: string, value: string): Models.Property => new Models.Property(`khipu:${name}`, value);

/**
 * Returns the bill of materials of a capsule, CycloneDX 1.6: its model, and its tools with the digests that it pins. The same
 * manifest gives the same bill: it has no time and no random serial number.
 */
export function bomOf({ manifest, digest }: PreparedCapsule): Readonly<Record<string, unknown>> {
  const { publisher, name, version, description, license, agent, tools } = manifest;
  const ref = `${publisher}/${name}@${version}`;
  const capsule = new Models.Component(Enums.ComponentType.Application, name, {
    ...{ bomRef: ref, group: publisher, version, description },
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], digest]]),
    licenses: new Models.LicenseRepository([new Models.SpdxLicense(license)]),
  });
  const model = new Models.Component(Enums.ComponentType.MachineLearningModel, agent.model ?? 'default', {
    bomRef: 'model',
    properties: new Models.PropertyRepository([property('pinned', String(agent.model !== null))]),
  });
  const used = tools.map(
    (tool) =>
      new Models.Component(Enums.ComponentType.Application, tool.name, {
        bomRef: `tool/${tool.name}`,
        ...(tool.digest !== null && {
          hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], tool.digest]]),
        }),
        properties: new Models.PropertyRepository([property('pinned', String(tool.digest !== null))]),
      }),
  );
  for (const part of [model, ...used]) capsule.dependencies.add(part.bomRef);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: capsule }),
    components: new Models.ComponentRepository([model, ...used]),
  });
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return JSON.parse(serializer.serialize(bom, { sortLists: true })) as Record<string, unknown>;
}
