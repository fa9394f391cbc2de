/** Loaded before a process whose memory is measured: SIGUSR2 makes it collect its garbage, which an idle one leaves lying. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
process.on('SIGUSR2', () => collect());
