/**
 * Loaded before a process whose memory is measured: SIGUSR2 makes it collect its garbage, which an idle one leaves lying,
 * and tell in the file that `BENCH_YOUNG_FILE` names how many bytes its young generation holds resident.
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
