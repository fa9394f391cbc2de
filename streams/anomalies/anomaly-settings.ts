import { anyCovers } from '../../schemas/capabilities.ts';
import {
  CONFIGURE_ANOMALIES,
  DEFAULT_SETTINGS,
  faultOfSettings,
  NOTE_CHARS_MAX,
  SETTINGS_LEAD_MS,
  settingsId,
} from '../../schemas/contexts/anomalies.ts';
import {
  anomalySettingsRefused,
  anomalySettingsSet,
  type SetAnomalySettings,
  anomalySettings as settingsRecord,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, processor, type RecordOf } from '../kernel.ts';

type Output = RecordOf<'AnomalySettingsSet' | 'AnomalySettingsRefused' | 'AnomalySettings'>;

/** The last version; 0 before the first. */
export interface SettingsState {
  readonly version: number;
}

/** Returns why a command changes nothing, or null. The gateway has checked most; another way is checked here. */
function refusalOf({ version }: SettingsState, command: SetAnomalySettings) {
  const { capabilities, expectedVersion, settings, note } = command;
  if (!anyCovers(capabilities, CONFIGURE_ANOMALIES))
    return { code: 'CAPABILITY_MISSING', detail: `This requires ${CONFIGURE_ANOMALIES}.` };
  if (expectedVersion !== null && expectedVersion !== version)
    return { code: 'PRECONDITION_FAILED', detail: `The settings have version ${version}, not ${expectedVersion}.` };
  const fault =
    note.length > NOTE_CHARS_MAX
      ? `A note has at most ${NOTE_CHARS_MAX} characters.`
      : settings === null
        ? null
        : faultOfSettings(settings);
  return fault === null ? null : { code: 'ANOMALY_SETTINGS_INVALID', detail: fault };
}

/** Returns the next version, with its record for readers that hold all. It holds from SETTINGS_LEAD_MS after the command. */
export function decide(
  state: SettingsState,
  { data }: RecordOf<'SetAnomalySettings'>,
  { timeMs }: Pick<Meta, 'timeMs'>,
): readonly Output[] {
  const { tenantId, principal, note } = data;
  const refused = refusalOf(state, data);
  if (refused !== null) {
    const version = refused.code === 'CAPABILITY_MISSING' ? 0 : state.version;
    return [anomalySettingsRefused({ tenantId, principal, ...refused, version })];
  }
  const version = state.version + 1;
  const settings = { ...(data.settings ?? DEFAULT_SETTINGS), version };
  const held = { tenantId, effectiveFrom: timeMs + SETTINGS_LEAD_MS, settings, note };
  return [
    anomalySettingsSet({ ...held, by: principal }),
    settingsRecord({ settingsId: settingsId(tenantId, version), ...held }),
  ];
}

/** Folds one event into the state. */
export function evolve(state: SettingsState, event: Output): SettingsState {
  switch (event.type) {
    case 'AnomalySettingsSet':
      return { version: event.data.settings.version };
    case 'AnomalySettingsRefused':
    case 'AnomalySettings':
      return state;
    default:
      return assertNever(event);
  }
}

/** Numbers the versions of the settings of each tenant. */
export const anomalySettings = processor({
  name: 'anomaly-settings',
  inputs: [topics.anomaliesCommands],
  outputs: [topics.anomaliesChanges, topics.anomaliesSettings],
  state: topics.anomalySettingsState,
  initial: { version: 0 } as SettingsState,
  finished: ({ version }) => version === 0,
  key: (_, { key }) => key,
  decide,
  evolve,
});
