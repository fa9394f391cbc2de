import {
  CONFIGURE_ANOMALIES,
  DEFAULT_SETTINGS,
  READ_ANOMALIES,
  SETTINGS_LEAD_MS,
  settingsAt,
} from '../../../schemas/contexts/anomalies.ts';
import { type AnomalySettingsSet, setAnomalySettings } from '../../../schemas/generated/records.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import { versionedRefusal } from '../../shared/problems/versioned.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { settingsBody, settingsInputBody, settingsList } from './schemas.ts';
import { settingsIn, settingsOf } from './views.ts';

const { command, endpoint } = declare<Pick<GatewayServices, 'tables'>>();

const listSettings = endpoint({
  operationId: 'getAnomalySettings',
  tag: 'anomalies',
  summary: 'Get the settings of the tenant, each version of them',
  description: `Requires \`${READ_ANOMALIES}\`. Without any, the defaults of the platform hold, as version 0.`,
  url: '/v1/anomalies/settings',
  takes: READ_ANOMALIES,
  response: settingsList,
  answer: ({ caller: { tenantId }, services: { tables } }) => {
    const known = tables.anomalySettings.value;
    const versions = [...(known.get(tenantId) ?? [])].reverse();
    const defaults = { settings: DEFAULT_SETTINGS, effectiveFrom: null, note: '' };
    return {
      in_force: settingsAt(known, tenantId, Date.now()).version,
      items: [...versions, defaults].map(settingsOf),
    };
  },
});

const outcomes = {
  AnomalySettingsRefused: versionedRefusal('ANOMALY_SETTINGS_INVALID', 'PRECONDITION_FAILED'),
  AnomalySettingsSet: {
    status: 200,
    schema: settingsBody,
    inEffect: (
      { tenantId, settings }: AnomalySettingsSet,
      { services }: { readonly services: Pick<GatewayServices, 'tables'> },
    ) =>
      services.tables.anomalySettings.holds(
        (known) => known.get(tenantId)?.some((each) => each.settings.version >= settings.version) ?? false,
        TAKE_EFFECT_MS,
      ),
    answer: (set: AnomalySettingsSet) => settingsOf(set),
  },
} as const;

const lead = `They hold for records from ${SETTINGS_LEAD_MS / 1_000} seconds later on.`;

const putSettings = command({
  operationId: 'setAnomalySettings',
  tag: 'anomalies',
  summary: 'Set the next version of the settings of the tenant',
  description: `Requires \`${CONFIGURE_ANOMALIES}\`. ${lead} A field that is left out takes its default.`,
  method: 'PUT',
  url: '/v1/anomalies/settings',
  takes: CONFIGURE_ANOMALIES,
  body: settingsInputBody,
  appends: ['SetAnomalySettings'],
  command: ({ body, caller: { tenantId, principal, capabilities } }) =>
    setAnomalySettings({
      ...{ tenantId, principal, capabilities, expectedVersion: body.expected_version ?? null, note: body.note },
      settings: settingsIn(body),
    }),
  location: () => '/v1/anomalies/settings',
  problems: ['ANOMALY_SETTINGS_INVALID'],
  outcomes,
});

const resetSettings = command({
  operationId: 'resetAnomalySettings',
  tag: 'anomalies',
  summary: 'Take the defaults of the platform back, as the next version',
  description: `Requires \`${CONFIGURE_ANOMALIES}\`. ${lead}`,
  method: 'DELETE',
  url: '/v1/anomalies/settings',
  takes: CONFIGURE_ANOMALIES,
  appends: ['SetAnomalySettings'],
  command: ({ caller: { tenantId, principal, capabilities } }) =>
    setAnomalySettings({
      ...{ tenantId, principal, capabilities, expectedVersion: null, settings: null, note: 'the defaults' },
    }),
  location: () => '/v1/anomalies/settings',
  outcomes,
});

/** Routes of the settings. Reads are answered from the table of the gateway. */
export const settingsRoutes = [listSettings, putSettings, resetSettings];
