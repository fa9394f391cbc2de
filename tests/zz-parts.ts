import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { copySetUpData } from './support/set-up-data.ts';
import { startParts } from '../infra/local/parts/parts.ts';
import { plainEnvironment } from './support/environment.ts';
const dir = mkdtempSync('/tmp/khipu-zz-'); chmodSync(dir, 0o755);
await copySetUpData(dir, {});
const parts = await startParts({ dir, env: plainEnvironment() });
console.log(parts.env);
const url = parts.env['SCHEMA_REGISTRY_URL'];
for (const q of ['schemas', 'schemas?latestOnly=true', 'subjects', 'contexts']) {
  const t = performance.now();
  const r = await fetch(url + '/' + q);
  const b = await r.text();
  console.log(q, r.status, b.length, b.slice(0, 300), performance.now() - t);
}
if (process.argv[2]) { const { openRegistry } = await import('../infra/kafka/registry.ts'); for (let i=0;i<3;i++){ const c=process.cpuUsage(); const t=performance.now(); await openRegistry(url!); console.log('open', performance.now()-t, process.cpuUsage(c)); } }
await parts.stop(); rmSync(dir, { recursive: true });
