/**
 * Loaded before a process whose memory is measured: on SIGUSR2 it collects garbage, which an idle process does not, and
 * writes the resident bytes of its young generation to the file named by `BENCH_YOUNG_FILE`.
 */
import { writeFileSync } from 'node:fs';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
process.on('SIGUSR2', () => {
  collect();
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  writeFileSync(process.env['BENCH_YOUNG_FILE'] ?? '', String(young?.physical_space_size ?? 0));
});
