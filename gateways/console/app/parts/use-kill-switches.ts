import { api, read } from '../api/client.ts';
import { engagedSwitches } from '../state/kill-switches.ts';
import { type Resource, useResource } from './use-resource.ts';

const EVERY_MS = 5_000;

/** Reads the engaged switches again and again; all pages share what was read last. */
export const useKillSwitches = (): Resource<true> =>
  useResource(
    'kill-switches',
    async () => {
      engagedSwitches.value = (await read(api.GET('/v1/kill-switch'))).items;
      return true as const;
    },
    { everyMs: EVERY_MS },
  );
