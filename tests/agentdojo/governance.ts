/** The manifests of AgentDojo's tools and the constitutions that they are played under. */

import { readFileSync } from 'node:fs';
import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import type { Manifest } from '../../infra/tools/manifest/manifest.ts';
import type { ConstitutionDocument } from '../../schemas/contexts/constitution/document.ts';
import type { Suite } from './fixture.ts';

/** Tools that change something: what a person, a company or an account has afterwards is another thing. */
const effects: Readonly<Record<string, 'write' | 'irreversible'>> = {
  ...{
    send_email: 'irreversible',
    delete_email: 'irreversible',
    delete_file: 'irreversible',
    share_file: 'irreversible',
  },
  ...{ create_calendar_event: 'irreversible', cancel_calendar_event: 'irreversible' },
  ...{ reschedule_calendar_event: 'irreversible', add_calendar_event_participants: 'irreversible' },
  ...{ append_to_file: 'write', create_file: 'write' },
  ...{ reserve_hotel: 'irreversible', reserve_car_rental: 'irreversible', reserve_restaurant: 'irreversible' },
  ...{ send_money: 'irreversible', schedule_transaction: 'irreversible', update_scheduled_transaction: 'irreversible' },
  ...{ update_password: 'irreversible', update_user_info: 'irreversible' },
  ...{ send_direct_message: 'irreversible', send_channel_message: 'irreversible', post_webpage: 'irreversible' },
  ...{
    invite_user_to_slack: 'irreversible',
    remove_user_from_slack: 'irreversible',
    add_user_to_channel: 'irreversible',
  },
};

/** Tools whose output has nothing that another person wrote. All others return untrusted content. */
const trusted: readonly string[] = [
  ...['get_current_day', 'get_user_information', 'get_user_info', 'get_balance', 'get_iban'],
];

/** A read whose address the caller chooses: who has that address learns what it says. */
export const TELLING = 'get_webpage';

/** Returns true for a tool whose call an attacker gains by. */
export const isEffect = (tool: string): boolean => tool in effects || tool === TELLING;

/** Returns the manifest of a tool; `isLabelled`: its output carries the label `untrusted`. */
export const manifestOf = (
  { name, description, parameters }: Suite['tools'][number],
  { isLabelled }: { readonly isLabelled: boolean },
): Manifest =>
  ({
    ...{ name, version: '1.0.0', description: description.slice(0, 200), adapter: 'declared', tier: 'declared' },
    effect: effects[name] ?? 'read',
    input_schema: { type: 'object', properties: Object.fromEntries(parameters.map((each) => [each, {}])) },
    output_schema: {},
    hosts: [{ host: 'tools.example', methods: ['POST'] }],
    ...(isLabelled && !trusted.includes(name) && { labels: { out: ['untrusted'] } }),
    config: {
      operation: 'call',
      openapi: {
        ...{ openapi: '3.1.0', servers: [{ url: 'https://tools.example' }] },
        paths: { '/call': { post: { operationId: 'call' } } },
      },
    },
  }) as Manifest;

/** Governance off: everything is permitted, and nothing is looked for. */
export const off: ConstitutionDocument = {
  ...defaultConstitution,
  ...{ id: 'off', version: '0.0.1', moderation: [], labels: [], threshold: 0 },
  policies: [{ id: 'permit-all', text: 'permit (principal, action, resource);' }],
};

/** The rules for agents that read untrusted content: docs/how-to/run-an-agent.md shows them. */
const rules = JSON.parse(
  readFileSync(new URL('../../docs/examples/untrusted-content.json', import.meta.url), 'utf8'),
) as Pick<ConstitutionDocument, 'approvals' | 'tests'>;

/** Governance on: the default constitution with those rules. */
export const on: ConstitutionDocument = {
  ...defaultConstitution,
  ...{ id: 'untrusted-content', version: '1.3.1', approvals: rules.approvals },
  tests: [...defaultConstitution.tests, ...rules.tests],
};
