/** Generated from docs/reference/openapi.json by `npm run docs:pages`. Do not edit. */
import type { OperationSpec } from '../operation.ts';

export const operations = {
  "startSession": {
    "method": "POST",
    "path": "/v1/sessions/start",
    "summary": "Start a session, with a first turn when `prompt` is set",
    "query": [],
    "body": [
      {
        "name": "persona",
        "description": "Persona that answers: `GET /v1/personas` lists them",
        "required": true,
        "kind": "text"
      },
      {
        "name": "prompt",
        "description": "Text of the prompt",
        "required": false,
        "kind": "text"
      },
      {
        "name": "capabilities",
        "description": "Capabilities of the session, each covered by the API key; those of the key, without governing ones, when omitted",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "model",
        "description": "Name of the model; that of the persona when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "metadata",
        "description": "Key-value pairs of the caller, at most 16; the platform does not interpret them",
        "required": false,
        "kind": "json"
      },
      {
        "name": "max_tokens",
        "description": "Maximum length of the answer, in tokens; that of the persona when omitted",
        "required": false,
        "kind": "number"
      },
      {
        "name": "recall",
        "description": "Memories that the model is shown with the prompt. Rules see their texts and labels; the answer names them by id and digest. Such a turn is not queued behind another one",
        "required": false,
        "kind": "json"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "submitTurn": {
    "method": "POST",
    "path": "/v1/sessions/{session_id}/turns",
    "summary": "Submit a turn in a session",
    "query": [],
    "body": [
      {
        "name": "prompt",
        "description": "Text of the prompt",
        "required": true,
        "kind": "text"
      },
      {
        "name": "max_tokens",
        "description": "Maximum length of the answer, in tokens; that of the persona when omitted",
        "required": false,
        "kind": "number"
      },
      {
        "name": "recall",
        "description": "Memories that the model is shown with the prompt. Rules see their texts and labels; the answer names them by id and digest. Such a turn is not queued behind another one",
        "required": false,
        "kind": "json"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "narrowToken": {
    "method": "POST",
    "path": "/v1/sessions/{session_id}/tokens",
    "summary": "Create a narrower token of the session",
    "query": [],
    "body": [
      {
        "name": "capabilities",
        "description": "Capabilities of the new token, each covered by the token of the request; an empty list makes a read-only token",
        "required": true,
        "kind": "texts"
      },
      {
        "name": "ttl_seconds",
        "description": "Time to live, in seconds; bounded by the expiry of the token of the request",
        "required": false,
        "kind": "number"
      }
    ],
    "ifMatch": false
  },
  "createStreamTicket": {
    "method": "POST",
    "path": "/v1/sessions/{session_id}/stream-tickets",
    "summary": "Create a single-use ticket for the stream of the session",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getSession": {
    "method": "GET",
    "path": "/v1/sessions/{session_id}",
    "summary": "Get a session with its turns, its decision and its usage",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "traceSession": {
    "method": "GET",
    "path": "/v1/sessions/{session_id}/trace",
    "summary": "Trace a session from its commands to its rows, with decisions, positions in the log and latencies",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listSessions": {
    "method": "GET",
    "path": "/v1/sessions",
    "summary": "List the sessions of the tenant, newest first",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "inferSync": {
    "method": "POST",
    "path": "/v1/slm/infer_sync",
    "summary": "Generate one answer of the model",
    "query": [],
    "body": [
      {
        "name": "prompt",
        "description": "",
        "required": true,
        "kind": "text"
      },
      {
        "name": "model",
        "description": "Name of the model; the tenant's default when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "max_tokens",
        "description": "Maximum length of the answer, in tokens",
        "required": false,
        "kind": "number"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "embed": {
    "method": "POST",
    "path": "/v1/slm/embedding",
    "summary": "Compute embeddings of one or more texts",
    "query": [],
    "body": [
      {
        "name": "input",
        "description": "One text, or a list of at most 64 texts; none is only white space",
        "required": true,
        "kind": "text_or_json"
      },
      {
        "name": "model",
        "description": "Name of the model; the tenant's default when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "getSlmRequest": {
    "method": "GET",
    "path": "/v1/slm/requests/{request_id}",
    "summary": "Get the answer to an earlier request",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "slmHealth": {
    "method": "GET",
    "path": "/v1/slm/health",
    "summary": "Health of the language model, derived from the log",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "tryPolicy": {
    "method": "POST",
    "path": "/v1/policy/trials",
    "summary": "Ask what policy would decide on a prompt, or explain a recorded decision",
    "query": [],
    "body": [
      {
        "name": "prompt",
        "description": "Text of the prompt",
        "required": false,
        "kind": "text"
      },
      {
        "name": "persona",
        "description": "Persona that answers: `GET /v1/personas` lists them",
        "required": false,
        "kind": "text"
      },
      {
        "name": "model",
        "description": "Name of the model; that of the persona when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "capabilities",
        "description": "Capabilities of the session, each covered by the API key; those of the key, without governing ones, when omitted",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "max_tokens",
        "description": "Maximum length of the answer, in tokens; that of the persona when omitted",
        "required": false,
        "kind": "number"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "decision_id",
        "description": "Recorded decision to explain, instead of a prompt; by the constitution that it names",
        "required": false,
        "kind": "text"
      },
      {
        "name": "constitution_version",
        "description": "Published version to decide by; the active one when omitted",
        "required": false,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "listConstitutions": {
    "method": "GET",
    "path": "/v1/constitutions",
    "summary": "List the versions of the constitution, and the active one",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "proposeConstitution": {
    "method": "POST",
    "path": "/v1/constitutions",
    "summary": "Propose a constitution for review and signing",
    "query": [],
    "body": [
      {
        "name": "document",
        "description": "The unsigned document, as described in docs/reference/constitution.md",
        "required": true,
        "kind": "json"
      }
    ],
    "ifMatch": false
  },
  "getConstitution": {
    "method": "GET",
    "path": "/v1/constitutions/{version}",
    "summary": "Get a version of the constitution with its document",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "diffConstitution": {
    "method": "GET",
    "path": "/v1/constitutions/{version}/diff",
    "summary": "Compare a version of the constitution with another",
    "query": [
      {
        "name": "against",
        "description": "Version to compare with; default: the active one",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listShadowDifferences": {
    "method": "GET",
    "path": "/v1/constitutions/shadow/differences",
    "summary": "List the latest decisions that the shadow constitution would have taken differently",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "reviewConstitution": {
    "method": "POST",
    "path": "/v1/constitutions/{version}/reviews",
    "summary": "Approve or reject a proposed constitution",
    "query": [],
    "body": [
      {
        "name": "digest",
        "description": "sha256 of the canonical JSON of the document, hex",
        "required": true,
        "kind": "text"
      },
      {
        "name": "verdict",
        "description": "`reject` ends the proposal",
        "required": true,
        "kind": "text",
        "choices": [
          "approve",
          "reject"
        ]
      },
      {
        "name": "comment",
        "description": "Comment for people",
        "required": false,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "signConstitution": {
    "method": "POST",
    "path": "/v1/constitutions/{version}/signatures",
    "summary": "Add an offline signature to a proposed constitution",
    "query": [],
    "body": [
      {
        "name": "digest",
        "description": "sha256 of the canonical JSON of the document, hex",
        "required": true,
        "kind": "text"
      },
      {
        "name": "keyid",
        "description": "Name of the trusted key",
        "required": true,
        "kind": "text"
      },
      {
        "name": "sig",
        "description": "Ed25519 signature over the pre-authentication encoding (DSSE v1) of the canonical document, base64",
        "required": true,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "activateConstitution": {
    "method": "POST",
    "path": "/v1/constitutions/activations",
    "summary": "Activate a published version; activating an older one rolls back",
    "query": [],
    "body": [
      {
        "name": "version",
        "description": "",
        "required": true,
        "kind": "text"
      },
      {
        "name": "digest",
        "description": "sha256 of the canonical JSON of the document, hex",
        "required": true,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "shadowConstitution": {
    "method": "POST",
    "path": "/v1/constitutions/shadow",
    "summary": "Evaluate a published version beside the active one without effect, or stop doing so",
    "query": [],
    "body": [
      {
        "name": "version",
        "description": "Version to evaluate; null stops the evaluation",
        "required": true,
        "kind": "text",
        "nullable": true
      }
    ],
    "ifMatch": false
  },
  "listKillSwitches": {
    "method": "GET",
    "path": "/v1/kill-switch",
    "summary": "List the engaged kill switches",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "setKillSwitch": {
    "method": "POST",
    "path": "/v1/kill-switch",
    "summary": "Engage or release a kill switch",
    "query": [],
    "body": [
      {
        "name": "scope",
        "description": "`global`, or `tenant:<id>`, `model:<id>`, `tool:<id>`, `job:<id>`, `capsule:<id>`, `workflow:<id>`, `memory:<id>`, `agent:<id>`",
        "required": true,
        "kind": "text"
      },
      {
        "name": "action",
        "description": "",
        "required": true,
        "kind": "text",
        "choices": [
          "engage",
          "release"
        ]
      },
      {
        "name": "reason",
        "description": "Reason, in one sentence for people",
        "required": true,
        "kind": "text"
      },
      {
        "name": "mode",
        "description": "Effect on work that was accepted before: `stop` ends it, `finish_step` ends it after its running steps, `drain` lets it finish",
        "required": false,
        "kind": "text",
        "choices": [
          "stop",
          "finish_step",
          "drain"
        ]
      },
      {
        "name": "two_person",
        "description": "Require two principals for the release",
        "required": false,
        "kind": "boolean"
      }
    ],
    "ifMatch": false
  },
  "revokeTokens": {
    "method": "POST",
    "path": "/v1/revocations",
    "summary": "Revoke the tokens of a session, of a principal, or of the tenant",
    "query": [],
    "body": [
      {
        "name": "scope",
        "description": "`tenant`, `session:<id>` or `principal:<id>`, such as `principal:api_key:demo`, in the caller's own tenant",
        "required": true,
        "kind": "text"
      },
      {
        "name": "reason",
        "description": "Reason, in one sentence for people",
        "required": true,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "listTenants": {
    "method": "GET",
    "path": "/v1/tenants",
    "summary": "List the tenants that the caller may manage",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "createTenant": {
    "method": "POST",
    "path": "/v1/tenants",
    "summary": "Create a tenant",
    "query": [],
    "body": [
      {
        "name": "tenant_id",
        "description": "",
        "required": true,
        "kind": "text"
      },
      {
        "name": "name",
        "description": "Display name",
        "required": true,
        "kind": "text"
      },
      {
        "name": "status",
        "description": "Every gateway refuses a suspended tenant",
        "required": false,
        "kind": "text",
        "choices": [
          "active",
          "suspended"
        ]
      },
      {
        "name": "settings",
        "description": "Settings; an omitted one gets its default",
        "required": false,
        "kind": "json"
      }
    ],
    "ifMatch": false
  },
  "getTenant": {
    "method": "GET",
    "path": "/v1/tenants/{tenant_id}",
    "summary": "Get a tenant with its settings",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "changeTenant": {
    "method": "PUT",
    "path": "/v1/tenants/{tenant_id}",
    "summary": "Replace the name, the status and the settings of a tenant",
    "query": [],
    "body": [
      {
        "name": "name",
        "description": "Display name",
        "required": true,
        "kind": "text"
      },
      {
        "name": "status",
        "description": "Every gateway refuses a suspended tenant",
        "required": false,
        "kind": "text",
        "choices": [
          "active",
          "suspended"
        ]
      },
      {
        "name": "settings",
        "description": "Settings; an omitted one gets its default",
        "required": false,
        "kind": "json"
      }
    ],
    "ifMatch": true
  },
  "listRoles": {
    "method": "GET",
    "path": "/v1/roles",
    "summary": "List the roles of the tenant",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "createRole": {
    "method": "POST",
    "path": "/v1/roles",
    "summary": "Create a role",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "name",
        "description": "",
        "required": true,
        "kind": "text"
      },
      {
        "name": "description",
        "description": "Purpose of the role",
        "required": false,
        "kind": "text"
      },
      {
        "name": "capabilities",
        "description": "Each one must be covered by a capability of the caller",
        "required": true,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "getRole": {
    "method": "GET",
    "path": "/v1/roles/{role}",
    "summary": "Get a role with its capabilities",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "changeRole": {
    "method": "PUT",
    "path": "/v1/roles/{role}",
    "summary": "Replace the description and the capabilities of a role",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "description",
        "description": "Purpose of the role",
        "required": false,
        "kind": "text"
      },
      {
        "name": "capabilities",
        "description": "Each one must be covered by a capability of the caller",
        "required": true,
        "kind": "texts"
      }
    ],
    "ifMatch": true
  },
  "removeRole": {
    "method": "DELETE",
    "path": "/v1/roles/{role}",
    "summary": "Remove a role; its principals lose its capabilities",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": true
  },
  "listUsers": {
    "method": "GET",
    "path": "/v1/users",
    "summary": "List the users of the tenant",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "createUser": {
    "method": "POST",
    "path": "/v1/users",
    "summary": "Create a user",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "user_id",
        "description": "",
        "required": true,
        "kind": "text"
      },
      {
        "name": "name",
        "description": "Display name",
        "required": true,
        "kind": "text"
      },
      {
        "name": "status",
        "description": "Every gateway refuses a disabled principal",
        "required": false,
        "kind": "text",
        "choices": [
          "active",
          "disabled"
        ]
      },
      {
        "name": "roles",
        "description": "Names of roles of the tenant",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "getUser": {
    "method": "GET",
    "path": "/v1/users/{user_id}",
    "summary": "Get a user with its capabilities",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "changeUser": {
    "method": "PUT",
    "path": "/v1/users/{user_id}",
    "summary": "Replace the name, the status and the roles of a user",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "name",
        "description": "Display name",
        "required": true,
        "kind": "text"
      },
      {
        "name": "status",
        "description": "Every gateway refuses a disabled principal",
        "required": false,
        "kind": "text",
        "choices": [
          "active",
          "disabled"
        ]
      },
      {
        "name": "roles",
        "description": "Names of roles of the tenant",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": true
  },
  "removeUser": {
    "method": "DELETE",
    "path": "/v1/users/{user_id}",
    "summary": "Remove a user; its keys and tokens are refused",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": true
  },
  "listServiceAccounts": {
    "method": "GET",
    "path": "/v1/service-accounts",
    "summary": "List the service accounts of the tenant",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "createServiceAccount": {
    "method": "POST",
    "path": "/v1/service-accounts",
    "summary": "Create a service account",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "service_account_id",
        "description": "",
        "required": true,
        "kind": "text"
      },
      {
        "name": "name",
        "description": "Display name",
        "required": true,
        "kind": "text"
      },
      {
        "name": "status",
        "description": "Every gateway refuses a disabled principal",
        "required": false,
        "kind": "text",
        "choices": [
          "active",
          "disabled"
        ]
      },
      {
        "name": "roles",
        "description": "Names of roles of the tenant",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "getServiceAccount": {
    "method": "GET",
    "path": "/v1/service-accounts/{service_account_id}",
    "summary": "Get a service account with its capabilities",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "changeServiceAccount": {
    "method": "PUT",
    "path": "/v1/service-accounts/{service_account_id}",
    "summary": "Replace the name, the status and the roles of a service account",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "name",
        "description": "Display name",
        "required": true,
        "kind": "text"
      },
      {
        "name": "status",
        "description": "Every gateway refuses a disabled principal",
        "required": false,
        "kind": "text",
        "choices": [
          "active",
          "disabled"
        ]
      },
      {
        "name": "roles",
        "description": "Names of roles of the tenant",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": true
  },
  "removeServiceAccount": {
    "method": "DELETE",
    "path": "/v1/service-accounts/{service_account_id}",
    "summary": "Remove a service account; its keys and tokens are refused",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": true
  },
  "listApiKeys": {
    "method": "GET",
    "path": "/v1/api-keys",
    "summary": "List the API keys of the tenant, including revoked ones",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "createApiKey": {
    "method": "POST",
    "path": "/v1/api-keys",
    "summary": "Create an API key; its text is shown once",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "name",
        "description": "Display name",
        "required": true,
        "kind": "text"
      },
      {
        "name": "owner",
        "description": "Principal that acts with the key",
        "required": true,
        "kind": "text"
      },
      {
        "name": "capabilities",
        "description": "Capabilities of the key, each one of its owner; all capabilities of the owner when omitted",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "getApiKey": {
    "method": "GET",
    "path": "/v1/api-keys/{key_id}",
    "summary": "Get an API key with its owner and its status",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "revokeApiKey": {
    "method": "DELETE",
    "path": "/v1/api-keys/{key_id}",
    "summary": "Revoke an API key immediately and permanently",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": true
  },
  "rotateApiKey": {
    "method": "POST",
    "path": "/v1/api-keys/{key_id}/rotate",
    "summary": "Rotate the secret of an API key; the new text is shown once",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "overlap_seconds",
        "description": "Seconds for which the previous secret stays valid; at most seven days",
        "required": false,
        "kind": "number"
      }
    ],
    "ifMatch": true
  },
  "listPersonas": {
    "method": "GET",
    "path": "/v1/personas",
    "summary": "List the personas that the tenant can use",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the persona; the caller's own by default. Another one requires `personas:manage:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "scope",
        "description": "`any`: the persona that the tenant uses by the name, its own or that of the platform. `tenant` or `platform`: of that one alone",
        "required": false,
        "kind": "text",
        "choices": [
          "any",
          "tenant",
          "platform"
        ]
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getPersona": {
    "method": "GET",
    "path": "/v1/personas/{persona}",
    "summary": "Get a persona with its instructions and defaults",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the persona; the caller's own by default. Another one requires `personas:manage:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "scope",
        "description": "`any`: the persona that the tenant uses by the name, its own or that of the platform. `tenant` or `platform`: of that one alone",
        "required": false,
        "kind": "text",
        "choices": [
          "any",
          "tenant",
          "platform"
        ]
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "putPersona": {
    "method": "PUT",
    "path": "/v1/personas/{persona}",
    "summary": "Create or replace a persona",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the persona; the caller's own by default. Another one requires `personas:manage:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "scope",
        "description": "Whose persona to write. `platform`, which every tenant may use, requires `personas:manage:*`",
        "required": false,
        "kind": "text",
        "choices": [
          "tenant",
          "platform"
        ]
      }
    ],
    "body": [
      {
        "name": "description",
        "description": "Purpose, in one sentence",
        "required": false,
        "kind": "text"
      },
      {
        "name": "instructions",
        "description": "Instructions to the model: the system message of every turn, at most 2000 bytes of UTF-8",
        "required": true,
        "kind": "text"
      },
      {
        "name": "model",
        "description": "Model of sessions that name none; null for the default of the platform",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "temperature",
        "description": "Sampling temperature of requests that name none; 0 is greedy",
        "required": false,
        "kind": "number"
      },
      {
        "name": "max_tokens",
        "description": "Maximum length of an answer, in tokens, of requests that name none; null for the default",
        "required": false,
        "kind": "number",
        "nullable": true
      }
    ],
    "ifMatch": true
  },
  "removePersona": {
    "method": "DELETE",
    "path": "/v1/personas/{persona}",
    "summary": "Remove a persona; turns with it are refused from now on",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the persona; the caller's own by default. Another one requires `personas:manage:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "scope",
        "description": "Whose persona to write. `platform`, which every tenant may use, requires `personas:manage:*`",
        "required": false,
        "kind": "text",
        "choices": [
          "tenant",
          "platform"
        ]
      }
    ],
    "body": [],
    "ifMatch": true
  },
  "getBudgets": {
    "method": "GET",
    "path": "/v1/budgets",
    "summary": "Get the budgets of the tenant: limits, spent and remaining amounts",
    "query": [
      {
        "name": "tenant",
        "description": "Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "startJob": {
    "method": "POST",
    "path": "/v1/jobs/start",
    "summary": "Start a job",
    "query": [],
    "body": [
      {
        "name": "type",
        "description": "Type of the job: `GET /v1/job-types` lists them",
        "required": true,
        "kind": "text"
      },
      {
        "name": "input",
        "description": "Input of the handler, checked by the schema of its type; at most 10 MB of JSON",
        "required": false,
        "kind": "json"
      },
      {
        "name": "run_at",
        "description": "Earliest time of the first run, RFC 3339; at once when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "concurrency_key",
        "description": "The limits of the type hold for the jobs of each key; when it declares none, jobs of one key run one after another. The name of the type when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "deadline",
        "description": "Time at which the job fails unless it has ended, RFC 3339",
        "required": false,
        "kind": "text"
      },
      {
        "name": "lane",
        "description": "Which of the jobs that wait for a slot of their concurrency key is next. `interactive` requires `jobs:lane:interactive`",
        "required": false,
        "kind": "text",
        "choices": [
          "interactive",
          "standard",
          "batch"
        ]
      },
      {
        "name": "retry",
        "description": "How failed runs are repeated; as its type says when omitted",
        "required": false,
        "kind": "json"
      },
      {
        "name": "tags",
        "description": "Tags to find it by, at most 16",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "startJobAlias": {
    "method": "POST",
    "path": "/jobs/start",
    "summary": "Start a job",
    "query": [],
    "body": [
      {
        "name": "type",
        "description": "Type of the job: `GET /v1/job-types` lists them",
        "required": true,
        "kind": "text"
      },
      {
        "name": "input",
        "description": "Input of the handler, checked by the schema of its type; at most 10 MB of JSON",
        "required": false,
        "kind": "json"
      },
      {
        "name": "run_at",
        "description": "Earliest time of the first run, RFC 3339; at once when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "concurrency_key",
        "description": "The limits of the type hold for the jobs of each key; when it declares none, jobs of one key run one after another. The name of the type when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "deadline",
        "description": "Time at which the job fails unless it has ended, RFC 3339",
        "required": false,
        "kind": "text"
      },
      {
        "name": "lane",
        "description": "Which of the jobs that wait for a slot of their concurrency key is next. `interactive` requires `jobs:lane:interactive`",
        "required": false,
        "kind": "text",
        "choices": [
          "interactive",
          "standard",
          "batch"
        ]
      },
      {
        "name": "retry",
        "description": "How failed runs are repeated; as its type says when omitted",
        "required": false,
        "kind": "json"
      },
      {
        "name": "tags",
        "description": "Tags to find it by, at most 16",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "startJobs": {
    "method": "POST",
    "path": "/v1/jobs/start/bulk",
    "summary": "Start many jobs of one type",
    "query": [
      {
        "name": "type",
        "description": "Only with NDJSON, and required there: type of the jobs",
        "required": false,
        "kind": "text"
      },
      {
        "name": "lane",
        "description": "Only with NDJSON: lane of the jobs",
        "required": false,
        "kind": "text",
        "choices": [
          "interactive",
          "standard",
          "batch"
        ]
      },
      {
        "name": "labels",
        "description": "Only with NDJSON: labels of the data, comma-separated",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "type",
        "description": "Type of the job: `GET /v1/job-types` lists them",
        "required": true,
        "kind": "text"
      },
      {
        "name": "items",
        "description": "One job each; at most 10000 in a body of 10 MB",
        "required": true,
        "kind": "json"
      },
      {
        "name": "lane",
        "description": "Lane of the jobs",
        "required": false,
        "kind": "text",
        "choices": [
          "interactive",
          "standard",
          "batch"
        ]
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "actOnJobs": {
    "method": "POST",
    "path": "/v1/jobs/bulk",
    "summary": "Cancel, pause, resume or retry all jobs of a filter, after a dry run",
    "query": [],
    "body": [
      {
        "name": "filter",
        "description": "Jobs of the tenant; all of them without a field. Only those that can take the action count",
        "required": true,
        "kind": "json"
      },
      {
        "name": "action",
        "description": "Action on each of the jobs",
        "required": true,
        "kind": "text",
        "choices": [
          "cancel",
          "pause",
          "resume",
          "retry"
        ]
      },
      {
        "name": "reason",
        "description": "Why, in one sentence for people",
        "required": true,
        "kind": "text"
      },
      {
        "name": "dry_run",
        "description": "Show what would be done, and the token to do it; nothing is changed",
        "required": false,
        "kind": "boolean"
      },
      {
        "name": "token",
        "description": "`token` of the dry run with the same filter and action; required without `dry_run`",
        "required": false,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "forkJob": {
    "method": "POST",
    "path": "/v1/jobs/{job_id}/fork",
    "summary": "Start a job from a step of another one",
    "query": [],
    "body": [
      {
        "name": "from_step",
        "description": "Step or wait of the other job, as `/steps` has it: the results recorded before its result are taken. A step without a result takes all; null takes none",
        "required": true,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "input",
        "description": "Input of the handler, at most 10 MB of JSON; that of the other job when omitted",
        "required": false,
        "kind": "json"
      },
      {
        "name": "lane",
        "description": "Lane of the job; that of the other job when omitted",
        "required": false,
        "kind": "text",
        "choices": [
          "interactive",
          "standard",
          "batch"
        ]
      },
      {
        "name": "tags",
        "description": "Tags to find it by, at most 16; those of the other job when omitted",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "constitution",
        "description": "Version or digest of a signed constitution: the job is simulated under it. Without it the job runs, except as a fork of a simulated one",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "cancelJob": {
    "method": "POST",
    "path": "/v1/jobs/{job_id}/cancel",
    "summary": "Cancel a job and its children",
    "query": [],
    "body": [
      {
        "name": "reason",
        "description": "Why, in one sentence for people",
        "required": true,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "pauseJob": {
    "method": "POST",
    "path": "/v1/jobs/{job_id}/pause",
    "summary": "Pause a job: no further step begins until it is resumed",
    "query": [],
    "body": [
      {
        "name": "reason",
        "description": "Why, in one sentence for people",
        "required": true,
        "kind": "text"
      },
      {
        "name": "mode",
        "description": "`finish_step`: the running steps end first. `stop`: they are aborted, and run again later",
        "required": false,
        "kind": "text",
        "choices": [
          "finish_step",
          "stop"
        ]
      }
    ],
    "ifMatch": false
  },
  "resumeJob": {
    "method": "POST",
    "path": "/v1/jobs/{job_id}/resume",
    "summary": "Resume a paused or suspended job",
    "query": [],
    "body": [
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "retryJob": {
    "method": "POST",
    "path": "/v1/jobs/{job_id}/retry",
    "summary": "Retry a failed or dead job from its journal: finished steps are not run again",
    "query": [],
    "body": [
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "signalJob": {
    "method": "POST",
    "path": "/v1/jobs/{job_id}/signals/{signal}",
    "summary": "Send a signal to a job",
    "query": [],
    "body": [
      {
        "name": "payload",
        "description": "What the handler receives; at most 64 KB of JSON",
        "required": false,
        "kind": "json"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "getJob": {
    "method": "GET",
    "path": "/v1/jobs/{job_id}",
    "summary": "Get a job with its steps, now or at an earlier time",
    "query": [
      {
        "name": "as_of",
        "description": "Time of the state, RFC 3339, `id` of an event of its stream, or `Khipu-Position` of an answer about this job; now when omitted",
        "required": false,
        "kind": "text_or_json"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getJobAlias": {
    "method": "GET",
    "path": "/jobs/{job_id}",
    "summary": "Get a job with its steps, now or at an earlier time",
    "query": [
      {
        "name": "as_of",
        "description": "Time of the state, RFC 3339, `id` of an event of its stream, or `Khipu-Position` of an answer about this job; now when omitted",
        "required": false,
        "kind": "text_or_json"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listJobSteps": {
    "method": "GET",
    "path": "/v1/jobs/{job_id}/steps",
    "summary": "List the steps and waits of a job with their results, in order",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "streamJob": {
    "method": "GET",
    "path": "/v1/jobs/{job_id}/events",
    "summary": "Stream the events of a job",
    "query": [
      {
        "name": "last_event_id",
        "description": "As `Last-Event-ID`, which counts when both are sent",
        "required": false,
        "kind": "text"
      },
      {
        "name": "follow",
        "description": "Keep the stream open after the job has ended",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getJobResult": {
    "method": "GET",
    "path": "/v1/jobs/{job_id}/result",
    "summary": "Get the result of a job",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getJobContent": {
    "method": "GET",
    "path": "/v1/jobs/{job_id}/contents/{content_digest}",
    "summary": "Get a large input or result of a job",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listJobs": {
    "method": "GET",
    "path": "/v1/jobs",
    "summary": "List the jobs of the tenant, newest first",
    "query": [
      {
        "name": "status",
        "description": "Only jobs with this status",
        "required": false,
        "kind": "text",
        "choices": [
          "queued",
          "running",
          "waiting",
          "paused",
          "suspended",
          "completed",
          "failed",
          "dead",
          "cancelled"
        ]
      },
      {
        "name": "type",
        "description": "Only jobs of this type",
        "required": false,
        "kind": "text"
      },
      {
        "name": "tag",
        "description": "Only jobs with this tag",
        "required": false,
        "kind": "text"
      },
      {
        "name": "schedule_id",
        "description": "Only jobs of this schedule",
        "required": false,
        "kind": "text"
      },
      {
        "name": "created_from",
        "description": "Only jobs started at this time or later, RFC 3339",
        "required": false,
        "kind": "text"
      },
      {
        "name": "created_before",
        "description": "Only jobs started before this time, RFC 3339",
        "required": false,
        "kind": "text"
      },
      {
        "name": "parent_id",
        "description": "Only children of this job",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listJobTypes": {
    "method": "GET",
    "path": "/v1/job-types",
    "summary": "List the types of jobs that workers have registered",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "previewSchedule": {
    "method": "POST",
    "path": "/v1/schedules/preview",
    "summary": "Compute the due times of a schedule that is not defined",
    "query": [],
    "body": [
      {
        "name": "job",
        "description": "Ignored: a preview starts nothing",
        "required": false,
        "kind": "json"
      },
      {
        "name": "cron",
        "description": "Cron pattern: second (optional), minute, hour, day of month, month, day of week. Either this or `interval_ms`",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "interval_ms",
        "description": "Elapsed time between two due times, in ms",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "anchor",
        "description": "A due time of the interval, RFC 3339: all others are whole intervals away",
        "required": false,
        "kind": "text"
      },
      {
        "name": "time_zone",
        "description": "IANA time zone of the cron pattern",
        "required": false,
        "kind": "text"
      },
      {
        "name": "overlap",
        "description": "What happens to a run that comes due while a job of the schedule runs. `skip`: it is not made. `buffer_one`: it waits, if none does. `buffer_all`: it waits, at most 100 do. `cancel_other`: the running job is cancelled. `allow_all`: both run",
        "required": false,
        "kind": "text",
        "choices": [
          "skip",
          "buffer_one",
          "buffer_all",
          "cancel_other",
          "allow_all"
        ]
      },
      {
        "name": "catch_up_ms",
        "description": "Longest time by which a missed run is late and still made, in ms; older ones are skipped",
        "required": false,
        "kind": "number"
      },
      {
        "name": "jitter_ms",
        "description": "Upper bound of the delay of a run, in ms; it is derived from schedule and due time",
        "required": false,
        "kind": "number"
      },
      {
        "name": "starts_at",
        "description": "Earliest due time, RFC 3339",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "ends_at",
        "description": "Time before which all due times are, RFC 3339",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "max_runs",
        "description": "Due times that are run before the schedule is finished; skipped ones do not count",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "note",
        "description": "Purpose, in one sentence",
        "required": false,
        "kind": "text"
      },
      {
        "name": "count",
        "description": "Due times to return",
        "required": false,
        "kind": "number"
      },
      {
        "name": "after",
        "description": "Time after which they are, RFC 3339; now when omitted",
        "required": false,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "putSchedule": {
    "method": "PUT",
    "path": "/v1/schedules/{schedule_id}",
    "summary": "Create or replace a schedule",
    "query": [],
    "body": [
      {
        "name": "job",
        "description": "The job that each run starts",
        "required": true,
        "kind": "json"
      },
      {
        "name": "cron",
        "description": "Cron pattern: second (optional), minute, hour, day of month, month, day of week. Either this or `interval_ms`",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "interval_ms",
        "description": "Elapsed time between two due times, in ms",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "anchor",
        "description": "A due time of the interval, RFC 3339: all others are whole intervals away",
        "required": false,
        "kind": "text"
      },
      {
        "name": "time_zone",
        "description": "IANA time zone of the cron pattern",
        "required": false,
        "kind": "text"
      },
      {
        "name": "overlap",
        "description": "What happens to a run that comes due while a job of the schedule runs. `skip`: it is not made. `buffer_one`: it waits, if none does. `buffer_all`: it waits, at most 100 do. `cancel_other`: the running job is cancelled. `allow_all`: both run",
        "required": false,
        "kind": "text",
        "choices": [
          "skip",
          "buffer_one",
          "buffer_all",
          "cancel_other",
          "allow_all"
        ]
      },
      {
        "name": "catch_up_ms",
        "description": "Longest time by which a missed run is late and still made, in ms; older ones are skipped",
        "required": false,
        "kind": "number"
      },
      {
        "name": "jitter_ms",
        "description": "Upper bound of the delay of a run, in ms; it is derived from schedule and due time",
        "required": false,
        "kind": "number"
      },
      {
        "name": "starts_at",
        "description": "Earliest due time, RFC 3339",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "ends_at",
        "description": "Time before which all due times are, RFC 3339",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "max_runs",
        "description": "Due times that are run before the schedule is finished; skipped ones do not count",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "note",
        "description": "Purpose, in one sentence",
        "required": false,
        "kind": "text"
      },
      {
        "name": "paused",
        "description": "True for a schedule that waits to be resumed",
        "required": false,
        "kind": "boolean"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": true
  },
  "removeSchedule": {
    "method": "DELETE",
    "path": "/v1/schedules/{schedule_id}",
    "summary": "Remove a schedule; its running jobs go on",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getSchedule": {
    "method": "GET",
    "path": "/v1/schedules/{schedule_id}",
    "summary": "Get a schedule with its next due times and its latest runs",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "pauseSchedule": {
    "method": "POST",
    "path": "/v1/schedules/{schedule_id}/pause",
    "summary": "Pause a schedule: no run is made until it is resumed",
    "query": [],
    "body": [
      {
        "name": "reason",
        "description": "Why, in one sentence for people",
        "required": true,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "resumeSchedule": {
    "method": "POST",
    "path": "/v1/schedules/{schedule_id}/resume",
    "summary": "Resume a paused schedule with its next due time",
    "query": [],
    "body": [
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "triggerSchedule": {
    "method": "POST",
    "path": "/v1/schedules/{schedule_id}/trigger",
    "summary": "Start the job of a schedule once, now",
    "query": [],
    "body": [
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "backfillSchedule": {
    "method": "POST",
    "path": "/v1/schedules/{schedule_id}/backfill",
    "summary": "Make the runs of past due times",
    "query": [],
    "body": [
      {
        "name": "from",
        "description": "Earliest due time, RFC 3339",
        "required": true,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Time before which the due times are, RFC 3339",
        "required": true,
        "kind": "text"
      },
      {
        "name": "overlap",
        "description": "`buffer_all`: one after another, beside no other job of the schedule. `allow_all`: at once",
        "required": false,
        "kind": "text",
        "choices": [
          "buffer_all",
          "allow_all"
        ]
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listScheduleRuns": {
    "method": "GET",
    "path": "/v1/schedules/{schedule_id}/runs",
    "summary": "List the runs of a schedule, the latest due time first",
    "query": [
      {
        "name": "status",
        "description": "Only runs with this status",
        "required": false,
        "kind": "text",
        "choices": [
          "buffered",
          "running",
          "skipped",
          "completed",
          "failed",
          "cancelled",
          "refused",
          "ended"
        ]
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listSchedules": {
    "method": "GET",
    "path": "/v1/schedules",
    "summary": "List the schedules of the tenant, newest first",
    "query": [
      {
        "name": "status",
        "description": "Only schedules that are paused, or are not: `active` has the finished ones, too",
        "required": false,
        "kind": "text",
        "choices": [
          "active",
          "paused"
        ]
      },
      {
        "name": "type",
        "description": "Only schedules of this type of jobs",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listTools": {
    "method": "GET",
    "path": "/v1/tools",
    "summary": "List the tools of the tenant, ordered by name",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "putTool": {
    "method": "PUT",
    "path": "/v1/tools/{tool}",
    "summary": "Register a tool, or replace its manifest",
    "query": [],
    "body": [
      {
        "name": "manifest",
        "description": "",
        "required": true,
        "kind": "json"
      },
      {
        "name": "signatures",
        "description": "Signatures over the canonical JSON of the manifest (DSSE, payload type `application/vnd.khipu.tool+json`)",
        "required": true,
        "kind": "json"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": true
  },
  "getTool": {
    "method": "GET",
    "path": "/v1/tools/{tool}",
    "summary": "Get a tool with its signed manifest",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "removeTool": {
    "method": "DELETE",
    "path": "/v1/tools/{tool}",
    "summary": "Remove a tool; calls of it are refused from now on",
    "query": [],
    "body": [],
    "ifMatch": true
  },
  "listToolVersions": {
    "method": "GET",
    "path": "/v1/tools/{tool}/versions",
    "summary": "List the versions of a tool, the newest first",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "executeTool": {
    "method": "POST",
    "path": "/v1/tools/{tool}/execute",
    "summary": "Call a tool",
    "query": [],
    "body": [
      {
        "name": "arguments",
        "description": "Arguments by the input schema of the tool, at most 64 KiB",
        "required": false,
        "kind": "json"
      },
      {
        "name": "digest",
        "description": "Manifest that is meant; 409 when the tool has another one. Any when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "connectTools": {
    "method": "POST",
    "path": "/v1/tools/connect",
    "summary": "Ask an MCP server which tools it offers, with a manifest to sign for each",
    "query": [],
    "body": [
      {
        "name": "server",
        "description": "The server; without one, `tool` names it",
        "required": false,
        "kind": "json"
      },
      {
        "name": "tier",
        "description": "Isolation of a program; default: `process`",
        "required": false,
        "kind": "text",
        "choices": [
          "process",
          "kernel"
        ]
      },
      {
        "name": "tool",
        "description": "A tool of the tenant, whose signed manifest names the server and its credentials",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "checkTool": {
    "method": "POST",
    "path": "/v1/tools/{tool}/check",
    "summary": "Compare a tool with what its server says of it now",
    "query": [],
    "body": [
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "getToolHealth": {
    "method": "GET",
    "path": "/v1/tools/{tool}/health",
    "summary": "Get the health of a tool, derived from its latest calls",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "auditTool": {
    "method": "GET",
    "path": "/v1/tools/{tool}/audit",
    "summary": "List the calls of a tool, the newest first",
    "query": [
      {
        "name": "status",
        "description": "Only calls with this status",
        "required": false,
        "kind": "text",
        "choices": [
          "waiting",
          "requested",
          "started",
          "succeeded",
          "failed",
          "unknown",
          "refused"
        ]
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getToolCall": {
    "method": "GET",
    "path": "/v1/tool-calls/{call_id}",
    "summary": "Get a call with its outcome",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getToolCallOutput": {
    "method": "GET",
    "path": "/v1/tool-calls/{call_id}/output",
    "summary": "Get the whole output of a call",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "startAgentRun": {
    "method": "POST",
    "path": "/v1/agents/runs",
    "summary": "Start a run of an agent",
    "query": [],
    "body": [
      {
        "name": "agent",
        "description": "Name of the agent, for rules and the kill switch `agent:<name>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "instructions",
        "description": "Role and rules, as the first message",
        "required": false,
        "kind": "text"
      },
      {
        "name": "prompt",
        "description": "What the agent is to do; in a program, the value of `input`. Empty only with `program`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "program",
        "description": "Python program that takes the place of the model: the tools are its functions, and each call is decided on as a call of a model is. Its result is `value` and `printed`. Null for a run of a model",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "code_mode",
        "description": "Lets the model answer with programs: adds the tool `agent.program`",
        "required": false,
        "kind": "boolean"
      },
      {
        "name": "model",
        "description": "Model; null for the default",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "max_tokens",
        "description": "Bound on each answer, in tokens",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "tools",
        "description": "Tools that it may ask for, under the manifests of this moment. `agent.handoff` lets it hand work off to child runs, `agent.program` lets it run programs that call the other tools",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "limits",
        "description": "",
        "required": false,
        "kind": "json"
      },
      {
        "name": "output_schema",
        "description": "JSON Schema 2020-12 of the result, at most 32 KiB; null for text",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listAgentRuns": {
    "method": "GET",
    "path": "/v1/agents/runs",
    "summary": "List the runs of agents of the tenant, the newest first",
    "query": [
      {
        "name": "status",
        "description": "Only runs with this status",
        "required": false,
        "kind": "text",
        "choices": [
          "running",
          "completed",
          "failed",
          "cancelled",
          "refused"
        ]
      },
      {
        "name": "agent",
        "description": "Only runs of this agent",
        "required": false,
        "kind": "text"
      },
      {
        "name": "parent_id",
        "description": "Only runs that this run handed off to",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "forkAgentRun": {
    "method": "POST",
    "path": "/v1/agents/runs/{run_id}/fork",
    "summary": "Start a run from a call of a program, with another answer",
    "query": [],
    "body": [
      {
        "name": "call",
        "description": "Number of the call of the program, from 1",
        "required": true,
        "kind": "number"
      },
      {
        "name": "answer",
        "description": "Answer of that call in the new run, any JSON value; at most 32 KiB",
        "required": true,
        "kind": "json"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "cancelAgentRun": {
    "method": "POST",
    "path": "/v1/agents/runs/{run_id}/cancel",
    "summary": "Cancel a run and its children",
    "query": [],
    "body": [
      {
        "name": "reason",
        "description": "Why, for the audit",
        "required": true,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "getAgentRun": {
    "method": "GET",
    "path": "/v1/agents/runs/{run_id}",
    "summary": "Get a run with its steps: answers, calls, decisions, costs and labels",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "streamAgentRun": {
    "method": "GET",
    "path": "/v1/agents/runs/{run_id}/events",
    "summary": "Stream the events of a run",
    "query": [
      {
        "name": "last_event_id",
        "description": "As `Last-Event-ID`, which counts when both are sent",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getAgentRunResult": {
    "method": "GET",
    "path": "/v1/agents/runs/{run_id}/result",
    "summary": "Get the result of a run",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listApprovals": {
    "method": "GET",
    "path": "/v1/approvals",
    "summary": "List the approvals of the tenant, the newest first",
    "query": [
      {
        "name": "status",
        "description": "Only approvals with this status",
        "required": false,
        "kind": "text",
        "choices": [
          "waiting",
          "granted",
          "rejected",
          "expired"
        ]
      },
      {
        "name": "tool",
        "description": "Only approvals of calls of this tool",
        "required": false,
        "kind": "text"
      },
      {
        "name": "mine",
        "description": "Only approvals that the caller may decide on now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getApproval": {
    "method": "GET",
    "path": "/v1/approvals/{approval_id}",
    "summary": "Get an approval: all that its approver must see",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "decideApproval": {
    "method": "POST",
    "path": "/v1/approvals/{approval_id}/decision",
    "summary": "Approve a call, reject it, or edit its arguments",
    "query": [],
    "body": [
      {
        "name": "outcome",
        "description": "Approve, reject, or edit the arguments",
        "required": true,
        "kind": "text",
        "choices": [
          "approve",
          "reject",
          "edit"
        ]
      },
      {
        "name": "digest",
        "description": "Digest that was looked at; another one is refused with APPROVAL_CHANGED",
        "required": true,
        "kind": "text"
      },
      {
        "name": "reason",
        "description": "Reason, for the record",
        "required": false,
        "kind": "text"
      },
      {
        "name": "arguments",
        "description": "New arguments, of an edit",
        "required": false,
        "kind": "json"
      },
      {
        "name": "grant",
        "description": "With an approval: like calls of the session, or of the caller outside sessions, run without a further one",
        "required": false,
        "kind": "json"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listApprovalGrants": {
    "method": "GET",
    "path": "/v1/approval-grants",
    "summary": "List the grants of the tenant, the newest first",
    "query": [
      {
        "name": "status",
        "description": "Only grants with this status",
        "required": false,
        "kind": "text",
        "choices": [
          "active",
          "ended"
        ]
      },
      {
        "name": "tool",
        "description": "Only grants for this tool",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "revokeApprovalGrant": {
    "method": "DELETE",
    "path": "/v1/approval-grants/{grant_id}",
    "summary": "Revoke a grant; the next call waits for an approval again",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "remember": {
    "method": "POST",
    "path": "/v1/memory/remember",
    "summary": "Remember a text in a space",
    "query": [],
    "body": [
      {
        "name": "text",
        "description": "The text",
        "required": true,
        "kind": "text"
      },
      {
        "name": "space",
        "description": "Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "universe",
        "description": "The name that SomaBrain has for `space`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "source",
        "description": "Where the text comes from, in the words of its author",
        "required": false,
        "kind": "text"
      },
      {
        "name": "tags",
        "description": "Tags that recalls can filter by, at most 16",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "metadata",
        "description": "Names and values that recalls can filter by, at most 16",
        "required": false,
        "kind": "json"
      },
      {
        "name": "valid_from",
        "description": "Time from which the text is true, RFC 3339",
        "required": false,
        "kind": "text"
      },
      {
        "name": "valid_to",
        "description": "Time from which it is not true any more, RFC 3339",
        "required": false,
        "kind": "text"
      },
      {
        "name": "supersedes",
        "description": "Ids of memories of the space that this one takes the place of: they are recalled no more",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "createMemory": {
    "method": "POST",
    "path": "/v1/memory/memories",
    "summary": "Remember a text in a space",
    "query": [],
    "body": [
      {
        "name": "text",
        "description": "The text",
        "required": true,
        "kind": "text"
      },
      {
        "name": "space",
        "description": "Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "universe",
        "description": "The name that SomaBrain has for `space`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "source",
        "description": "Where the text comes from, in the words of its author",
        "required": false,
        "kind": "text"
      },
      {
        "name": "tags",
        "description": "Tags that recalls can filter by, at most 16",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "metadata",
        "description": "Names and values that recalls can filter by, at most 16",
        "required": false,
        "kind": "json"
      },
      {
        "name": "valid_from",
        "description": "Time from which the text is true, RFC 3339",
        "required": false,
        "kind": "text"
      },
      {
        "name": "valid_to",
        "description": "Time from which it is not true any more, RFC 3339",
        "required": false,
        "kind": "text"
      },
      {
        "name": "supersedes",
        "description": "Ids of memories of the space that this one takes the place of: they are recalled no more",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listMemories": {
    "method": "GET",
    "path": "/v1/memory/memories",
    "summary": "List the memories of a space, the newest first",
    "query": [
      {
        "name": "space",
        "description": "Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "recall": {
    "method": "POST",
    "path": "/v1/memory/recall",
    "summary": "Recall the memories of a space that are nearest to a text",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "query",
        "description": "What to look for",
        "required": true,
        "kind": "text"
      },
      {
        "name": "k",
        "description": "Maximum number of memories; default: 10",
        "required": false,
        "kind": "number"
      },
      {
        "name": "top_k",
        "description": "The name that SomaBrain has for `k`",
        "required": false,
        "kind": "number"
      },
      {
        "name": "limit",
        "description": "Another name for `k`",
        "required": false,
        "kind": "number"
      },
      {
        "name": "threshold",
        "description": "Least score of a memory; default: none",
        "required": false,
        "kind": "number"
      },
      {
        "name": "space",
        "description": "Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "universe",
        "description": "The name that SomaBrain has for `space`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "as_of",
        "description": "Only what was remembered by then: a time, RFC 3339, or the `Khipu-Position` of an answer to `remember`; a memory that was forgotten since is not recalled",
        "required": false,
        "kind": "text"
      },
      {
        "name": "valid_at",
        "description": "Only what is true at this time, RFC 3339. Default: `as_of`, or now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Only memories with all of these labels",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "without_labels",
        "description": "Only memories with none of these labels",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "tags",
        "description": "Only memories with all of these tags",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "metadata",
        "description": "Only memories with these entries",
        "required": false,
        "kind": "json"
      }
    ],
    "ifMatch": false
  },
  "retrieveMemories": {
    "method": "POST",
    "path": "/v1/memory/rag/retrieve",
    "summary": "Recall memories as a context for a prompt",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "query",
        "description": "What to look for",
        "required": true,
        "kind": "text"
      },
      {
        "name": "k",
        "description": "Maximum number of memories; default: 10",
        "required": false,
        "kind": "number"
      },
      {
        "name": "top_k",
        "description": "The name that SomaBrain has for `k`",
        "required": false,
        "kind": "number"
      },
      {
        "name": "limit",
        "description": "Another name for `k`",
        "required": false,
        "kind": "number"
      },
      {
        "name": "threshold",
        "description": "Least score of a memory; default: none",
        "required": false,
        "kind": "number"
      },
      {
        "name": "space",
        "description": "Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "universe",
        "description": "The name that SomaBrain has for `space`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "as_of",
        "description": "Only what was remembered by then: a time, RFC 3339, or the `Khipu-Position` of an answer to `remember`; a memory that was forgotten since is not recalled",
        "required": false,
        "kind": "text"
      },
      {
        "name": "valid_at",
        "description": "Only what is true at this time, RFC 3339. Default: `as_of`, or now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Only memories with all of these labels",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "without_labels",
        "description": "Only memories with none of these labels",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "tags",
        "description": "Only memories with all of these tags",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "metadata",
        "description": "Only memories with these entries",
        "required": false,
        "kind": "json"
      },
      {
        "name": "trace_id",
        "description": "Returned as it is",
        "required": false,
        "kind": "text"
      },
      {
        "name": "context_chars_max",
        "description": "Longest `context`, in characters",
        "required": false,
        "kind": "number"
      }
    ],
    "ifMatch": false
  },
  "linkMemories": {
    "method": "POST",
    "path": "/v1/memory/link",
    "summary": "Link two memories of a space",
    "query": [],
    "body": [
      {
        "name": "from_key",
        "description": "Id of a memory",
        "required": true,
        "kind": "text"
      },
      {
        "name": "to_key",
        "description": "Id of the other memory, of the same space",
        "required": true,
        "kind": "text"
      },
      {
        "name": "type",
        "description": "How they are related",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "forgetMemory": {
    "method": "POST",
    "path": "/v1/memory/memories/{memory_id}/forget",
    "summary": "Forget a memory: no later recall finds it",
    "query": [],
    "body": [
      {
        "name": "reason",
        "description": "Why, in one sentence for a person",
        "required": true,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "getMemory": {
    "method": "GET",
    "path": "/v1/memory/memories/{memory_id}",
    "summary": "Get a memory with its links",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getMemoryPersona": {
    "method": "GET",
    "path": "/v1/memory/persona/{persona}",
    "summary": "Get a persona as SomaBrain shows one",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getUsage": {
    "method": "GET",
    "path": "/v1/usage",
    "summary": "Get what was metered, by day and model",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "from",
        "description": "First day, in UTC; default: the first of the month",
        "required": false,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Last day, in UTC; default: today",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "whatIfBilling": {
    "method": "POST",
    "path": "/v1/billing/what-if",
    "summary": "Compare what was metered with what it would have cost under other prices",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "from",
        "description": "Day in UTC",
        "required": false,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Day in UTC",
        "required": false,
        "kind": "text"
      },
      {
        "name": "currency",
        "description": "ISO 4217",
        "required": true,
        "kind": "text"
      },
      {
        "name": "prices",
        "description": "All prices; use without one costs what was metered",
        "required": true,
        "kind": "json"
      }
    ],
    "ifMatch": false
  },
  "listPrices": {
    "method": "GET",
    "path": "/v1/prices",
    "summary": "List every version of the prices",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "setPrices": {
    "method": "PUT",
    "path": "/v1/prices",
    "summary": "Set the next version of the prices",
    "query": [],
    "body": [
      {
        "name": "currency",
        "description": "ISO 4217",
        "required": true,
        "kind": "text"
      },
      {
        "name": "prices",
        "description": "All prices; use without one costs what was metered",
        "required": true,
        "kind": "json"
      },
      {
        "name": "effective_from",
        "description": "Use from this time on; default, and at the earliest: a minute from now. Of versions in effect, the last one holds",
        "required": false,
        "kind": "text"
      },
      {
        "name": "note",
        "description": "Why the prices change",
        "required": false,
        "kind": "text"
      },
      {
        "name": "expected_version",
        "description": "Version that it follows, 0 for none; omitted: the last one, whichever that is",
        "required": false,
        "kind": "number"
      }
    ],
    "ifMatch": false
  },
  "listLedgerAccounts": {
    "method": "GET",
    "path": "/v1/ledger/accounts",
    "summary": "List the accounts of the ledger with their balances",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "as_of",
        "description": "Time in the log, RFC 3339, or the `position` of a transaction; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getLedgerAccount": {
    "method": "GET",
    "path": "/v1/ledger/accounts/{account}",
    "summary": "Get an account of the ledger with its balance",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "as_of",
        "description": "Time in the log, RFC 3339, or the `position` of a transaction; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listLedgerTransactions": {
    "method": "GET",
    "path": "/v1/ledger/transactions",
    "summary": "List the transactions of the ledger, the newest first",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "as_of",
        "description": "Time in the log, RFC 3339, or the `position` of a transaction; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "account",
        "description": "Account: `tenant:<id>:payable`, `tenant:<id>:credit`, `platform:revenue`, `platform:cash` or `publisher:<id>:payable`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "charge_id",
        "description": "Only transactions of this charge",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getLedgerTransaction": {
    "method": "GET",
    "path": "/v1/ledger/transactions/{transaction_id}",
    "summary": "Get a transaction of the ledger with its legs and lines",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "correctCharge": {
    "method": "POST",
    "path": "/v1/ledger/corrections",
    "summary": "Correct the use of a charge, or reverse it",
    "query": [],
    "body": [
      {
        "name": "charge_id",
        "description": "The charge",
        "required": true,
        "kind": "text"
      },
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "reverse",
        "description": "Reverse the charge whole",
        "required": false,
        "kind": "boolean"
      },
      {
        "name": "prompt_tokens",
        "description": "Tokens of prompts that were used; omitted: as before",
        "required": false,
        "kind": "number"
      },
      {
        "name": "completion_tokens",
        "description": "Tokens of answers that were used; omitted: as before",
        "required": false,
        "kind": "number"
      },
      {
        "name": "calls",
        "description": "Calls or steps; omitted: as before",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cost",
        "description": "Cost of use without a price; omitted: as before",
        "required": false,
        "kind": "text"
      },
      {
        "name": "reason",
        "description": "Why",
        "required": true,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "getCredit": {
    "method": "GET",
    "path": "/v1/credit",
    "summary": "Get the prepaid credit of a tenant: topped up, drawn, held and left",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "topUpCredit": {
    "method": "POST",
    "path": "/v1/credit/top-ups",
    "summary": "Add to the prepaid credit of a tenant",
    "query": [],
    "body": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "amount",
        "description": "Amount to add; above zero",
        "required": true,
        "kind": "text"
      },
      {
        "name": "currency",
        "description": "ISO 4217",
        "required": true,
        "kind": "text"
      },
      {
        "name": "reason",
        "description": "Why, such as the number of a payment",
        "required": true,
        "kind": "text"
      }
    ],
    "ifMatch": false
  },
  "getInvoice": {
    "method": "GET",
    "path": "/v1/invoices/{period}",
    "summary": "Get the invoice of a month",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getInvoiceCsv": {
    "method": "GET",
    "path": "/v1/invoices/{period}/csv",
    "summary": "Get the lines of an invoice as CSV",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getInvoicePdf": {
    "method": "GET",
    "path": "/v1/invoices/{period}/pdf",
    "summary": "Get an invoice as PDF",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getFocusCosts": {
    "method": "GET",
    "path": "/v1/costs/focus.csv",
    "summary": "Get the costs of a month in the columns of FOCUS 1.2",
    "query": [
      {
        "name": "payer",
        "description": "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "period",
        "description": "Month in UTC; default: this one",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getPersonaAnalytics": {
    "method": "GET",
    "path": "/v1/analytics/personas",
    "summary": "Get figures of personas, over a range or in windows",
    "query": [
      {
        "name": "from",
        "description": "Windows from this time on; default: a day before `until`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Windows before this time; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "window",
        "description": "Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one",
        "required": false,
        "kind": "text",
        "choices": [
          "1m",
          "5m",
          "1h",
          "1d"
        ]
      },
      {
        "name": "subject",
        "description": "Only this one",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getToolAnalytics": {
    "method": "GET",
    "path": "/v1/analytics/tools",
    "summary": "Get figures of tools, over a range or in windows",
    "query": [
      {
        "name": "from",
        "description": "Windows from this time on; default: a day before `until`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Windows before this time; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "window",
        "description": "Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one",
        "required": false,
        "kind": "text",
        "choices": [
          "1m",
          "5m",
          "1h",
          "1d"
        ]
      },
      {
        "name": "subject",
        "description": "Only this one",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getPolicyAnalytics": {
    "method": "GET",
    "path": "/v1/analytics/policies",
    "summary": "Get figures of policies, over a range or in windows",
    "query": [
      {
        "name": "from",
        "description": "Windows from this time on; default: a day before `until`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Windows before this time; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "window",
        "description": "Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one",
        "required": false,
        "kind": "text",
        "choices": [
          "1m",
          "5m",
          "1h",
          "1d"
        ]
      },
      {
        "name": "subject",
        "description": "Only this one",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getModelAnalytics": {
    "method": "GET",
    "path": "/v1/analytics/models",
    "summary": "Get figures of models, over a range or in windows",
    "query": [
      {
        "name": "from",
        "description": "Windows from this time on; default: a day before `until`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Windows before this time; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "window",
        "description": "Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one",
        "required": false,
        "kind": "text",
        "choices": [
          "1m",
          "5m",
          "1h",
          "1d"
        ]
      },
      {
        "name": "subject",
        "description": "Only this one",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getCapsuleAnalytics": {
    "method": "GET",
    "path": "/v1/analytics/capsules",
    "summary": "Get figures of capsules, over a range or in windows",
    "query": [
      {
        "name": "from",
        "description": "Windows from this time on; default: a day before `until`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Windows before this time; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "window",
        "description": "Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one",
        "required": false,
        "kind": "text",
        "choices": [
          "1m",
          "5m",
          "1h",
          "1d"
        ]
      },
      {
        "name": "subject",
        "description": "Only this one",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getCapsuleAnalyticsAlias": {
    "method": "GET",
    "path": "/analytics/capsules",
    "summary": "Get figures of capsules, over a range or in windows",
    "query": [
      {
        "name": "from",
        "description": "Windows from this time on; default: a day before `until`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Windows before this time; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "window",
        "description": "Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one",
        "required": false,
        "kind": "text",
        "choices": [
          "1m",
          "5m",
          "1h",
          "1d"
        ]
      },
      {
        "name": "subject",
        "description": "Only this one",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listAnomalies": {
    "method": "GET",
    "path": "/v1/anomalies",
    "summary": "List the anomalies of the tenant, the newest first",
    "query": [
      {
        "name": "metric",
        "description": "Only series of this metric",
        "required": false,
        "kind": "text",
        "choices": [
          "tokens",
          "calls",
          "jobs",
          "denials",
          "mix",
          "hosts"
        ]
      },
      {
        "name": "subject",
        "description": "Only series of this subject; `*` for those of the whole tenant",
        "required": false,
        "kind": "text"
      },
      {
        "name": "rule",
        "description": "Only anomalies of this rule",
        "required": false,
        "kind": "text",
        "choices": [
          "level",
          "drift",
          "mix",
          "host",
          "denials"
        ]
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getAnomalySeries": {
    "method": "GET",
    "path": "/v1/anomalies/series",
    "summary": "Get the hours of series, with what was expected of them",
    "query": [
      {
        "name": "from",
        "description": "Hours from this time on; default: a week before `until`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "until",
        "description": "Hours before this time; default: now",
        "required": false,
        "kind": "text"
      },
      {
        "name": "metric",
        "description": "Only series of this metric",
        "required": false,
        "kind": "text",
        "choices": [
          "tokens",
          "calls",
          "jobs",
          "denials",
          "mix",
          "hosts"
        ]
      },
      {
        "name": "subject",
        "description": "Only series of this subject; `*` for those of the whole tenant",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getAnomalySettings": {
    "method": "GET",
    "path": "/v1/anomalies/settings",
    "summary": "Get the settings of the tenant, each version of them",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "setAnomalySettings": {
    "method": "PUT",
    "path": "/v1/anomalies/settings",
    "summary": "Set the next version of the settings of the tenant",
    "query": [],
    "body": [
      {
        "name": "is_on",
        "description": "False to learn and raise nothing",
        "required": false,
        "kind": "boolean"
      },
      {
        "name": "level_threshold",
        "description": "Deviation of an hour, in robust standard deviations",
        "required": false,
        "kind": "number"
      },
      {
        "name": "drift_threshold",
        "description": "Cumulative deviation, in robust standard deviations",
        "required": false,
        "kind": "number"
      },
      {
        "name": "mix_threshold",
        "description": "Jensen-Shannon divergence of the mix of tools",
        "required": false,
        "kind": "number"
      },
      {
        "name": "denials_max",
        "description": "Denials within the window that are a burst",
        "required": false,
        "kind": "number"
      },
      {
        "name": "denials_window_ms",
        "description": "Window of a burst, in ms",
        "required": false,
        "kind": "number"
      },
      {
        "name": "new_hosts",
        "description": "True to raise the first request of a tool to a host",
        "required": false,
        "kind": "boolean"
      },
      {
        "name": "suggests_kill_switch",
        "description": "True to suggest a kill switch when it is grave",
        "required": false,
        "kind": "boolean"
      },
      {
        "name": "note",
        "description": "Why they change",
        "required": false,
        "kind": "text"
      },
      {
        "name": "expected_version",
        "description": "Version that is replaced; omitted replaces the last one",
        "required": false,
        "kind": "number"
      }
    ],
    "ifMatch": false
  },
  "resetAnomalySettings": {
    "method": "DELETE",
    "path": "/v1/anomalies/settings",
    "summary": "Take the defaults of the platform back, as the next version",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getAnomaly": {
    "method": "GET",
    "path": "/v1/anomalies/{anomaly_id}",
    "summary": "Get an anomaly with the records that show it",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "publishCapsule": {
    "method": "POST",
    "path": "/v1/marketplace/publish",
    "summary": "Publish a version of a capsule",
    "query": [],
    "body": [
      {
        "name": "archive",
        "description": "The archive that `khipu capsule pack` makes, base64; at most 512 KiB",
        "required": true,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "publishCapsuleAlias": {
    "method": "POST",
    "path": "/marketplace/publish",
    "summary": "Publish a version of a capsule",
    "query": [],
    "body": [
      {
        "name": "archive",
        "description": "The archive that `khipu capsule pack` makes, base64; at most 512 KiB",
        "required": true,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listCapsules": {
    "method": "GET",
    "path": "/v1/marketplace/capsules",
    "summary": "List and search the capsules of the marketplace, the newest first",
    "query": [
      {
        "name": "q",
        "description": "Words that the name, the description, the license or the keywords have",
        "required": false,
        "kind": "text"
      },
      {
        "name": "status",
        "description": "State",
        "required": false,
        "kind": "text",
        "choices": [
          "submitted",
          "listed",
          "rejected",
          "yanked",
          "revoked"
        ]
      },
      {
        "name": "publisher",
        "description": "Publishing tenant; default: the own one, for a state that is not public",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listCapsulesAlias": {
    "method": "GET",
    "path": "/marketplace/capsules",
    "summary": "List and search the capsules of the marketplace, the newest first",
    "query": [
      {
        "name": "q",
        "description": "Words that the name, the description, the license or the keywords have",
        "required": false,
        "kind": "text"
      },
      {
        "name": "status",
        "description": "State",
        "required": false,
        "kind": "text",
        "choices": [
          "submitted",
          "listed",
          "rejected",
          "yanked",
          "revoked"
        ]
      },
      {
        "name": "publisher",
        "description": "Publishing tenant; default: the own one, for a state that is not public",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getCapsule": {
    "method": "GET",
    "path": "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}",
    "summary": "Get a version of a capsule, with its manifest and its reviews",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "putCapsule": {
    "method": "PUT",
    "path": "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}",
    "summary": "Publish a version of a capsule under its name",
    "query": [],
    "body": [
      {
        "name": "archive",
        "description": "The archive that `khipu capsule pack` makes, base64; at most 512 KiB",
        "required": true,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "yankCapsule": {
    "method": "DELETE",
    "path": "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}",
    "summary": "Take a capsule off the list",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "exportCapsule": {
    "method": "GET",
    "path": "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/archive",
    "summary": "Get the archive of a capsule",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "reviewCapsule": {
    "method": "POST",
    "path": "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/reviews",
    "summary": "Approve or reject a capsule",
    "query": [],
    "body": [
      {
        "name": "digest",
        "description": "sha256 of the canonical manifest, hex",
        "required": true,
        "kind": "text"
      },
      {
        "name": "outcome",
        "description": "A rejection ends the version",
        "required": true,
        "kind": "text",
        "choices": [
          "approve",
          "reject"
        ]
      },
      {
        "name": "note",
        "description": "Findings, for the audit",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "attestCapsule": {
    "method": "POST",
    "path": "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/attestations",
    "summary": "Add a statement to a capsule",
    "query": [],
    "body": [
      {
        "name": "digest",
        "description": "sha256 of the canonical manifest, hex",
        "required": true,
        "kind": "text"
      },
      {
        "name": "bundle",
        "description": "An in-toto statement about the digest in a Sigstore bundle, JSON; at most 32 KiB",
        "required": true,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listCapsuleAttestations": {
    "method": "GET",
    "path": "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/attestations",
    "summary": "List the statements about a capsule, the newest first",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "revokeCapsule": {
    "method": "POST",
    "path": "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/revocation",
    "summary": "Stop a capsule in every install",
    "query": [],
    "body": [
      {
        "name": "reason",
        "description": "Why, for the audit",
        "required": true,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "installCapsule": {
    "method": "POST",
    "path": "/v1/marketplace/installs",
    "summary": "Install a capsule",
    "query": [],
    "body": [
      {
        "name": "capsule",
        "description": "The capsule: `<publisher>/<name>@<version>`",
        "required": true,
        "kind": "text"
      },
      {
        "name": "digest",
        "description": "sha256 of the canonical manifest, hex",
        "required": true,
        "kind": "text"
      },
      {
        "name": "name",
        "description": "Name of the install; default: that of the capsule",
        "required": false,
        "kind": "text"
      },
      {
        "name": "granted",
        "description": "Capabilities that runs may use: some of those that the capsule asks for",
        "required": true,
        "kind": "texts"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listCapsuleInstalls": {
    "method": "GET",
    "path": "/v1/marketplace/installs",
    "summary": "List the installs of the tenant, the newest first",
    "query": [
      {
        "name": "status",
        "description": "Only installs with this status",
        "required": false,
        "kind": "text",
        "choices": [
          "installed",
          "uninstalled"
        ]
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getCapsuleInstall": {
    "method": "GET",
    "path": "/v1/marketplace/installs/{install}",
    "summary": "Get an install, with its digest, its grant and the latest check of an upgrade",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "uninstallCapsule": {
    "method": "DELETE",
    "path": "/v1/marketplace/installs/{install}",
    "summary": "Remove an install",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "startUpgradeCheck": {
    "method": "POST",
    "path": "/v1/marketplace/installs/{install}/upgrade-checks",
    "summary": "Check an upgrade before it is made",
    "query": [],
    "body": [
      {
        "name": "capsule",
        "description": "The capsule: `<publisher>/<name>@<version>`",
        "required": true,
        "kind": "text"
      },
      {
        "name": "digest",
        "description": "sha256 of the canonical manifest, hex",
        "required": true,
        "kind": "text"
      },
      {
        "name": "granted",
        "description": "The new grant; the earlier one stays when omitted, for a version that asks for no more",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "golden_set",
        "description": "A golden set of the tenant, whose prompts are inputs as JSON: its cases come before those of both versions, its scorers, margin and repeats hold",
        "required": false,
        "kind": "text"
      },
      {
        "name": "margin",
        "description": "Drop that is accepted, as a share of the cases; the smaller, the more cases a verdict takes",
        "required": false,
        "kind": "number"
      },
      {
        "name": "repeats",
        "description": "Answers to each case",
        "required": false,
        "kind": "number"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "getUpgradeCheck": {
    "method": "GET",
    "path": "/v1/marketplace/installs/{install}/upgrade-checks/{check_id}",
    "summary": "Get a check of an upgrade with its regression and its what-if",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "upgradeCapsule": {
    "method": "POST",
    "path": "/v1/marketplace/installs/{install}/upgrade",
    "summary": "Upgrade an install to another version",
    "query": [],
    "body": [
      {
        "name": "capsule",
        "description": "The capsule: `<publisher>/<name>@<version>`",
        "required": true,
        "kind": "text"
      },
      {
        "name": "digest",
        "description": "sha256 of the canonical manifest, hex",
        "required": true,
        "kind": "text"
      },
      {
        "name": "granted",
        "description": "The new grant; the earlier one stays when omitted, for a version that asks for no more",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "check_id",
        "description": "The check of this upgrade that was read; without it: 409",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "rollbackCapsule": {
    "method": "POST",
    "path": "/v1/marketplace/installs/{install}/rollback",
    "summary": "Return an install to what it ran before",
    "query": [],
    "body": [
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "runCapsule": {
    "method": "POST",
    "path": "/v1/marketplace/installs/{install}/run",
    "summary": "Run an installed capsule",
    "query": [],
    "body": [
      {
        "name": "input",
        "description": "Input by the schema of the capsule",
        "required": true,
        "kind": "json"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listGoldenSets": {
    "method": "GET",
    "path": "/v1/evaluations/golden-sets",
    "summary": "List the golden sets of the tenant, by name",
    "query": [
      {
        "name": "persona",
        "description": "Only golden sets of this persona",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getGoldenSet": {
    "method": "GET",
    "path": "/v1/evaluations/golden-sets/{golden_set}",
    "summary": "Get a golden set with its document and its baseline",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "putGoldenSet": {
    "method": "PUT",
    "path": "/v1/evaluations/golden-sets/{golden_set}",
    "summary": "Create or replace a golden set",
    "query": [],
    "body": [
      {
        "name": "description",
        "description": "Purpose, in one sentence",
        "required": false,
        "kind": "text"
      },
      {
        "name": "persona",
        "description": "Persona that it is for",
        "required": true,
        "kind": "text"
      },
      {
        "name": "repeats",
        "description": "Answers to each case",
        "required": false,
        "kind": "number"
      },
      {
        "name": "margin",
        "description": "Drop that is accepted: a share of cases for passes and similarities, of the value for cost and latency",
        "required": false,
        "kind": "number"
      },
      {
        "name": "max_tokens",
        "description": "Longest answer; default: that of the persona",
        "required": false,
        "kind": "number"
      },
      {
        "name": "tools",
        "description": "Tools that answers may call; each case is then a run of an agent",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "scorers",
        "description": "",
        "required": true,
        "kind": "json"
      },
      {
        "name": "cases",
        "description": "",
        "required": true,
        "kind": "json"
      },
      {
        "name": "triggers",
        "description": "Changes that start a run, in the name of who defines the golden set",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": true
  },
  "removeGoldenSet": {
    "method": "DELETE",
    "path": "/v1/evaluations/golden-sets/{golden_set}",
    "summary": "Remove a golden set; its runs stay",
    "query": [],
    "body": [],
    "ifMatch": true
  },
  "listGoldenSetVersions": {
    "method": "GET",
    "path": "/v1/evaluations/golden-sets/{golden_set}/versions",
    "summary": "List the versions of a golden set, the newest first",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getGoldenSetVersion": {
    "method": "GET",
    "path": "/v1/evaluations/golden-sets/{golden_set}/versions/{golden_version}",
    "summary": "Get a version of a golden set with its document",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "addGoldenCase": {
    "method": "POST",
    "path": "/v1/evaluations/golden-sets/{golden_set}/cases",
    "summary": "Make a turn of production a case of a golden set",
    "query": [],
    "body": [
      {
        "name": "session_id",
        "description": "Session of the turn",
        "required": true,
        "kind": "text"
      },
      {
        "name": "turn_id",
        "description": "A turn that has ended",
        "required": true,
        "kind": "text"
      },
      {
        "name": "case_id",
        "description": "Name of the case; default: the id of the turn",
        "required": false,
        "kind": "text"
      },
      {
        "name": "expect",
        "description": "Expectation; default: the answer of the turn and the verdict of the policy on it",
        "required": false,
        "kind": "json"
      },
      {
        "name": "earlier",
        "description": "Whether the turns before it become messages of the case",
        "required": false,
        "kind": "boolean"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "setEvaluationBaseline": {
    "method": "PUT",
    "path": "/v1/evaluations/golden-sets/{golden_set}/baseline",
    "summary": "Set the run that others are compared with",
    "query": [],
    "body": [
      {
        "name": "evaluation_id",
        "description": "Id of the run, which is a job",
        "required": true,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "startEvaluation": {
    "method": "POST",
    "path": "/v1/evaluations/runs",
    "summary": "Run a golden set",
    "query": [],
    "body": [
      {
        "name": "golden_set",
        "description": "Name of the golden set",
        "required": true,
        "kind": "text"
      },
      {
        "name": "candidate",
        "description": "A persona that is only tried; default: the persona of the golden set as it is now",
        "required": false,
        "kind": "json"
      },
      {
        "name": "baseline",
        "description": "Run to compare with; default: the baseline of the golden set",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listEvaluations": {
    "method": "GET",
    "path": "/v1/evaluations/runs",
    "summary": "List the runs of golden sets that have a verdict, the newest first",
    "query": [
      {
        "name": "golden_set",
        "description": "Only runs of this golden set",
        "required": false,
        "kind": "text"
      },
      {
        "name": "verdict",
        "description": "Only runs with this verdict",
        "required": false,
        "kind": "text",
        "choices": [
          "pass",
          "regress",
          "improve",
          "inconclusive"
        ]
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getEvaluation": {
    "method": "GET",
    "path": "/v1/evaluations/runs/{evaluation_id}",
    "summary": "Get a run with its verdict, its scorers and one row a case",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "importTemplate": {
    "method": "POST",
    "path": "/v1/templates/import",
    "summary": "Import a version of a template",
    "query": [],
    "body": [
      {
        "name": "document",
        "description": "Serverless Workflow 1.0.3: an object, or its YAML or JSON as a text; at most 48 KiB",
        "required": false,
        "kind": "text_or_json"
      },
      {
        "name": "install",
        "description": "Install of a capsule whose manifest has a workflow, instead of `document`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listTemplates": {
    "method": "GET",
    "path": "/v1/templates",
    "summary": "List the templates of the tenant, the newest first",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getTemplate": {
    "method": "GET",
    "path": "/v1/templates/{template}",
    "summary": "Get a version of a template with its document",
    "query": [
      {
        "name": "sha256",
        "description": "Version by its sha256; the current one when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "removeTemplate": {
    "method": "DELETE",
    "path": "/v1/templates/{template}",
    "summary": "Remove a template with all its versions; its runs go on",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "listTemplateVersions": {
    "method": "GET",
    "path": "/v1/templates/{template}/versions",
    "summary": "List the versions of a template, the newest first",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "planTemplate": {
    "method": "GET",
    "path": "/v1/templates/{template}/plan",
    "summary": "Show what a run of a template may do, before it begins",
    "query": [
      {
        "name": "sha256",
        "description": "Version by its sha256; the current one when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "startWorkflowRun": {
    "method": "POST",
    "path": "/v1/templates/{template}/runs",
    "summary": "Start a run of a template",
    "query": [],
    "body": [
      {
        "name": "input",
        "description": "Input of the workflow",
        "required": false,
        "kind": "json"
      },
      {
        "name": "sha256",
        "description": "Version by its sha256; the current one when omitted",
        "required": false,
        "kind": "text"
      },
      {
        "name": "budget",
        "description": "Most that a run may use: a call whose worst case does not fit is refused",
        "required": false,
        "kind": "json"
      },
      {
        "name": "lane",
        "description": "Lane of the job",
        "required": false,
        "kind": "text",
        "choices": [
          "interactive",
          "standard",
          "batch"
        ]
      },
      {
        "name": "tags",
        "description": "Tags to find it by, at most 15; `template:<name>` is added",
        "required": false,
        "kind": "texts"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listWorkflowRuns": {
    "method": "GET",
    "path": "/v1/runs",
    "summary": "List the runs of workflows, the newest first",
    "query": [
      {
        "name": "template",
        "description": "Only runs of this template",
        "required": false,
        "kind": "text"
      },
      {
        "name": "status",
        "description": "Only runs with this status",
        "required": false,
        "kind": "text",
        "choices": [
          "queued",
          "running",
          "waiting",
          "paused",
          "suspended",
          "completed",
          "failed",
          "dead",
          "cancelled"
        ]
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getWorkflowRun": {
    "method": "GET",
    "path": "/v1/runs/{workflow_run_id}",
    "summary": "Get a run as a graph: its tasks with states, attempts and costs",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "decideWorkflowReview": {
    "method": "POST",
    "path": "/v1/runs/{workflow_run_id}/reviews/{review_id}",
    "summary": "Approve or reject the input of a node that waits for a review",
    "query": [],
    "body": [
      {
        "name": "outcome",
        "description": "A rejection is an error of the task",
        "required": true,
        "kind": "text",
        "choices": [
          "approve",
          "reject"
        ]
      },
      {
        "name": "note",
        "description": "Why, for the run and the audit",
        "required": false,
        "kind": "text"
      },
      {
        "name": "labels",
        "description": "Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added",
        "required": false,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "listSessionEvents": {
    "method": "GET",
    "path": "/v1/sessions/{session_id}/events",
    "summary": "List the events of a session in the order of the log",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listAudit": {
    "method": "GET",
    "path": "/v1/audit",
    "summary": "List the audit records of a session, of a command, or of the tenant",
    "query": [
      {
        "name": "session_id",
        "description": "Only records of this session",
        "required": false,
        "kind": "text"
      },
      {
        "name": "command_id",
        "description": "Only records of the chain of this command, such as the `command_id` of a 202",
        "required": false,
        "kind": "text"
      },
      {
        "name": "types",
        "description": "Only records of events of these types, comma-separated: `TurnCompleted` or `khipu.conversation.TurnCompleted`",
        "required": false,
        "kind": "text"
      },
      {
        "name": "detail",
        "description": "`full` adds the event itself, with its fields, to each record",
        "required": false,
        "kind": "text",
        "choices": [
          "summary",
          "full"
        ]
      },
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "cursor",
        "description": "`next_cursor` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getTopology": {
    "method": "GET",
    "path": "/v1/topology",
    "summary": "Get the declared topics, and what reads and writes them",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getActivity": {
    "method": "GET",
    "path": "/v1/topology/activity",
    "summary": "Get the rate of each topic, and the lag of each processor and read model",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "listDeadLetters": {
    "method": "GET",
    "path": "/v1/dead-letters",
    "summary": "List the records that could not be decoded or decided",
    "query": [
      {
        "name": "topic",
        "description": "Only letters of this topic",
        "required": false,
        "kind": "text",
        "choices": [
          "sessions.commands",
          "inference.commands",
          "policy.decisions",
          "policy.shadow",
          "policy.questions",
          "policy.answers",
          "policy.classifier-questions",
          "policy.classifier-answers",
          "policy.trials",
          "policy.simulations",
          "policy.trial-results",
          "sessions.events",
          "conversation.events",
          "conversation.deltas",
          "conversation.commands",
          "conversation.timers",
          "inference.events",
          "slm.requests",
          "slm.responses",
          "slm.metrics",
          "constitution.events",
          "constitution.commands",
          "kill-switch.commands",
          "kill-switch.events",
          "revocations.commands",
          "revocations.events",
          "identity.commands",
          "identity.events",
          "budget.commands",
          "budget.events",
          "budget.leases",
          "policy.memory",
          "policy.timers",
          "personas.commands",
          "personas.events",
          "audit.events",
          "operations.commands",
          "operations.events",
          "operations.answers",
          "jobs.commands",
          "jobs.requests",
          "jobs.controls",
          "jobs.events",
          "jobs.entries",
          "jobs.journal",
          "jobs.work",
          "jobs.reports",
          "jobs.timers",
          "jobs.children",
          "jobs.slots",
          "jobs.admission",
          "jobs.grants",
          "jobs.slot-timers",
          "schedules.commands",
          "schedules.requests",
          "schedules.controls",
          "schedules.events",
          "schedules.timers",
          "schedules.ends",
          "schedules.cancels",
          "files.commands",
          "files.outputs",
          "files.workspaces",
          "files.events",
          "files.pieces",
          "tools.commands",
          "tools.events",
          "tools.calls",
          "tools.quarantines",
          "tools.work",
          "tools.revisions",
          "approvals.commands",
          "approvals.events",
          "approvals.timers",
          "approvals.grants",
          "approvals.notices",
          "tools.results",
          "capsules.commands",
          "capsules.events",
          "capsules.installs",
          "capsules.checks",
          "evaluations.commands",
          "evaluations.results",
          "evaluations.changes",
          "evaluations.events",
          "workflows.commands",
          "workflows.events",
          "agents.commands",
          "agents.requests",
          "agents.controls",
          "agents.events",
          "agents.children",
          "agents.timers",
          "agents.programs",
          "agents.segments",
          "memory.commands",
          "memory.outputs",
          "memory.questions",
          "memory.answers",
          "memory.events",
          "billing.commands",
          "billing.events",
          "billing.controls",
          "billing.ledger",
          "billing.credit-controls",
          "billing.credits",
          "billing.tiered-use",
          "billing.timers",
          "analytics.events",
          "anomalies.measures",
          "anomalies.timers",
          "anomalies.events",
          "anomalies.commands",
          "anomalies.changes"
        ]
      },
      {
        "name": "processor",
        "description": "Only letters of this reader",
        "required": false,
        "kind": "text"
      },
      {
        "name": "code",
        "description": "Only letters with this code",
        "required": false,
        "kind": "text"
      },
      {
        "name": "all",
        "description": "Include letters that were redriven or dropped",
        "required": false,
        "kind": "text"
      },
      {
        "name": "limit",
        "description": "Maximum number of letters",
        "required": false,
        "kind": "number"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "redriveDeadLetters": {
    "method": "POST",
    "path": "/v1/dead-letters/redrive",
    "summary": "Append dead letters to their topics again, after a fix",
    "query": [],
    "body": [
      {
        "name": "names",
        "description": "Names of the letters",
        "required": true,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "dropDeadLetters": {
    "method": "POST",
    "path": "/v1/dead-letters/drop",
    "summary": "Settle dead letters without sending them again",
    "query": [],
    "body": [
      {
        "name": "names",
        "description": "Names of the letters",
        "required": true,
        "kind": "texts"
      }
    ],
    "ifMatch": false
  },
  "streamTurn": {
    "method": "GET",
    "path": "/v1/turn/{session_id}",
    "summary": "Stream the turns of a session",
    "query": [
      {
        "name": "turn_id",
        "description": "Show only this turn",
        "required": false,
        "kind": "text"
      },
      {
        "name": "last_event_id",
        "description": "As `Last-Event-ID`, which counts when both are sent",
        "required": false,
        "kind": "text"
      },
      {
        "name": "follow",
        "description": "Keep the stream open after its turns have ended",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "streamTurns": {
    "method": "GET",
    "path": "/v1/turns",
    "summary": "Stream the turns of all sessions of the tenant",
    "query": [
      {
        "name": "seconds",
        "description": "End the stream after this time; it stays open without it",
        "required": false,
        "kind": "number"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "listModels": {
    "method": "GET",
    "path": "/v1/models",
    "summary": "List the models that the tenant may ask",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getModel": {
    "method": "GET",
    "path": "/v1/models/{model}",
    "summary": "Get one model",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "createChatCompletion": {
    "method": "POST",
    "path": "/v1/chat/completions",
    "summary": "Answer a chat, whole or as a stream",
    "query": [],
    "body": [
      {
        "name": "model",
        "description": "A model of `GET /v1/models`; `default` for the default model",
        "required": true,
        "kind": "text"
      },
      {
        "name": "messages",
        "description": "Oldest first; the last one is of the user, or the result of a call of a tool",
        "required": true,
        "kind": "json"
      },
      {
        "name": "stream",
        "description": "True for Server-Sent Events",
        "required": false,
        "kind": "json"
      },
      {
        "name": "stream_options",
        "description": "`include_usage`: a chunk with the usage comes last",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "temperature",
        "description": "That of the persona when omitted",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "seed",
        "description": "Seed of the sampler",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "stop",
        "description": "At most 4 texts that end the answer, which does not contain them",
        "required": false,
        "kind": "text_or_json",
        "nullable": true
      },
      {
        "name": "max_completion_tokens",
        "description": "Maximum length of the answer, in tokens",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "max_tokens",
        "description": "The older name of `max_completion_tokens`",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "metadata",
        "description": "Key-value pairs of the session; `khipu_persona` chooses the persona",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "user",
        "description": "Kept in the metadata of the session",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "response_format",
        "description": "Form of the answer, as far as the provider of the model supports it",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "tools",
        "description": "Tools that the answer may ask for, at most 128",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "tool_choice",
        "description": "`auto` when omitted",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "parallel_tool_calls",
        "description": "False: the answer asks for at most one call",
        "required": false,
        "kind": "json"
      },
      {
        "name": "recall",
        "description": "",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "n",
        "description": "",
        "required": false,
        "kind": "number",
        "nullable": true,
        "choices": [
          "1"
        ]
      },
      {
        "name": "top_p",
        "description": "",
        "required": false,
        "kind": "number",
        "nullable": true,
        "choices": [
          "1"
        ]
      },
      {
        "name": "frequency_penalty",
        "description": "",
        "required": false,
        "kind": "number",
        "nullable": true,
        "choices": [
          "0"
        ]
      },
      {
        "name": "presence_penalty",
        "description": "",
        "required": false,
        "kind": "number",
        "nullable": true,
        "choices": [
          "0"
        ]
      },
      {
        "name": "logprobs",
        "description": "",
        "required": false,
        "kind": "boolean",
        "nullable": true,
        "choices": [
          "false"
        ]
      },
      {
        "name": "store",
        "description": "",
        "required": false,
        "kind": "boolean",
        "nullable": true,
        "choices": [
          "false"
        ]
      }
    ],
    "ifMatch": false
  },
  "createEmbedding": {
    "method": "POST",
    "path": "/v1/embeddings",
    "summary": "Compute embeddings of one or more texts",
    "query": [],
    "body": [
      {
        "name": "model",
        "description": "A model of `GET /v1/models`; `default` for the default model",
        "required": true,
        "kind": "text"
      },
      {
        "name": "input",
        "description": "One text, or a list of at most 64 texts; tokens are not supported",
        "required": true,
        "kind": "text_or_json"
      },
      {
        "name": "encoding_format",
        "description": "`base64`: 32-bit floats, little-endian",
        "required": false,
        "kind": "text",
        "choices": [
          "float",
          "base64"
        ]
      },
      {
        "name": "user",
        "description": "",
        "required": false,
        "kind": "text",
        "nullable": true
      }
    ],
    "ifMatch": false
  },
  "createModeration": {
    "method": "POST",
    "path": "/v1/moderations",
    "summary": "Classify texts by the moderation rules of the constitution",
    "query": [],
    "body": [
      {
        "name": "input",
        "description": "One text, or a list of at most 64 texts. Text parts are one text; images are not supported",
        "required": true,
        "kind": "text_or_json"
      },
      {
        "name": "model",
        "description": "Without effect: the active constitution classifies",
        "required": false,
        "kind": "text",
        "nullable": true
      }
    ],
    "ifMatch": false
  },
  "listFiles": {
    "method": "GET",
    "path": "/v1/files",
    "summary": "List the files of the tenant, newest first",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items; a page has at most 200",
        "required": false,
        "kind": "number"
      },
      {
        "name": "after",
        "description": "`last_id` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "purpose",
        "description": "Only files for this purpose",
        "required": false,
        "kind": "text"
      },
      {
        "name": "order",
        "description": "",
        "required": false,
        "kind": "text",
        "choices": [
          "desc"
        ]
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "createFile": {
    "method": "POST",
    "path": "/v1/files",
    "summary": "Upload a file",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getFile": {
    "method": "GET",
    "path": "/v1/files/{file_id}",
    "summary": "Get a file, without its content",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "deleteFile": {
    "method": "DELETE",
    "path": "/v1/files/{file_id}",
    "summary": "Delete a file",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getFileContent": {
    "method": "GET",
    "path": "/v1/files/{file_id}/content",
    "summary": "Read the content of a file",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "createResponse": {
    "method": "POST",
    "path": "/v1/responses",
    "summary": "Answer an input, whole, as a stream, or in the background",
    "query": [],
    "body": [
      {
        "name": "model",
        "description": "A model of `GET /v1/models`; `default` for the default model",
        "required": true,
        "kind": "text"
      },
      {
        "name": "input",
        "description": "A prompt, or items oldest first; the last one is of the user, or the result of a call",
        "required": true,
        "kind": "text_or_json"
      },
      {
        "name": "instructions",
        "description": "Take the place of the persona’s",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "previous_response_id",
        "description": "The response that this one continues",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "conversation",
        "description": "The conversation whose turn it is",
        "required": false,
        "kind": "text_or_json",
        "nullable": true
      },
      {
        "name": "stream",
        "description": "True for Server-Sent Events",
        "required": false,
        "kind": "json"
      },
      {
        "name": "stream_options",
        "description": "",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "background",
        "description": "True: answer at once; the response goes on without its client",
        "required": false,
        "kind": "json"
      },
      {
        "name": "store",
        "description": "False: it cannot be read later. The log keeps it",
        "required": false,
        "kind": "json"
      },
      {
        "name": "tools",
        "description": "Tools that the answer may ask for, at most 128",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "tool_choice",
        "description": "",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "parallel_tool_calls",
        "description": "",
        "required": false,
        "kind": "json"
      },
      {
        "name": "text",
        "description": "",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "max_output_tokens",
        "description": "",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "temperature",
        "description": "",
        "required": false,
        "kind": "number",
        "nullable": true
      },
      {
        "name": "metadata",
        "description": "Key-value pairs; `khipu_persona` chooses the persona",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "recall",
        "description": "",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "user",
        "description": "",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "safety_identifier",
        "description": "",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "prompt_cache_key",
        "description": "",
        "required": false,
        "kind": "text",
        "nullable": true
      },
      {
        "name": "include",
        "description": "Taken, and without effect: models here have neither",
        "required": false,
        "kind": "texts",
        "nullable": true
      },
      {
        "name": "top_p",
        "description": "",
        "required": false,
        "kind": "number",
        "nullable": true,
        "choices": [
          "1"
        ]
      },
      {
        "name": "truncation",
        "description": "",
        "required": false,
        "kind": "text",
        "nullable": true,
        "choices": [
          "disabled"
        ]
      },
      {
        "name": "service_tier",
        "description": "",
        "required": false,
        "kind": "text",
        "nullable": true,
        "choices": [
          "auto"
        ]
      },
      {
        "name": "top_logprobs",
        "description": "",
        "required": false,
        "kind": "number",
        "nullable": true,
        "choices": [
          "0"
        ]
      }
    ],
    "ifMatch": false
  },
  "getResponse": {
    "method": "GET",
    "path": "/v1/responses/{response_id}",
    "summary": "Get a response, or the rest of its stream",
    "query": [
      {
        "name": "stream",
        "description": "True for Server-Sent Events",
        "required": false,
        "kind": "text"
      },
      {
        "name": "starting_after",
        "description": "Only events after this number",
        "required": false,
        "kind": "number"
      },
      {
        "name": "include",
        "description": "Taken, and without effect",
        "required": false,
        "kind": "json"
      },
      {
        "name": "include_obfuscation",
        "description": "",
        "required": false,
        "kind": "text",
        "choices": [
          "false"
        ]
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "deleteResponse": {
    "method": "DELETE",
    "path": "/v1/responses/{response_id}",
    "summary": "Delete a response",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "cancelResponse": {
    "method": "POST",
    "path": "/v1/responses/{response_id}/cancel",
    "summary": "Cancel a response that runs in the background",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "listResponseInputItems": {
    "method": "GET",
    "path": "/v1/responses/{response_id}/input_items",
    "summary": "List the input items of a response",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "after",
        "description": "`last_id` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "order",
        "description": "Newest first when omitted",
        "required": false,
        "kind": "text",
        "choices": [
          "asc",
          "desc"
        ]
      },
      {
        "name": "include",
        "description": "Taken, and without effect",
        "required": false,
        "kind": "json"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "createConversation": {
    "method": "POST",
    "path": "/v1/conversations",
    "summary": "Create a conversation",
    "query": [],
    "body": [
      {
        "name": "items",
        "description": "",
        "required": false,
        "kind": "json",
        "nullable": true
      },
      {
        "name": "metadata",
        "description": "",
        "required": false,
        "kind": "json",
        "nullable": true
      }
    ],
    "ifMatch": false
  },
  "getConversation": {
    "method": "GET",
    "path": "/v1/conversations/{conversation_id}",
    "summary": "Get a conversation, without its items",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "updateConversation": {
    "method": "POST",
    "path": "/v1/conversations/{conversation_id}",
    "summary": "Replace the metadata of a conversation",
    "query": [],
    "body": [
      {
        "name": "metadata",
        "description": "",
        "required": false,
        "kind": "json",
        "nullable": true
      }
    ],
    "ifMatch": false
  },
  "deleteConversation": {
    "method": "DELETE",
    "path": "/v1/conversations/{conversation_id}",
    "summary": "Delete a conversation",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "createConversationItems": {
    "method": "POST",
    "path": "/v1/conversations/{conversation_id}/items",
    "summary": "Add items to a conversation",
    "query": [
      {
        "name": "include",
        "description": "Taken, and without effect",
        "required": false,
        "kind": "json"
      }
    ],
    "body": [
      {
        "name": "items",
        "description": "",
        "required": true,
        "kind": "json"
      }
    ],
    "ifMatch": false
  },
  "listConversationItems": {
    "method": "GET",
    "path": "/v1/conversations/{conversation_id}/items",
    "summary": "List the items of a conversation, with input and output of its responses",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items",
        "required": false,
        "kind": "number"
      },
      {
        "name": "after",
        "description": "`last_id` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "order",
        "description": "Newest first when omitted",
        "required": false,
        "kind": "text",
        "choices": [
          "asc",
          "desc"
        ]
      },
      {
        "name": "include",
        "description": "Taken, and without effect",
        "required": false,
        "kind": "json"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "deleteConversationItem": {
    "method": "DELETE",
    "path": "/v1/conversations/{conversation_id}/items/{item_id}",
    "summary": "Delete an item of a conversation",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getConversationItem": {
    "method": "GET",
    "path": "/v1/conversations/{conversation_id}/items/{item_id}",
    "summary": "Get an item of a conversation",
    "query": [
      {
        "name": "include",
        "description": "Taken, and without effect",
        "required": false,
        "kind": "json"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "createBatch": {
    "method": "POST",
    "path": "/v1/batches",
    "summary": "Answer the requests of a file",
    "query": [],
    "body": [
      {
        "name": "input_file_id",
        "description": "A file of the purpose `batch`: one request a line",
        "required": true,
        "kind": "text"
      },
      {
        "name": "endpoint",
        "description": "The `url` of every request",
        "required": true,
        "kind": "text",
        "choices": [
          "/v1/chat/completions",
          "/v1/embeddings"
        ]
      },
      {
        "name": "completion_window",
        "description": "",
        "required": true,
        "kind": "text",
        "choices": [
          "24h"
        ]
      },
      {
        "name": "metadata",
        "description": "Key-value pairs, shown with the batch",
        "required": false,
        "kind": "json",
        "nullable": true
      }
    ],
    "ifMatch": false
  },
  "listBatches": {
    "method": "GET",
    "path": "/v1/batches",
    "summary": "List the batches of the tenant, newest first",
    "query": [
      {
        "name": "limit",
        "description": "Maximum number of items; a page has at most 200",
        "required": false,
        "kind": "number"
      },
      {
        "name": "after",
        "description": "`last_id` of the previous page",
        "required": false,
        "kind": "text"
      },
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "getBatch": {
    "method": "GET",
    "path": "/v1/batches/{batch_id}",
    "summary": "Get a batch",
    "query": [
      {
        "name": "position",
        "description": "Position token of an earlier answer. The query waits until its read model has reached it",
        "required": false,
        "kind": "text"
      }
    ],
    "body": [],
    "ifMatch": false
  },
  "cancelBatch": {
    "method": "POST",
    "path": "/v1/batches/{batch_id}/cancel",
    "summary": "Cancel a batch",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "getAgentCard": {
    "method": "GET",
    "path": "/a2a/{tenant}/{install}/.well-known/agent-card.json",
    "summary": "Get the signed agent card of an install, for the Agent2Agent protocol",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "live": {
    "method": "GET",
    "path": "/health/live",
    "summary": "Liveness of the process",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "ready": {
    "method": "GET",
    "path": "/health/ready",
    "summary": "Readiness of the gateway, with each of its dependencies",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "metrics": {
    "method": "GET",
    "path": "/metrics",
    "summary": "Metrics in the Prometheus text format",
    "query": [],
    "body": [],
    "ifMatch": false
  },
  "jwks": {
    "method": "GET",
    "path": "/.well-known/jwks.json",
    "summary": "Public keys that verify session tokens (RFC 7517)",
    "query": [],
    "body": [],
    "ifMatch": false
  }
} as const satisfies Readonly<Record<string, OperationSpec>>;
