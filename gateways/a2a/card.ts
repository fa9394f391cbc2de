import { A2A_PROTOCOL_VERSION, AgentCard } from '@a2a-js/sdk';
import { canonicalJson } from '../../infra/governance/constitution/canonical-json.ts';
import { RUN_CAPSULES } from '../../schemas/contexts/capsules.ts';
import type { Capsule } from '../../schemas/generated/records.ts';
import { manifestOf } from '../http/capsules/views.ts';
import { type AgentParams, agentPath } from './asked.ts';
import { textField } from './input.ts';

/** Path of a card behind that of its agent. */
export const CARD_PATH = '/.well-known/agent-card.json';
/** Extension of the protocol: the capsule that an agent is, and the schemas of its input and result. */
export const CAPSULE_EXTENSION = 'urn:khipu:a2a:capsule:1';
/** Most golden cases of a capsule that its card shows as examples. */
const EXAMPLES_MAX = 3;

const JSON_MODE = 'application/json';
const TEXT_MODE = 'text/plain';

/** Returns a schema as text: the canonical form of a card leaves out members that are empty, so a signature covers no such one. */
const asText = (schema: unknown): string => canonicalJson(schema).toString('utf8');

/**
 * Returns the card of an agent, A2A 1.0, as it is sent, unsigned. It names the capsule by its digest, and the one endpoint where the agent of
 * this tenant answers. `origin`: URL of this gateway.
 */
export function cardOf(capsule: Capsule, agent: AgentParams, origin: string): object {
  const { name, version, description, publisher, keywords, input, output, golden } = manifestOf(capsule);
  const tags = keywords.length > 0 ? keywords : [name];
  const examples = golden.slice(0, EXAMPLES_MAX).map((each) => asText(each.input));
  const schemas = { input_schema: asText(input), ...(output !== null && { output_schema: asText(output) }) };
  const card = AgentCard.fromJSON({
    ...{ name, version, description, provider: { organization: publisher, url: origin } },
    supportedInterfaces: [
      { url: origin + agentPath(agent), protocolBinding: 'JSONRPC', protocolVersion: A2A_PROTOCOL_VERSION },
    ],
    capabilities: {
      ...{ streaming: true, pushNotifications: false, extendedAgentCard: false },
      extensions: [
        {
          uri: CAPSULE_EXTENSION,
          description: 'The capsule by its digest, and its schemas as JSON text: JSON Schema 2020-12',
          params: { capsule: capsule.capsuleId, digest: capsule.digest, ...schemas },
        },
      ],
    },
    securitySchemes: {
      bearer: { httpAuthSecurityScheme: { scheme: 'Bearer', description: 'API key, session token or access token' } },
    },
    securityRequirements: [{ schemes: { bearer: { list: [RUN_CAPSULES] } } }],
    defaultInputModes: textField(input) === null ? [JSON_MODE] : [JSON_MODE, TEXT_MODE],
    defaultOutputModes: [output === null ? TEXT_MODE : JSON_MODE],
    skills: [{ id: name, name, description, tags, ...(examples.length > 0 && { examples }) }],
  });
  return AgentCard.toJSON(card) as object;
}
