import type { Command } from 'commander';
import { moment, numberFromZero, wholeNumber } from '../parse.ts';
import { registerResource, registerVerb } from '../resources/register.ts';
import { jsonOption } from '../show/print.ts';

const HOUR_COLUMNS = ['metric', 'subject', 'window_start', 'value', 'expected', 'bound', 'late'];
const number = (text: string): number => Number(text);

/** Registers `khipu anomalies`: anomalies, their series and settings, and other settings tried on the past. */
export function register(program: Command): void {
  const anomalies = registerResource(program, 'anomalies');
  registerVerb(anomalies, 'series', { operation: 'getAnomalySeries' }, HOUR_COLUMNS);
  anomalies
    .command('what-if')
    .description('show the anomalies that other settings raise on the past; settings left out are those that held')
    .option('--level-threshold <deviations>', 'deviation of an hour, in robust standard deviations', number)
    .option('--drift-threshold <deviations>', 'cumulative deviation, in robust standard deviations', number)
    .option('--mix-threshold <divergence>', 'divergence of the mix of tools, from 0.05 to 1', number)
    .option('--denials-max <count>', 'denials within the window that are a burst', wholeNumber)
    .option('--denials-window-ms <ms>', 'window of a burst, in ms', wholeNumber)
    .option('--from <time>', 'only anomalies of windows from this time on, or an age such as 7d; default: 28d', moment)
    .option('--until <time>', 'only anomalies of windows before this time, or an age; default: now', moment)
    .option('--wait <seconds>', 'seconds to wait for the result of the job', numberFromZero, 120)
    .option(...jsonOption)
    .action(async (options) => {
      const { whatIfAnomalies } = await import('../anomalies/what-if.ts');
      await whatIfAnomalies(options);
    });
}
