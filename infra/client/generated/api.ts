/** Generated from docs/reference/openapi.json by `npm run docs:pages`. Do not edit. */
export interface paths {
    "/v1/sessions/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a session, with a first turn when `prompt` is set
         * @description Answers with the outcome in the log: 201 with the session and its token, 403 when the policy denies it, 202 when there is no outcome in time or with `Prefer: respond-async`.
         */
        post: operations["startSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session_id}/turns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submit a turn in a session
         * @description Requires the token of the session. 202 when the command is in the log; the stream at `turn_url` shows the progress and the result of the turn.
         */
        post: operations["submitTurn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session_id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a narrower token of the session
         * @description Requires the token of the session. The new token can only have capabilities that this token covers, and expires no later. It can be narrowed again, but not widened. The policy decides on a turn with the capabilities of the token that submitted it.
         */
        post: operations["narrowToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session_id}/stream-tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a single-use ticket for the stream of the session
         * @description For `EventSource`, which sends no `Authorization`: open `GET /v1/turn/{session_id}?ticket=` with it. The ticket works once, within 30 seconds, at any gateway, for this session and in the name of this caller. It opens the stream and nothing else. Create another one to resume.
         */
        post: operations["createStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a session with its turns, its decision and its usage */
        get: operations["getSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session_id}/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Trace a session from its commands to its rows, with decisions, positions in the log and latencies */
        get: operations["traceSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the sessions of the tenant, newest first */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/slm/infer_sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Generate one answer of the model */
        post: operations["inferSync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/slm/embedding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compute embeddings of one or more texts */
        post: operations["embed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/slm/requests/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the answer to an earlier request */
        get: operations["getSlmRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/slm/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health of the language model, derived from the log
         * @description Derived from the last request and the number of waiting requests, without a request to the model. 503 when failing or stuck.
         */
        get: operations["slmHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask what policy would decide on a prompt, or explain a recorded decision
         * @description Requires `constitution:try`. Nothing runs and nothing is charged. A prompt is decided as the start of a session, with kill switches, revocations and settings of the tenant; budgets and the external policy engine do not count. A recorded decision is explained by its constitution alone.
         */
        post: operations["tryPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitutions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of the constitution, and the active one
         * @description Requires a `constitution:` capability. Ordered by latest change, newest first.
         */
        get: operations["listConstitutions"];
        put?: never;
        /**
         * Propose a constitution for review and signing
         * @description Requires `constitution:propose`. The document must be valid and pass its own tests. Proposing a version again before it is published voids its earlier reviews and signatures.
         */
        post: operations["proposeConstitution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitutions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a version of the constitution with its document
         * @description Requires a `constitution:` capability.
         */
        get: operations["getConstitution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitutions/{version}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare a version of the constitution with another
         * @description Requires a `constitution:` capability. A list of items with an id or a name is compared by it, so that their order is no difference.
         */
        get: operations["diffConstitution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitutions/shadow/differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the latest decisions that the shadow constitution would have taken differently
         * @description Requires a `constitution:` capability. The last 100 decisions of the tenant, newest first; the topic `policy.shadow` has those of 30 days.
         */
        get: operations["listShadowDifferences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitutions/{version}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve or reject a proposed constitution
         * @description Requires `constitution:review`. An approval by the proposer does not count towards the approvals required for publication. One rejection ends the proposal.
         */
        post: operations["reviewConstitution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitutions/{version}/signatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add an offline signature to a proposed constitution
         * @description Requires `constitution:review`. The signature must be from a trusted key. The last required signature publishes the version.
         */
        post: operations["signConstitution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitutions/activations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activate a published version; activating an older one rolls back
         * @description Requires `constitution:activate`. The version must be published, verify with the currently trusted keys and pass its own tests. Every decision names the version that made it.
         */
        post: operations["activateConstitution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitutions/shadow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Evaluate a published version beside the active one without effect, or stop doing so
         * @description Requires `constitution:activate`. Decisions that differ from those of the active version are counted and appended to the topic `policy.shadow`.
         */
        post: operations["shadowConstitution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kill-switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the engaged kill switches
         * @description Requires a `kill-switch:` capability. Switches of other tenants are shown only to callers that may set them.
         */
        get: operations["listKillSwitches"];
        put?: never;
        /**
         * Engage or release a kill switch
         * @description Requires `kill-switch:set` for the caller's own tenant, `kill-switch:set:<scope>` for any other scope. 200 when this gateway refuses new work, or admits it again; 202 when a release waits for a second principal, or when there is no outcome in time.
         */
        post: operations["setKillSwitch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/revocations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke the tokens of a session, of a principal, or of the tenant
         * @description Requires `revocations:create`. Every gateway refuses tokens that were issued until now within moments, and ends their streams. Tokens issued later are valid.
         */
        post: operations["revokeTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tenants that the caller may manage
         * @description Requires an `identity:` capability. With `identity:manage` alone the list has only the caller’s own tenant. Ordered by id.
         */
        get: operations["listTenants"];
        put?: never;
        /**
         * Create a tenant
         * @description Requires `identity:manage:<tenant>`. A tenant that has keys but was never created is active, with the default of each setting.
         */
        post: operations["createTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{tenant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a tenant with its settings
         * @description Requires `identity:manage` for the caller’s own tenant, `identity:manage:<tenant>` for another.
         */
        get: operations["getTenant"];
        /**
         * Replace the name, the status and the settings of a tenant
         * @description Requires `identity:manage:<tenant>` and `If-Match`. An omitted setting gets its default. Every gateway refuses a suspended tenant and ends its streams.
         */
        put: operations["changeTenant"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the roles of the tenant
         * @description Requires `identity:manage`. Ordered by name.
         */
        get: operations["listRoles"];
        put?: never;
        /**
         * Create a role
         * @description Requires `identity:manage`, and each capability of the role.
         */
        post: operations["createRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/roles/{role}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a role with its capabilities
         * @description Requires `identity:manage`.
         */
        get: operations["getRole"];
        /**
         * Replace the description and the capabilities of a role
         * @description Requires `identity:manage`, each added capability, and `If-Match`.
         */
        put: operations["changeRole"];
        post?: never;
        /**
         * Remove a role; its principals lose its capabilities
         * @description Requires `identity:manage` and `If-Match`.
         */
        delete: operations["removeRole"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the users of the tenant
         * @description Requires `identity:manage`. Ordered by id.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Create a user
         * @description Requires `identity:manage`, and each capability of its roles.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a user with its capabilities
         * @description Requires `identity:manage`.
         */
        get: operations["getUser"];
        /**
         * Replace the name, the status and the roles of a user
         * @description Requires `identity:manage`, each capability of the added roles, and `If-Match`. Every gateway refuses a disabled user with any credentials and ends its streams.
         */
        put: operations["changeUser"];
        post?: never;
        /**
         * Remove a user; its keys and tokens are refused
         * @description Requires `identity:manage` and `If-Match`.
         */
        delete: operations["removeUser"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the service accounts of the tenant
         * @description Requires `identity:manage`. Ordered by id.
         */
        get: operations["listServiceAccounts"];
        put?: never;
        /**
         * Create a service account
         * @description Requires `identity:manage`, and each capability of its roles.
         */
        post: operations["createServiceAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-accounts/{service_account_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a service account with its capabilities
         * @description Requires `identity:manage`.
         */
        get: operations["getServiceAccount"];
        /**
         * Replace the name, the status and the roles of a service account
         * @description Requires `identity:manage`, each capability of the added roles, and `If-Match`. Every gateway refuses a disabled service account with any credentials and ends its streams.
         */
        put: operations["changeServiceAccount"];
        post?: never;
        /**
         * Remove a service account; its keys and tokens are refused
         * @description Requires `identity:manage` and `If-Match`.
         */
        delete: operations["removeServiceAccount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the API keys of the tenant, including revoked ones
         * @description Requires `identity:manage`. Keys in the key file of the operators, such as the first key of a tenant, are not listed.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Create an API key; its text is shown once
         * @description Requires `identity:manage`, and each capability of the key. A 201 has the text of the key; only a slow hash of it is stored. A repeat with the same `Idempotency-Key` creates no other key: it answers 200 without the text. If the text is lost, rotate the key, or revoke it and create another.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an API key with its owner and its status
         * @description Requires `identity:manage`.
         */
        get: operations["getApiKey"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key immediately and permanently
         * @description Requires `identity:manage`. Every gateway refuses the key within moments, including its previous secret, and ends the streams that were opened with it. `If-Match` is optional, so that a leaked key can be revoked without reading it first.
         */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{key_id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the secret of an API key; the new text is shown once
         * @description Requires `identity:manage`, each capability of the key, and `If-Match`, which keeps a repeated request from replacing the secret that it returned. The previous secret stays valid for `overlap_seconds`. A repeat with the same `Idempotency-Key` answers without the text.
         */
        post: operations["rotateApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/personas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the personas that the tenant can use
         * @description A persona of the tenant takes the place of one of the platform with the same name. Ordered by name. Another tenant requires `personas:manage:<tenant>`.
         */
        get: operations["listPersonas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/personas/{persona}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a persona with its instructions and defaults
         * @description Another tenant requires `personas:manage:<tenant>`.
         */
        get: operations["getPersona"];
        /**
         * Create or replace a persona
         * @description Requires `personas:manage` for the caller’s own tenant, `personas:manage:<tenant>` for another, `personas:manage:*` for the platform. Without `If-Match` it creates the persona: 201, or 409 when there is one. With `If-Match` it replaces that version. An omitted field gets its default. A change takes effect with the next turn, also in running sessions.
         */
        put: operations["putPersona"];
        post?: never;
        /**
         * Remove a persona; turns with it are refused from now on
         * @description Requires `personas:manage` for the caller’s own tenant, `personas:manage:<tenant>` for another, `personas:manage:*` for the platform, and `If-Match`. Where the platform has a persona of the same name, the tenant uses that one again.
         */
        delete: operations["removePersona"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the budgets of the tenant: limits, spent and remaining amounts
         * @description Remaining amounts subtract the reservations of open requests. Spending counts from the first budget of the tenant on. The read model may lag the ledger that decides by a moment.
         */
        get: operations["getBudgets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a job
         * @description Requires `jobs:start:<type>`, the lane `interactive` also `jobs:lane:interactive`, and an input above 64 KB also `files:create`: rules do not read it. Answers with the outcome in the log: 201 when the job was accepted, 403 when the policy denies it. A worker runs it then; `events_url` shows how, and `result_url` what came of it.
         */
        post: operations["startJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a job
         * @description Requires `jobs:start:<type>`, the lane `interactive` also `jobs:lane:interactive`, and an input above 64 KB also `files:create`: rules do not read it. Answers with the outcome in the log: 201 when the job was accepted, 403 when the policy denies it. A worker runs it then; `events_url` shows how, and `result_url` what came of it.
         */
        post: operations["startJobAlias"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/start/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start many jobs of one type
         * @description Requires `jobs:start:<type>`, and for an input above 64 KB also `files:create`. All items are checked first; then all starts are in the log, and each is decided on its own, by policy and by the budgets. `GET /v1/jobs?tag=batch:<batch_id>` lists the jobs. A repeat with the same `Idempotency-Key` starts no job twice, and completes a request that the log has in part. As `application/x-ndjson`, the body has an item a line, and the other fields are in the query; errors name the line.
         */
        post: operations["startJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel, pause, resume or retry all jobs of a filter, after a dry run
         * @description Requires `jobs:control`. With `dry_run`, the answer has the number of the jobs, some of them, and a token. The same request with this token instead does it for exactly these jobs: when the filter finds others by then, it is refused with `JOB_BULK_CHANGED`. Only jobs that can take the action count. The commands are in the log then, and each is decided on its own.
         */
        post: operations["actOnJobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a job from a step of another one
         * @description Requires `jobs:start:<type>`, and for an input above 64 KB also `files:create`. The new job takes the results that the other one recorded before `from_step`, and runs everything else with the version of the handler that is registered now. The other job is not changed; it may run, or have ended in any way. Steps that run again have idempotency keys of their own. With `constitution` the new job is simulated, which takes `constitution:try` as well: nothing that it asks for happens. Policy decides on each request under that constitution, without budgets; the record of the other job answers, and a job that asks for what the record does not have fails with `SIMULATION_DIVERGED`. A fork of a simulated job is simulated.
         */
        post: operations["forkJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job and its children
         * @description Requires `jobs:control`. It is not governed: it is possible while a kill switch stops new work. The job ends at once.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a job: no further step begins until it is resumed
         * @description Requires `jobs:control`. It is not governed: it is possible while a kill switch stops new work.
         */
        post: operations["pauseJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused or suspended job
         * @description Requires `jobs:control`.
         */
        post: operations["resumeJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a failed or dead job from its journal: finished steps are not run again
         * @description Requires `jobs:control`.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/signals/{signal}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a signal to a job
         * @description Requires `jobs:control`. The signal waits until the handler asks for one of its name, at most 100 of a job.
         */
        post: operations["signalJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a job with its steps, now or at an earlier time
         * @description `as_of` answers with the job as the log had it at that time, after that event, or at that position: folded from its events, with the rules of the read model.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a job with its steps, now or at an earlier time
         * @description `as_of` answers with the job as the log had it at that time, after that event, or at that position: folded from its events, with the rules of the read model.
         */
        get: operations["getJobAlias"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the steps and waits of a job with their results, in order */
        get: operations["listJobSteps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream the events of a job
         * @description Server-Sent Events, one per event of the job, such as `job.run_started`, `job.step_completed` and `job.completed`. The `id` of an event is its id in the log. `Last-Event-ID` resumes the stream after that event without a gap or a repeat, at any gateway. The stream ends when the job has; with `follow=true` it stays open, and shows a retry of the job. 204 when a resumed stream has no more events.
         */
        get: operations["streamJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the result of a job
         * @description With `Prefer: wait=<seconds>`, at most 60, the answer waits for the end of the job. A failed, dead or cancelled job is a problem; `job_code` is the code that the job ended with.
         */
        get: operations["getJobResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job_id}/contents/{content_digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a large input or result of a job
         * @description The JSON of the input, the result or the result of a step above 64 KB: `input_content`, `result_content` and `output_content` have its URL. The answer breaks off when it is not that of its digest.
         */
        get: operations["getJobContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the jobs of the tenant, newest first */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/job-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the types of jobs that workers have registered */
        get: operations["listJobTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compute the due times of a schedule that is not defined
         * @description Nothing is recorded, and no capability is needed.
         */
        post: operations["previewSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a schedule with its next due times and its latest runs
         * @description The `ETag` is the version of its definition, for `If-Match`.
         */
        get: operations["getSchedule"];
        /**
         * Create or replace a schedule
         * @description Requires `schedules:define:<type>`. Each run starts its job with the capabilities that the caller has now, by the constitution in force then: it requires `jobs:start:<type>`, and a refused run does not stop the schedule. What runs and what waits goes on when a schedule is replaced. An omitted field gets its default. Without `If-Match` it creates the schedule: 201, or 428 when there is one. With `If-Match` it replaces that version: 200, or 412 when the schedule has another one.
         */
        put: operations["putSchedule"];
        post?: never;
        /**
         * Remove a schedule; its running jobs go on
         * @description Requires `schedules:control`. It is not governed: it is possible while a kill switch stops new work.
         */
        delete: operations["removeSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a schedule: no run is made until it is resumed
         * @description Requires `schedules:control`. It is not governed: it is possible while a kill switch stops new work. Running jobs and backfills go on; what is buffered is skipped.
         */
        post: operations["pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a paused schedule with its next due time
         * @description Requires `schedules:control`. Due times of the pause are not made up for: backfill them.
         */
        post: operations["resumeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start the job of a schedule once, now
         * @description Requires `schedules:control`. Beside what runs, also while the schedule is paused. The job may still be refused: follow it.
         */
        post: operations["triggerSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}/backfill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the runs of past due times
         * @description Requires `schedules:control`. A due time whose job was started before starts none again: a run that was refused or skipped is made, any other is only recorded. Also while the schedule is paused.
         */
        post: operations["backfillSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules/{schedule_id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of a schedule, the latest due time first
         * @description With what was skipped and what waits in the buffer. A removed schedule that is created again keeps them.
         */
        get: operations["listScheduleRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the schedules of the tenant, newest first */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tools of the tenant, ordered by name
         * @description Requires `tool:read`.
         */
        get: operations["listTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/{tool}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a tool with its signed manifest
         * @description Requires `tool:read`. The `ETag` is its version, for `If-Match`.
         */
        get: operations["getTool"];
        /**
         * Register a tool, or replace its manifest
         * @description Requires `tool:admin`. Without `If-Match` it registers the tool: 201, or 409 when there is one. With `If-Match` it replaces that version; a changed manifest takes a new `version`. The manifest is signed by a key that the platform trusts. Calls that were accepted before run under the manifest of that time.
         */
        put: operations["putTool"];
        post?: never;
        /**
         * Remove a tool; calls of it are refused from now on
         * @description Requires `tool:admin`. Calls that were accepted before end. Its history stays, and its versions go on when it is registered again.
         */
        delete: operations["removeTool"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/{tool}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a tool, the newest first
         * @description Requires `tool:read`. A removed tool keeps its history.
         */
        get: operations["listToolVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/{tool}/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call a tool
         * @description Requires `tool:execute:<tool>`. The answer waits up to 30 s, or as long as `Prefer: wait` says; then it is 202, and `Location` has the outcome. A call that ended is answered with 200 whatever its outcome is: read `status`. Only a call that was not run, because the calls of the minute that its manifest allows were spent, is answered with 429 and `Retry-After`. A call that needs an approval is answered with 202 and `status` `waiting`: see `/v1/approvals/{approval_id}`. `unknown` says that it may have taken effect; an irreversible call is never tried again.
         */
        post: operations["executeTool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/connect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask an MCP server which tools it offers, with a manifest to sign for each
         * @description Requires `tool:admin`. A governed call: the worker asks, through the egress broker or in a sandbox, and registers nothing. `output` has the server and its `tools`, each with a `manifest`. Nothing that the server says is trusted: each manifest says `irreversible` until a person writes otherwise. A server that wants credentials is asked through a registered tool, whose signed manifest names them.
         */
        post: operations["connectTools"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/{tool}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare a tool with what its server says of it now
         * @description Requires `tool:admin`. A governed call that changes nothing outside: it connects to the server of the tool and compares the definition with the pinned one. `succeeded`: they are the same. `TOOL_DEFINITION_CHANGED`: they are not, and the tool is quarantined.
         */
        post: operations["checkTool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/{tool}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the health of a tool, derived from its latest calls
         * @description Requires `tool:read`. Nothing is sent outside: `POST /v1/tools/{tool}/check` asks the server.
         */
        get: operations["getToolHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/{tool}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the calls of a tool, the newest first
         * @description Requires `tool:read`. With refused calls. Calls of a removed tool stay.
         */
        get: operations["auditTool"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tool-calls/{call_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a call with its outcome
         * @description Calls of others require `tool:read`.
         */
        get: operations["getToolCall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tool-calls/{call_id}/output": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the whole output of a call
         * @description The JSON that the tool answered, also above 64 KB, where the call has `output_content` and the beginning of it. Calls of others require `tool:read`. The answer breaks off when it is not that of its digest.
         */
        get: operations["getToolCallOutput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the runs of agents of the tenant, the newest first */
        get: operations["listAgentRuns"];
        put?: never;
        /**
         * Start a run of an agent
         * @description Requires `agents:start:<agent>`, `slm:invoke:<model>` unless it has a program, and `tool:execute:<tool>` of each tool. The model is asked for calls of its tools until it has a result, within the limits. Each request to the model and each call is decided on its own; a refused call is a result that the model sees. Answers with the start: the result is at `result_url`.
         */
        post: operations["startAgentRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/runs/{run_id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a run from a call of a program, with another answer
         * @description Requires what a start of the run requires. The new run begins where the program of the other one waited for its call, and gives it this answer; nothing before the call runs again, and every later call is decided on and made. Tools have the manifests of this moment, limits are those of the other run, and labels of all that it had seen stay. The other run is not changed; it may run, or have ended in any way.
         */
        post: operations["forkAgentRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/runs/{run_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a run and its children
         * @description Requires `agents:control`. It is not governed: it is possible while a kill switch stops new work. The run ends at once; a call of a tool that has begun goes on, and changes nothing in the run.
         */
        post: operations["cancelAgentRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/runs/{run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a run with its steps: answers, calls, decisions, costs and labels
         * @description A call is at `/v1/tool-calls/{call_id}` as well, with its whole output and what it did outside.
         */
        get: operations["getAgentRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/runs/{run_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream the events of a run
         * @description Server-Sent Events, one per event of the run, such as `agent.step_completed`, `agent.call_ended` and `agent.run_completed`. The `id` of an event is its id in the log. `Last-Event-ID` resumes the stream after that event without a gap or a repeat, at any gateway. The stream ends when the run has. 204 when a resumed stream has no more events.
         */
        get: operations["streamAgentRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/agents/runs/{run_id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the result of a run
         * @description With `Prefer: wait=<seconds>`, at most 60, the answer waits for the end of the run. A run that failed or was cancelled is a problem; `run_code` is the code that it ended with.
         */
        get: operations["getAgentRunResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the approvals of the tenant, the newest first
         * @description Requires `approval:read`. With `mine`, a page has those of its approvals that the caller may decide on, so it may have fewer.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{approval_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an approval: all that its approver must see
         * @description Who asked for the call sees it as well; others require `approval:read`.
         */
        get: operations["getApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approvals/{approval_id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve a call, reject it, or edit its arguments
         * @description Requires `approval:decide`, or `approval:decide:<tool>`, and what the rule asks for besides. A decision is of the `digest` that was looked at. Who asked for the call does not decide on it, and no session does. Edited arguments go through policy again and make another digest, which has no approvals yet.
         */
        post: operations["decideApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approval-grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the grants of the tenant, the newest first
         * @description Requires `approval:read`.
         */
        get: operations["listApprovalGrants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/approval-grants/{grant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a grant; the next call waits for an approval again
         * @description Requires `approval:decide`, or `approval:decide:<tool>`. Calls that it has covered run on.
         */
        delete: operations["revokeApprovalGrant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memory/remember": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remember a text in a space
         * @description Requires `memory:remember:<space>`. The text goes through policy, and its labels go with it: those that are declared, and those that are found in it. A recall after the answer finds it.
         */
        post: operations["remember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memory/memories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the memories of a space, the newest first
         * @description Requires `memory:recall:<space>`. With forgotten ones, which have no content.
         */
        get: operations["listMemories"];
        put?: never;
        /**
         * Remember a text in a space
         * @description Requires `memory:remember:<space>`. The text goes through policy, and its labels go with it: those that are declared, and those that are found in it. A recall after the answer finds it.
         */
        post: operations["createMemory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memory/recall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recall the memories of a space that are nearest to a text
         * @description Requires `memory:recall:<space>`. Compares the text with every memory that the filters leave, so the result is exact, and the same for the same log.
         */
        post: operations["recall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memory/rag/retrieve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recall memories as a context for a prompt
         * @description Requires `memory:recall:<space>`. `context` has the texts of the candidates, as many as fit whole.
         */
        post: operations["retrieveMemories"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memory/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Link two memories of a space
         * @description Requires `memory:remember:<space>`, and an API key: a memory stays in the place where it began.
         */
        post: operations["linkMemories"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memory/memories/{memory_id}/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget a memory: no later recall finds it
         * @description Requires `memory:forget:<space>`, and an API key. Its content is taken out of the read model of memories, and every recall leaves it out, also one as of an earlier time. The records in the log, their rows in the event store and backups keep the text until there are keys per subject.
         */
        post: operations["forgetMemory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memory/memories/{memory_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a memory with its links
         * @description Requires `memory:recall:<space>`. A memory that was forgotten has no content.
         */
        get: operations["getMemory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memory/persona/{persona}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a persona as SomaBrain shows one
         * @description A view of the personas that the tenant can use; `/v1/personas` changes them.
         */
        get: operations["getMemoryPersona"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what was metered, by day and model
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`. Days are in UTC, by the time of use.
         */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/billing/what-if": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare what was metered with what it would have cost under other prices
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`. Takes the use of models and the successful calls of tools of whole days, in UTC. Changes nothing.
         */
        post: operations["whatIfBilling"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List every version of the prices
         * @description Any API key may read them. Without a price, use costs what was metered, under version 0.
         */
        get: operations["listPrices"];
        /**
         * Set the next version of the prices
         * @description Requires `billing:prices`. Requires `billing:prices`. A version holds for use from its time on, at least a minute from now, for every tenant; what was charged before stays as it is. `expected_version` names the version that it follows.
         */
        put: operations["setPrices"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts of the ledger with their balances
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`. As of a time, the balances are the same whenever they are asked for.
         */
        get: operations["listLedgerAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/accounts/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an account of the ledger with its balance
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`. The account of the tenant always exists; any other one once a transaction has named it.
         */
        get: operations["getLedgerAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the transactions of the ledger, the newest first
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`.
         */
        get: operations["listLedgerTransactions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/transactions/{transaction_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a transaction of the ledger with its legs and lines
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`.
         */
        get: operations["getLedgerTransaction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ledger/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Correct the use of a charge, or reverse it
         * @description Requires `billing:correct:<tenant>`, also for the own tenant. Posts one further transaction with the difference, which names the one before it; nothing is ever changed. A charge takes corrections for 40 days, and one that is reversed as well.
         */
        post: operations["correctCharge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{period}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the invoice of a month
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`. It has what the log took in the month, so an invoice is final an hour after it; what comes later is on the next one.
         */
        get: operations["getInvoice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{period}/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the lines of an invoice as CSV
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`.
         */
        get: operations["getInvoiceCsv"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invoices/{period}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an invoice as PDF
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`.
         */
        get: operations["getInvoicePdf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs/focus.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the costs of a month in the columns of FOCUS 1.2
         * @description Requires `billing:read`; of another tenant `billing:read:<tenant>`. One row a day, resource and price.
         */
        get: operations["getFocusCosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/personas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get figures of personas, over a range or in windows
         * @description Requires `analytics:read`. Requires `analytics:read`. By the time of each record; a record that comes late is counted where it belongs. Ordered by subject and window; at most 5000 items.
         */
        get: operations["getPersonaAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get figures of tools, over a range or in windows
         * @description Requires `analytics:read`. Requires `analytics:read`. By the time of each record; a record that comes late is counted where it belongs. Ordered by subject and window; at most 5000 items.
         */
        get: operations["getToolAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get figures of policies, over a range or in windows
         * @description Requires `analytics:read`. Requires `analytics:read`. By the time of each record; a record that comes late is counted where it belongs. Ordered by subject and window; at most 5000 items.
         */
        get: operations["getPolicyAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get figures of models, over a range or in windows
         * @description Requires `analytics:read`. Requires `analytics:read`. By the time of each record; a record that comes late is counted where it belongs. Ordered by subject and window; at most 5000 items.
         */
        get: operations["getModelAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/anomalies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the anomalies of the tenant, the newest first
         * @description Requires `anomalies:read`. Requires `anomalies:read`. Each names the records that it was computed from.
         */
        get: operations["listAnomalies"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/anomalies/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the hours of series, with what was expected of them
         * @description Requires `anomalies:read`. Requires `anomalies:read`. Ordered by metric, subject and hour; at most 5000 items. Hours without a record are left out.
         */
        get: operations["getAnomalySeries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/anomalies/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the settings of the tenant, each version of them
         * @description Requires `anomalies:read`. Requires `anomalies:read`. Without any, the defaults of the platform hold, as version 0.
         */
        get: operations["getAnomalySettings"];
        /**
         * Set the next version of the settings of the tenant
         * @description Requires `anomalies:configure`. Requires `anomalies:configure`. They hold for records from 60 seconds later on. A field that is left out takes its default.
         */
        put: operations["setAnomalySettings"];
        post?: never;
        /**
         * Take the defaults of the platform back, as the next version
         * @description Requires `anomalies:configure`. Requires `anomalies:configure`. They hold for records from 60 seconds later on.
         */
        delete: operations["resetAnomalySettings"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/anomalies/{anomaly_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an anomaly with the records that show it
         * @description Requires `anomalies:read`. Requires `anomalies:read`.
         */
        get: operations["getAnomaly"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish a version of a capsule
         * @description Requires `capsules:publish`. The archive is checked whole: layout, digests, signature, schema, license, secrets, and that the tools exist. The version is listed after its reviews. A version never changes.
         */
        post: operations["publishCapsule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/marketplace/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish a version of a capsule
         * @description Requires `capsules:publish`. The archive is checked whole: layout, digests, signature, schema, license, secrets, and that the tools exist. The version is listed after its reviews. A version never changes.
         */
        post: operations["publishCapsuleAlias"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/capsules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List and search the capsules of the marketplace, the newest first
         * @description Requires `capsules:read`. Listed ones by default. Capsules that wait for a review, or were rejected, are shown to their publisher and to those who may review them: name the `publisher`.
         */
        get: operations["listCapsules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/marketplace/capsules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List and search the capsules of the marketplace, the newest first
         * @description Requires `capsules:read`. Listed ones by default. Capsules that wait for a review, or were rejected, are shown to their publisher and to those who may review them: name the `publisher`.
         */
        get: operations["listCapsulesAlias"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a version of a capsule, with its manifest and its reviews
         * @description Requires `capsules:read`.
         */
        get: operations["getCapsule"];
        /**
         * Publish a version of a capsule under its name
         * @description Requires `capsules:publish`. As `POST /v1/marketplace/publish`; the archive must be of this publisher, name and version.
         */
        put: operations["putCapsule"];
        post?: never;
        /**
         * Take a capsule off the list
         * @description Requires `capsules:publish`. Tenants cannot install it any more; installs of it go on.
         */
        delete: operations["yankCapsule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the archive of a capsule
         * @description Requires `capsules:read`. The bytes that were published, when no statement was added since: the same parts make the same archive.
         */
        get: operations["exportCapsule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve or reject a capsule
         * @description Requires `capsules:review:<publisher>`. Who publishes a capsule does not review it. The last approval that is needed lists it; a rejection ends the version.
         */
        post: operations["reviewCapsule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/attestations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the statements about a capsule, the newest first
         * @description Requires `capsules:read`.
         */
        get: operations["listCapsuleAttestations"];
        put?: never;
        /**
         * Add a statement to a capsule
         * @description Requires `capsules:review:<publisher>`. The statement is signed by a key that the platform trusts.
         */
        post: operations["attestCapsule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/capsules/{publisher}/{capsule}/{capsule_version}/revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a capsule in every install
         * @description Requires `capsules:revoke:<publisher>`. The kill switch `capsule:sha256.<digest>` stops new runs at once, and running ones at their next step.
         */
        post: operations["revokeCapsule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/installs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the installs of the tenant, the newest first
         * @description Requires `capsules:read`.
         */
        get: operations["listCapsuleInstalls"];
        put?: never;
        /**
         * Install a capsule
         * @description Requires `capsules:install`. The install pins the capsule by its digest. Its runs may use what is granted here, and no capability more; a run that needs more is refused.
         */
        post: operations["installCapsule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/installs/{install}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an install, with its digest and its grant
         * @description Requires `capsules:read`.
         */
        get: operations["getCapsuleInstall"];
        put?: never;
        post?: never;
        /**
         * Remove an install
         * @description Requires `capsules:install`. Runs that have begun end; its history stays.
         */
        delete: operations["uninstallCapsule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/installs/{install}/upgrade": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upgrade an install to another version
         * @description Requires `capsules:install`. A version that asks for more than the one before needs a new grant.
         */
        post: operations["upgradeCapsule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/installs/{install}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Return an install to what it ran before
         * @description Requires `capsules:install`. With the digest and the grant of that time; at most ten times in a row.
         */
        post: operations["rollbackCapsule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/marketplace/installs/{install}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run an installed capsule
         * @description Requires `capsules:run`. Starts a run of its agent, with the capabilities that were granted to the install and that the caller has. The run names the install and the digest. A run that needs a capability which is not granted is refused.
         */
        post: operations["runCapsule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evaluations/golden-sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the golden sets of the tenant, by name
         * @description Requires `evaluations:read`.
         */
        get: operations["listGoldenSets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evaluations/golden-sets/{golden_set}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a golden set with its document and its baseline
         * @description Requires `evaluations:read`.
         */
        get: operations["getGoldenSet"];
        /**
         * Create or replace a golden set
         * @description Requires `evaluations:manage`. A version is named by the sha256 of its document. Without `If-Match` it creates the golden set: 201, or 428 when there is one. With `If-Match` it replaces that version: 200, or 412. The baseline stays: cases that are equal in both are compared. Runs of its triggers have the capabilities that the caller has now.
         */
        put: operations["putGoldenSet"];
        post?: never;
        /**
         * Remove a golden set; its runs stay
         * @description Requires `evaluations:manage`.
         */
        delete: operations["removeGoldenSet"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evaluations/golden-sets/{golden_set}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a golden set, the newest first
         * @description Requires `evaluations:read`.
         */
        get: operations["listGoldenSetVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evaluations/golden-sets/{golden_set}/versions/{golden_version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a version of a golden set with its document
         * @description Requires `evaluations:read`.
         */
        get: operations["getGoldenSetVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evaluations/golden-sets/{golden_set}/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a turn of production a case of a golden set
         * @description Requires `evaluations:capture`. The prompt, the answer and the turns before it lose the personal data that the detectors of moderation find; the labels of the session stay with the case. 422 `GOLDEN_CASE_SECRET` for a session with the label `secret`. The case expects the answer of the turn, unless the request says what it expects.
         */
        post: operations["addGoldenCase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evaluations/golden-sets/{golden_set}/baseline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the run that others are compared with
         * @description Requires `evaluations:manage`. The baseline is the result of that run by its digest: it does not change with the golden set.
         */
        put: operations["setEvaluationBaseline"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evaluations/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of golden sets that have a verdict, the newest first
         * @description Requires `evaluations:read`.
         */
        get: operations["listEvaluations"];
        put?: never;
        /**
         * Run a golden set
         * @description Requires `evaluations:run`. Requires `jobs:start:persona.check` besides. The run is a job: every prompt is decided and metered with the capabilities of the caller. With a `candidate` a persona is tried before anyone answers with it.
         */
        post: operations["startEvaluation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evaluations/runs/{evaluation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a run with its verdict, its scorers and one row a case
         * @description Requires `evaluations:read`. A run is a job: `GET /v1/jobs/{job_id}` has its steps and what it costs.
         */
        get: operations["getEvaluation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a version of a template
         * @description Requires `workflows:import`. A document, or that of an installed capsule. It is checked whole: what runs do not support is refused with its JSON pointer. Runs start from the version that was imported last; a version never changes, so another document needs another `document.version`.
         */
        post: operations["importTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the templates of the tenant, the newest first
         * @description Requires `workflows:read`.
         */
        get: operations["listTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{template}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a version of a template with its document
         * @description Requires `workflows:read`.
         */
        get: operations["getTemplate"];
        put?: never;
        post?: never;
        /**
         * Remove a template with all its versions; its runs go on
         * @description Requires `workflows:import`.
         */
        delete: operations["removeTemplate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{template}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a template, the newest first
         * @description Requires `workflows:read`.
         */
        get: operations["listTemplateVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{template}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what a run of a template may do, before it begins
         * @description Requires `workflows:read`. Nodes with how often they may run, the longest chain of them, the capabilities of a run, the worst case in calls, tokens and money by the prices of this moment, and the nodes that would be refused now: for a capability that the caller or the grant does not have, a kill switch, or a tool that is not there. Rules of the constitution see a call when it is made: `POST /v1/policy/trials` explains a decision.
         */
        get: operations["planTemplate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{template}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a run of a template
         * @description The run is a job of the type `workflow.run`, with the document of the version in its input: a later import does not change it. Documents that `run: workflow` names are the templates of the tenant. A document of a capsule runs with the capabilities that were granted to its install, and that the caller has.
         */
        post: operations["startWorkflowRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the runs of workflows, the newest first */
        get: operations["listWorkflowRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{workflow_run_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a run as a graph: its tasks with states, attempts and costs
         * @description The job of the same id has its steps, stream, result and control: `/v1/jobs/{job_id}`.
         */
        get: operations["getWorkflowRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/runs/{workflow_run_id}/reviews/{review_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve or reject the input of a node that waits for a review
         * @description Requires `workflows:review`. Requires `workflows:review` and `jobs:control`. Who started the run does not review it. An approval is of one node with one input.
         */
        post: operations["decideWorkflowReview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the events of a session in the order of the log */
        get: operations["listSessionEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the audit records of a session, of a command, or of the tenant
         * @description A session token requires `session_id` and reads its own session only. The deltas of an answer have no records of their own: the record of `SlmMetered` has their number, their length and the sha256 of their text.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/topology": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the declared topics, and what reads and writes them
         * @description Requires `operations:read`.
         */
        get: operations["getTopology"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/topology/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the rate of each topic, and the lag of each processor and read model
         * @description Requires `operations:read`. At most 2 s old, however many callers ask. The first look takes a second.
         */
        get: operations["getActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the records that could not be decoded or decided
         * @description Requires `operations:read`. Of the whole platform, newest first. The operations worker reads them; an answer is at most 2 s old.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Append dead letters to their topics again, after a fix
         * @description Requires `operations:redrive`. A letter is settled once, however often this is asked. A letter of a parked key brings the queue of its key.
         */
        post: operations["redriveDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/drop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Settle dead letters without sending them again
         * @description Requires `operations:redrive`. A letter is settled once, however often this is asked. A letter of a parked key brings the queue of its key.
         */
        post: operations["dropDeadLetters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/turn/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream the turns of a session
         * @description Server-Sent Events: `turn.queued`, `turn.started`, `turn.delta`, then `turn.completed`, `turn.failed` or `turn.refused`. The `id` of an event is the position behind it. `Last-Event-ID` resumes the stream after that event without a gap or a repeat, at any gateway. With `turn_id` the stream ends with that turn; without it, when no turn is open; with `follow=true` it stays open. 204 when a resumed stream has no more events.
         */
        get: operations["streamTurn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/turns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream the turns of all sessions of the tenant
         * @description Server-Sent Events, as of `GET /v1/turn/{session_id}`, of every session, from now on. For a live view: the events have no `id`, and a stream that was cut begins with what happens then. The stream of a session has the events before.
         */
        get: operations["streamTurns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the models that the tenant may ask */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one model */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer a chat, whole or as a stream
         * @description A session of one turn under a policy decision: `id` names the session, and its events are in the audit. The answer is cancelled when the client disconnects, and metered up to there. Tools of the request are offered to the model: the answer may ask for calls, which the client makes; their names, descriptions and schemas, and the results, are read by policy and count to the limits and the price like the messages. A parameter that is not listed is refused with 400.
         */
        post: operations["createChatCompletion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compute embeddings of one or more texts */
        post: operations["createEmbedding"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/moderations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Classify texts by the moderation rules of the constitution
         * @description The texts are classified under a policy decision, by the rules that decide on prompts, and not refused. The findings are in the audit with the version of the constitution.
         */
        post: operations["createModeration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the files of the tenant, newest first
         * @description Requires `files:read`.
         */
        get: operations["listFiles"];
        put?: never;
        /**
         * Upload a file
         * @description Requires `files:create`. The content goes to the log in pieces, and the file is created under a policy decision. A file for a batch is NDJSON: `FILE_INVALID` names the first line that is no JSON object. A file has at most 104857600 bytes.
         */
        post: operations["createFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files/{file_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a file, without its content
         * @description Requires `files:read`.
         */
        get: operations["getFile"];
        put?: never;
        post?: never;
        /**
         * Delete a file
         * @description Requires `files:delete`. The file cannot be read any more. The log keeps its pieces, as it keeps every record.
         */
        delete: operations["deleteFile"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/files/{file_id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the content of a file
         * @description Requires `files:read`. Streams the content, byte for byte; the answer breaks off when it is not that of its digest.
         */
        get: operations["getFileContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer an input, whole, as a stream, or in the background
         * @description A governed turn: decided by policy, held against budgets, metered, and in the audit. `previous_response_id` continues a response in a session of its own; with `conversation` it is the next turn of that session, one at a time. It is cancelled when its client disconnects, unless it runs in the background. A parameter that is not listed is refused with 400.
         */
        post: operations["createResponse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses/{response_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a response, or the rest of its stream
         * @description With `stream=true` its events; `starting_after` is the `sequence_number` of the last event that the client has. Numbers derive from places in the log: any gateway continues any stream, also of a response that has ended, for as long as the response is kept.
         */
        get: operations["getResponse"];
        put?: never;
        post?: never;
        /**
         * Delete a response
         * @description Requires `sessions:change`. A governed record hides it from the read model: it can be neither read nor continued any more. The log keeps it, as it keeps every record. In a conversation, its items stay.
         */
        delete: operations["deleteResponse"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses/{response_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a response that runs in the background
         * @description Requires `sessions:change`. A response that has ended stays as it is. What it has used is metered.
         */
        post: operations["cancelResponse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/responses/{response_id}/input_items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the input items of a response */
        get: operations["listResponseInputItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a conversation
         * @description A session without a turn, under a policy decision; `metadata.khipu_persona` chooses the persona that answers in it. Responses with `conversation` are its turns. `items` require `sessions:change`.
         */
        post: operations["createConversation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{conversation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a conversation, without its items */
        get: operations["getConversation"];
        put?: never;
        /**
         * Replace the metadata of a conversation
         * @description Requires `sessions:change`.
         */
        post: operations["updateConversation"];
        /**
         * Delete a conversation
         * @description Requires `sessions:change`. A governed record hides it from the read model. The log keeps it, as it keeps every record. Its responses can still be read.
         */
        delete: operations["deleteConversation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{conversation_id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the items of a conversation, with input and output of its responses */
        get: operations["listConversationItems"];
        put?: never;
        /**
         * Add items to a conversation
         * @description Requires `sessions:change`. At most 20. Policy reads them. The next response of the conversation has them before its input.
         */
        post: operations["createConversationItems"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversations/{conversation_id}/items/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an item of a conversation */
        get: operations["getConversationItem"];
        put?: never;
        post?: never;
        /**
         * Delete an item of a conversation
         * @description Requires `sessions:change`. A governed record hides it from the read model. The log keeps it, as it keeps every record.
         */
        delete: operations["deleteConversationItem"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the batches of the tenant, newest first */
        get: operations["listBatches"];
        put?: never;
        /**
         * Answer the requests of a file
         * @description Requires `jobs:start:inference.batch`, and what each request takes. A batch is a job of that type: each request is decided, metered and audited on its own, and asked once, also when the worker crashes. A line that is no request, is denied or fails is a line of the error file.
         */
        post: operations["createBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{batch_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a batch
         * @description It is a job as well: `GET /v1/jobs/{job_id}` shows its steps, and the jobs of its parts.
         */
        get: operations["getBatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batches/{batch_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a batch
         * @description Requires `jobs:control`. The batch is `cancelling` until the parts that run, of 50 requests each, have ended. Then it is `cancelled`: the output file has the answers, and the error file has the requests that were not asked with the code `batch_cancelled`. A batch that has not begun, or is held, is cancelled at once. It is possible while a kill switch stops new work: the batch ends at once then, without files.
         */
        post: operations["cancelBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Liveness of the process */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Readiness of the gateway, with each of its dependencies */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Metrics in the Prometheus text format */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public keys that verify session tokens (RFC 7517) */
        get: operations["jwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ToolManifest: {
            /**
             * @description Name of the tool in its tenant
             * @example weather
             */
            name: string;
            /**
             * @description Version of the manifest; a change takes a new one
             * @example 1.0.0
             */
            version: string;
            /**
             * @description What the tool does, for people and models
             * @example The temperature of a city now
             */
            description: string;
            /**
             * @description How it is called: `declared`, an HTTP API by its OpenAPI document; `http.fetch`, one request; `program`, code of the manifest; `code.run`, code of the caller; `mcp`, one tool of an MCP server; `sql.query`, one query that reads; `files`, texts of a workspace; `khipu.memory`, memories
             * @example declared
             */
            adapter: string;
            /**
             * @description Least isolation that a call runs in; a worker without it refuses the call
             * @example declared
             * @enum {string}
             */
            tier: "declared" | "wasm" | "process" | "kernel";
            /**
             * @description `read`: none. `write`: the same for one Idempotency-Key. `irreversible`: a call runs at most once
             * @example read
             * @enum {string}
             */
            effect: "read" | "write" | "irreversible";
            /**
             * @description JSON Schema 2020-12 of the arguments, at most 32 KiB
             * @example {
             *       "type": "object",
             *       "properties": {
             *         "city": {
             *           "type": "string"
             *         }
             *       },
             *       "required": [
             *         "city"
             *       ]
             *     }
             */
            input_schema: {
                [key: string]: unknown;
            };
            /**
             * @description JSON Schema 2020-12 of the output, at most 32 KiB
             * @example {
             *       "type": "object"
             *     }
             */
            output_schema: {
                [key: string]: unknown;
            };
            /** @description Hosts that calls may reach; every other one is refused */
            hosts: {
                /**
                 * @description Host that calls may reach
                 * @example api.weather.example
                 */
                host: string;
                /** @description Methods that are allowed there */
                methods: ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE")[];
                /**
                 * @description Default: https
                 * @enum {string}
                 */
                scheme?: "https" | "http";
            }[];
            /** @description Secrets by name, attached outside of the tool: neither caller nor tool sees them */
            credentials?: {
                /**
                 * @description Name of the secret among those that the operator keeps for the tenant
                 * @example weather-key
                 */
                name: string;
                /**
                 * @description Host that gets it
                 * @example api.weather.example
                 */
                host: string;
                /** @description Header that carries it; default: `authorization` */
                header?: string;
                /** @description Text before it; default: `Bearer ` in `authorization` */
                prefix?: string;
                /** @description Of an MCP server over HTTP: the secret is a client of OAuth 2.1, and the credential is an access token of it */
                oauth?: {
                    /**
                     * Format: uri
                     * @description Authorization server that issues its tokens; its host is in `hosts`. No other one is asked
                     * @example https://login.tracker.example
                     */
                    issuer: string;
                    /** @description Scopes that are asked for; default: those that the server asks for */
                    scope?: string;
                };
            }[];
            /** @description Labels of its data */
            labels?: {
                /** @description Labels that the data of a call may have; any when omitted */
                in?: string[];
                /** @description Labels of the output */
                out?: string[];
            };
            /** @description Approvals that a call needs, where the constitution asks for less */
            approval?: {
                /**
                 * @description Principals that must approve each call, never its caller
                 * @example 1
                 */
                required: number;
                /**
                 * @description Time to its expiry, in ms; default: one hour
                 * @example 600000
                 */
                expires_ms?: number;
            };
            /** @description Limits of a call */
            limits?: {
                /**
                 * @description Longest time of one run, in ms; default: 10000
                 * @example 5000
                 */
                timeout_ms?: number;
                /**
                 * @description Largest answer, in bytes; default: 262144. An output above 65536 is read from `/v1/tool-calls/{call_id}/output`
                 * @example 65536
                 */
                max_response_bytes?: number;
                /**
                 * @description Runs of calls in a minute, of all callers; a further one ends the call with TOOL_RATE_LIMITED
                 * @example 600
                 */
                calls_per_minute?: number;
                /**
                 * @description Cost of one call, in the currency of the platform; default: 0, which no budget limits
                 * @example 0.001
                 */
                cost?: string;
            };
            /** @description How an unknown outcome is looked up */
            verify?: {
                /**
                 * @description Operation (GET) that finds the effect of a call: 2xx when it took place, 404 when not. It gets the arguments and `idempotency_key`
                 * @example getPayment
                 */
                operation: string;
            };
            /** @description Settings of the adapter; of `declared`: `openapi`, the document, and `operation`; of `program`: `language` and `code`, or `argv`; of `mcp`: `url` or `command`, `tool` and `definition`; of `sql.query`: `database` and `max_rows`; of `files`: `quota_bytes` and `files_max`; of `khipu.memory`: `spaces` and `actions` */
            config?: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "manifest": {
         *         "name": "weather",
         *         "version": "1.0.0",
         *         "description": "The temperature of a city now",
         *         "adapter": "declared",
         *         "tier": "declared",
         *         "effect": "read",
         *         "input_schema": {
         *           "type": "object",
         *           "properties": {
         *             "city": {
         *               "type": "string"
         *             }
         *           },
         *           "required": [
         *             "city"
         *           ],
         *           "additionalProperties": false
         *         },
         *         "output_schema": {
         *           "type": "object"
         *         },
         *         "hosts": [
         *           {
         *             "host": "api.weather.example",
         *             "methods": [
         *               "GET"
         *             ]
         *           }
         *         ],
         *         "config": {
         *           "operation": "getWeather",
         *           "openapi": {
         *             "openapi": "3.1.0",
         *             "servers": [
         *               {
         *                 "url": "https://api.weather.example"
         *               }
         *             ],
         *             "paths": {
         *               "/weather": {
         *                 "get": {
         *                   "operationId": "getWeather",
         *                   "parameters": [
         *                     {
         *                       "name": "city",
         *                       "in": "query",
         *                       "required": true
         *                     }
         *                   ]
         *                 }
         *               }
         *             }
         *           }
         *         }
         *       },
         *       "signatures": [
         *         {
         *           "keyid": "dev-constitution",
         *           "sig": "c2lnbmF0dXJl"
         *         }
         *       ]
         *     }
         */
        PutTool: {
            manifest: components["schemas"]["ToolManifest"];
            /** @description Signatures over the canonical JSON of the manifest (DSSE, payload type `application/vnd.khipu.tool+json`) */
            signatures: {
                /**
                 * @description Name of the key
                 * @example dev-constitution
                 */
                keyid: string;
                /**
                 * Format: base64
                 * @description Signature of the DSSE encoding, base64
                 */
                sig: string;
            }[];
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "arguments": {
         *         "city": "Cusco"
         *       }
         *     }
         */
        ExecuteTool: {
            /**
             * @description Arguments by the input schema of the tool, at most 64 KiB
             * @default {}
             * @example {
             *       "city": "Cusco"
             *     }
             */
            arguments?: {
                [key: string]: unknown;
            };
            /** @description Manifest that is meant; 409 when the tool has another one. Any when omitted */
            digest?: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /** @example {} */
        CheckTool: {
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "server": {
         *         "url": "https://mcp.example/mcp"
         *       }
         *     }
         */
        ConnectTools: {
            /** @description The server; without one, `tool` names it */
            server?: {
                /**
                 * Format: uri
                 * @description URL of its streamable HTTP
                 * @example https://mcp.example/mcp
                 */
                url: string;
            } | {
                /** @description Program with its arguments, which speaks on standard input and output */
                command: string[];
                /** @description Text files that it finds below `/files` */
                files?: {
                    [key: string]: string;
                };
            };
            /**
             * @description Isolation of a program; default: `process`
             * @example process
             * @enum {string}
             */
            tier?: "process" | "kernel";
            /** @description A tool of the tenant, whose signed manifest names the server and its credentials */
            tool?: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        AgentLimits: {
            /**
             * @description Most answers of the model
             * @default 20
             */
            steps?: number;
            /**
             * @description Most tokens of prompts and answers, exceeded by one answer at most; null for no limit
             * @default 200000
             */
            tokens?: number | null;
            /**
             * @description Most cost of answers and calls, in the currency of the platform; null for no limit
             * @default null
             * @example 0.50
             */
            cost?: string | null;
            /**
             * @description Longest time from start to end, in ms; waits for people count
             * @default 3600000
             */
            wall_ms?: number;
            /**
             * @description The run ends when the model asks for the same call so many times
             * @default 3
             */
            identical_calls?: number;
        };
        /**
         * @example {
         *       "agent": "forecaster",
         *       "instructions": "Answer in one sentence.",
         *       "prompt": "Do I need a coat in Cusco?",
         *       "limits": {
         *         "steps": 5
         *       }
         *     }
         */
        StartAgentRun: {
            /**
             * @description Name of the agent, for rules and the kill switch `agent:<name>`
             * @default agent
             * @example forecaster
             */
            agent?: string;
            /**
             * @description Role and rules, as the first message
             * @default
             * @example Answer in one sentence.
             */
            instructions?: string;
            /**
             * @description What the agent is to do; in a program, the value of `input`. Empty only with `program`
             * @default
             * @example Do I need a coat in Cusco?
             */
            prompt?: string;
            /**
             * @description Python program that takes the place of the model: the tools are its functions, and each call is decided on as a call of a model is. Its result is `value` and `printed`. Null for a run of a model
             * @default null
             * @example null
             */
            program?: string | null;
            /**
             * @description Lets the model answer with programs: adds the tool `agent.program`
             * @default false
             */
            code_mode?: boolean;
            /**
             * @description Model; null for the default
             * @default null
             */
            model?: string | null;
            /**
             * @description Bound on each answer, in tokens
             * @default null
             */
            max_tokens?: number | null;
            /**
             * @description Tools that it may ask for, under the manifests of this moment. `agent.handoff` lets it hand work off to child runs, `agent.program` lets it run programs that call the other tools
             * @default []
             * @example [
             *       "weather"
             *     ]
             */
            tools?: string[];
            /** @default {} */
            limits?: components["schemas"]["AgentLimits"];
            /**
             * @description JSON Schema 2020-12 of the result, at most 32 KiB; null for text
             * @default null
             */
            output_schema?: {
                [key: string]: unknown;
            } | null;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "call": 1,
         *       "answer": {
         *         "paid": 7
         *       }
         *     }
         */
        ForkAgentRun: {
            /**
             * @description Number of the call of the program, from 1
             * @example 1
             */
            call: number;
            /**
             * @description Answer of that call in the new run, any JSON value; at most 32 KiB
             * @example {
             *       "paid": 7
             *     }
             */
            answer: unknown;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "reason": "wrong city"
         *     }
         */
        CancelAgentRun: {
            /**
             * @description Why, for the audit
             * @example wrong city
             */
            reason: string;
        };
        /**
         * @example {
         *       "level_threshold": 6,
         *       "denials_max": 50,
         *       "note": "Fewer alarms while we grow"
         *     }
         */
        SetAnomalySettings: {
            /**
             * @description False to learn and raise nothing
             * @default true
             */
            is_on?: boolean;
            /**
             * @description Deviation of an hour, in robust standard deviations
             * @default 5
             * @example 5
             */
            level_threshold?: number;
            /**
             * @description Cumulative deviation, in robust standard deviations
             * @default 12
             * @example 12
             */
            drift_threshold?: number;
            /**
             * @description Jensen-Shannon divergence of the mix of tools
             * @default 0.3
             * @example 0.3
             */
            mix_threshold?: number;
            /**
             * @description Denials within the window that are a burst
             * @default 20
             * @example 20
             */
            denials_max?: number;
            /**
             * @description Window of a burst, in ms
             * @default 600000
             * @example 600000
             */
            denials_window_ms?: number;
            /**
             * @description True to raise the first request of a tool to a host
             * @default true
             */
            new_hosts?: boolean;
            /**
             * @description True to suggest a kill switch when it is grave
             * @default true
             */
            suggests_kill_switch?: boolean;
            /**
             * @description Why they change
             * @default
             */
            note?: string;
            /** @description Version that is replaced; omitted replaces the last one */
            expected_version?: number;
        };
        /**
         * @example {
         *       "outcome": "approve",
         *       "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *       "reason": "The invoice is right."
         *     }
         */
        DecideApproval: {
            /**
             * @description Approve, reject, or edit the arguments
             * @enum {string}
             */
            outcome: "approve" | "reject" | "edit";
            /**
             * @description Digest that was looked at; another one is refused with APPROVAL_CHANGED
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description Reason, for the record
             * @default
             * @example The invoice is right.
             */
            reason?: string;
            /**
             * @description New arguments, of an edit
             * @example {
             *       "amount": 3
             *     }
             */
            arguments?: {
                [key: string]: unknown;
            };
            /** @description With an approval: like calls of the session run without a further one */
            grant?: {
                /**
                 * @description Arguments that it covers: `properties` with `const`, `enum` or `type` and bounds, and `required`; at most 4000 characters. Exactly the approved ones when omitted
                 * @example {
                 *       "properties": {
                 *         "amount": {
                 *           "type": "number",
                 *           "maximum": 10
                 *         }
                 *       },
                 *       "required": [
                 *         "amount"
                 *       ]
                 *     }
                 */
                shape?: {
                    [key: string]: unknown;
                };
                /**
                 * @description Time until it ends, in ms
                 * @example 600000
                 */
                lifetime_ms: number;
                /**
                 * @description Calls that it covers
                 * @example 5
                 */
                uses_max: number;
            };
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        PriceInput: {
            /**
             * @description Meter
             * @enum {string}
             */
            meter: "prompt_tokens" | "completion_tokens" | "tool_calls" | "job_steps";
            /**
             * @description Model or tool, `<tenant>/<name>`; `*` for every one without a price of its own
             * @example *
             */
            resource: string;
            /**
             * @description Of a million tokens, with at most three digits behind the point; of a call or step
             * @example 0.250
             */
            unit_price: string;
        };
        /**
         * @example {
         *       "currency": "USD",
         *       "prices": [
         *         {
         *           "meter": "prompt_tokens",
         *           "resource": "*",
         *           "unit_price": "0.250"
         *         },
         *         {
         *           "meter": "completion_tokens",
         *           "resource": "*",
         *           "unit_price": "1.000"
         *         },
         *         {
         *           "meter": "tool_calls",
         *           "resource": "*",
         *           "unit_price": "0.001"
         *         }
         *       ],
         *       "effective_from": "2099-01-01T00:00:00Z",
         *       "note": "Prices of the year 2099"
         *     }
         */
        SetPrices: {
            /**
             * @description ISO 4217
             * @example USD
             */
            currency: string;
            /** @description All prices; use without one costs what was metered */
            prices: components["schemas"]["PriceInput"][];
            /**
             * Format: date-time
             * @description Use from this time on; default, and at the earliest: a minute from now. Of versions in effect, the last one holds
             */
            effective_from?: string;
            /**
             * @description Why the prices change
             * @default
             */
            note?: string;
            /** @description Version that it follows, 0 for none; omitted: the last one, whichever that is */
            expected_version?: number;
        };
        /**
         * @example {
         *       "charge_id": "6b1f8ad3-5a0e-4b43-a6de-6a9b4b2f7a10",
         *       "cost": "0.000100000",
         *       "reason": "The provider reported too many tokens"
         *     }
         */
        CorrectCharge: {
            /** @description The charge */
            charge_id: string;
            /**
             * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
             * @example demo
             */
            payer?: string;
            /**
             * @description Reverse the charge whole
             * @default false
             */
            reverse?: boolean;
            /** @description Tokens of prompts that were used; omitted: as before */
            prompt_tokens?: number;
            /** @description Tokens of answers that were used; omitted: as before */
            completion_tokens?: number;
            /** @description Calls or steps; omitted: as before */
            calls?: number;
            /**
             * @description Cost of use without a price; omitted: as before
             * @example 0.000100000
             */
            cost?: string;
            /**
             * @description Why
             * @example The provider reported too many tokens
             */
            reason: string;
        };
        /**
         * @example {
         *       "currency": "USD",
         *       "prices": [
         *         {
         *           "meter": "prompt_tokens",
         *           "resource": "*",
         *           "unit_price": "0.250"
         *         }
         *       ]
         *     }
         */
        BillingWhatIf: {
            /**
             * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
             * @example demo
             */
            payer?: string;
            /**
             * Format: date
             * @description Day in UTC
             * @example 2026-11-25
             */
            from?: string;
            /**
             * Format: date
             * @description Day in UTC
             * @example 2026-11-25
             */
            until?: string;
            /**
             * @description ISO 4217
             * @example USD
             */
            currency: string;
            /** @description All prices; use without one costs what was metered */
            prices: components["schemas"]["PriceInput"][];
        };
        PublishCapsule: {
            /**
             * Format: base64
             * @description The archive that `khipu capsule pack` makes, base64; at most 512 KiB
             * @example b2NpLWxheW91dAAAAAAAAAAA
             */
            archive: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "digest": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
         *       "outcome": "approve"
         *     }
         */
        ReviewCapsule: {
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
             */
            digest: string;
            /**
             * @description A rejection ends the version
             * @example approve
             * @enum {string}
             */
            outcome: "approve" | "reject";
            /**
             * @description Findings, for the audit
             * @default
             * @example Instructions and limits read
             */
            note?: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        AttestCapsule: {
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
             */
            digest: string;
            /**
             * @description An in-toto statement about the digest in a Sigstore bundle, JSON; at most 32 KiB
             * @example {"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}
             */
            bundle: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "reason": "It leaks addresses"
         *     }
         */
        RevokeCapsule: {
            /**
             * @description Why, for the audit
             * @example It leaks addresses
             */
            reason: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        InstallCapsule: {
            /**
             * @description The capsule: `<publisher>/<name>@<version>`
             * @example demo/research-brief@1.0.0
             */
            capsule: string;
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
             */
            digest: string;
            /**
             * @description Name of the install; default: that of the capsule
             * @example research-brief
             */
            name?: string;
            /**
             * @description Capabilities that runs may use: some of those that the capsule asks for
             * @example [
             *       "agents:start:research-brief",
             *       "slm:invoke:default"
             *     ]
             */
            granted: string[];
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        UpgradeCapsule: {
            /**
             * @description The capsule: `<publisher>/<name>@<version>`
             * @example demo/research-brief@1.0.0
             */
            capsule: string;
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
             */
            digest: string;
            /**
             * @description The new grant; the earlier one stays when omitted, for a version that asks for no more
             * @example [
             *       "agents:start:research-brief",
             *       "slm:invoke:default"
             *     ]
             */
            granted?: string[];
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /** @example {} */
        RollbackCapsule: {
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "input": {
         *         "question": "What is a khipu?"
         *       }
         *     }
         */
        RunCapsule: {
            /**
             * @description Input by the schema of the capsule
             * @example {
             *       "question": "What is a khipu?"
             *     }
             */
            input: {
                [key: string]: unknown;
            };
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        ProposeConstitution: {
            /** @description The unsigned document, as described in docs/reference/constitution.md */
            document: {
                /** @example 1.0.0 */
                version: string;
            } & {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
         *       "verdict": "approve",
         *       "comment": "Read and tried"
         *     }
         */
        ReviewConstitution: {
            /**
             * @description sha256 of the canonical JSON of the document, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description `reject` ends the proposal
             * @enum {string}
             */
            verdict: "approve" | "reject";
            /**
             * @description Comment for people
             * @default
             */
            comment?: string;
        };
        SignConstitution: {
            /**
             * @description sha256 of the canonical JSON of the document, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /** @description Name of the trusted key */
            keyid: string;
            /** @description Ed25519 signature over the pre-authentication encoding (DSSE v1) of the canonical document, base64 */
            sig: string;
        };
        /**
         * @example {
         *       "version": "1.3.0",
         *       "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
         *     }
         */
        ActivateConstitution: {
            /** @example 1.0.0 */
            version: string;
            /**
             * @description sha256 of the canonical JSON of the document, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
        };
        /**
         * @example {
         *       "version": "1.3.0"
         *     }
         * @example {
         *       "version": null
         *     }
         */
        ShadowConstitution: {
            /** @description Version to evaluate; null stops the evaluation */
            version: string | null;
        };
        /**
         * @example {
         *       "attempts_max": 5,
         *       "first_delay_ms": 1000,
         *       "delay_max_ms": 60000
         *     }
         */
        JobRetryInput: {
            /** @description Maximum of runs that fail, the first included */
            attempts_max: number;
            /** @description Delay before the second run, in ms; it doubles with each run */
            first_delay_ms: number;
            /** @description Upper bound of the delay, in ms */
            delay_max_ms: number;
        };
        /**
         * @example {
         *       "type": "inference.batch",
         *       "input": {
         *         "prompts": [
         *           "What is a khipu?"
         *         ]
         *       },
         *       "tags": [
         *         "customer-42"
         *       ]
         *     }
         */
        StartJob: {
            /**
             * @description Type of the job: `GET /v1/job-types` lists them
             * @example inference.batch
             */
            type: string;
            /**
             * @description Input of the handler, checked by the schema of its type; at most 10 MB of JSON
             * @default {}
             * @example {
             *       "prompts": [
             *         "What is a khipu?"
             *       ]
             *     }
             */
            input?: unknown;
            /**
             * Format: date-time
             * @description Earliest time of the first run, RFC 3339; at once when omitted
             */
            run_at?: string;
            /**
             * @description The limits of the type hold for the jobs of each key; when it declares none, jobs of one key run one after another. The name of the type when omitted
             * @example customer-42
             */
            concurrency_key?: string;
            /**
             * Format: date-time
             * @description Time at which the job fails unless it has ended, RFC 3339
             */
            deadline?: string;
            /**
             * @description Which of the jobs that wait for a slot of their concurrency key is next. `interactive` requires `jobs:lane:interactive`
             * @default standard
             * @enum {string}
             */
            lane?: "interactive" | "standard" | "batch";
            /** @description How failed runs are repeated; as its type says when omitted */
            retry?: components["schemas"]["JobRetryInput"];
            /**
             * @description Tags to find it by, at most 16
             * @default []
             */
            tags?: string[];
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "path": "0/1",
         *       "name": "model",
         *       "nth": 1
         *     }
         */
        JobForkStep: {
            /**
             * @description Branch of the handler; empty for the handler itself
             * @default
             */
            path?: string;
            /**
             * @description Name of the step or wait
             * @example model
             */
            name: string;
            /**
             * @description Use of this name in this branch, from 1
             * @default 1
             */
            nth?: number;
        };
        /**
         * @example {
         *       "from_step": {
         *         "path": "0/1",
         *         "name": "model",
         *         "nth": 1
         *       },
         *       "tags": [
         *         "again"
         *       ]
         *     }
         * @example {
         *       "from_step": null,
         *       "constitution": "1.3.0"
         *     }
         */
        ForkJob: {
            /** @description Step or wait of the other job, as `/steps` has it: the results recorded before its result are taken. A step without a result takes all; null takes none */
            from_step: components["schemas"]["JobForkStep"] | null;
            /** @description Input of the handler, at most 10 MB of JSON; that of the other job when omitted */
            input?: unknown;
            /**
             * @description Lane of the job; that of the other job when omitted
             * @enum {string}
             */
            lane?: "interactive" | "standard" | "batch";
            /** @description Tags to find it by, at most 16; those of the other job when omitted */
            tags?: string[];
            /** @description Version or digest of a signed constitution: the job is simulated under it. Without it the job runs, except as a fork of a simulated one */
            constitution?: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "reason": "Not needed"
         *     }
         */
        CancelJob: {
            /**
             * @description Why, in one sentence for people
             * @example The customer has left
             */
            reason: string;
        };
        /**
         * @example {
         *       "reason": "The database is being moved"
         *     }
         */
        PauseJob: {
            /**
             * @description Why, in one sentence for people
             * @example The customer has left
             */
            reason: string;
            /**
             * @description `finish_step`: the running steps end first. `stop`: they are aborted, and run again later
             * @default finish_step
             * @enum {string}
             */
            mode?: "finish_step" | "stop";
        };
        /** @example {} */
        ResumeJob: {
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /** @example {} */
        RetryJob: {
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "payload": {
         *         "approved": true
         *       }
         *     }
         */
        SignalJob: {
            /**
             * @description What the handler receives; at most 64 KB of JSON
             * @default null
             * @example {
             *       "approved": true
             *     }
             */
            payload?: unknown;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        GoldenExpectationInput: {
            /** @description The answer that `exact` and `cosine` compare with */
            text?: string;
            /** @description Pattern that `regex` finds in the answer; upper and lower case are the same */
            pattern?: string;
            /** @description JSON Schema that `json_schema` checks the answer by */
            schema?: {
                [key: string]: unknown;
            };
            /** @description Number that `numeric` compares with the last one of the answer */
            number?: number;
            /**
             * @description Verdict of the policy that `verdict` expects
             * @enum {string}
             */
            verdict?: "allow" | "deny";
            /** @description Code of the refusal that `verdict` expects */
            code?: string;
            /** @description Tools that are called, in their order, which `tools` expects */
            tools?: string[];
        };
        GoldenCaseInput: {
            /**
             * @description Name of the case in its set
             * @example opening-hours
             */
            case_id: string;
            /** @description Cases that are alike, such as those of one document; they count together. Default: each on its own */
            cluster?: string;
            /**
             * @description The prompt
             * @example When is the office open?
             */
            prompt: string;
            /**
             * @description Messages before the prompt, the oldest first
             * @default []
             */
            earlier?: {
                /** @enum {string} */
                role: "user" | "assistant";
                content: string;
            }[];
            /** @default {} */
            expect?: components["schemas"]["GoldenExpectationInput"];
            /** @description Turn of production that it comes from; without personal data */
            source?: {
                /** Format: uuid */
                session_id: string;
                /** Format: uuid */
                turn_id: string;
                redactions: number;
                labels: string[];
            };
        };
        LabelledAnswerInput: {
            prompt: string;
            answer: string;
            passes: boolean;
        };
        GoldenScorerInput: {
            /** @constant */
            kind: "exact";
            /** @default false */
            ignore_case?: boolean;
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
        } | {
            /** @constant */
            kind: "regex";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
        } | {
            /** @constant */
            kind: "json_schema";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
        } | {
            /** @constant */
            kind: "numeric";
            /** @default 0 */
            tolerance?: number;
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
            /**
             * @description Whether the tolerance is a share of the number
             * @default false
             */
            relative?: boolean;
        } | {
            /** @constant */
            kind: "cosine";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
            /**
             * @description Least similarity of an answer that passes
             * @default 0.7
             */
            least?: number;
        } | {
            /** @constant */
            kind: "verdict";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
        } | {
            /** @constant */
            kind: "tools";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
        } | {
            /** @constant */
            kind: "cost";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
        } | {
            /** @constant */
            kind: "latency";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
        } | {
            /** @constant */
            kind: "judge";
            rubric: string;
            model?: string;
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate?: boolean;
            /** @description Answers that people have labelled: the judge is measured by them in each run */
            labelled: components["schemas"]["LabelledAnswerInput"][];
            /**
             * @description Least agreement (Cohen’s kappa) with the labels; below it no verdict depends on the judge
             * @default 0.6
             */
            kappa_min?: number;
        };
        /**
         * @example {
         *       "persona": "guide",
         *       "description": "What every answer must have",
         *       "margin": 0.2,
         *       "triggers": [
         *         "persona"
         *       ],
         *       "scorers": [
         *         {
         *           "kind": "regex"
         *         }
         *       ],
         *       "cases": [
         *         {
         *           "case_id": "khipu",
         *           "prompt": "What is a khipu?",
         *           "expect": {
         *             "pattern": "khipu"
         *           }
         *         }
         *       ]
         *     }
         */
        PutGoldenSet: {
            /**
             * @description Purpose, in one sentence
             * @default
             */
            description?: string;
            /**
             * @description Persona that it is for
             * @example clerk
             */
            persona: string;
            /**
             * @description Answers to each case
             * @default 1
             */
            repeats?: number;
            /**
             * @description Drop that is accepted: a share of cases for passes and similarities, of the value for cost and latency
             * @default 0.1
             * @example 0.1
             */
            margin?: number;
            /** @description Longest answer; default: that of the persona */
            max_tokens?: number;
            /**
             * @description Tools that answers may call; each case is then a run of an agent
             * @default []
             */
            tools?: string[];
            scorers: components["schemas"]["GoldenScorerInput"][];
            cases: components["schemas"]["GoldenCaseInput"][];
            /**
             * @description Changes that start a run, in the name of who defines the golden set
             * @default []
             * @example [
             *       "persona"
             *     ]
             */
            triggers?: ("model" | "persona" | "tool" | "memory" | "constitution")[];
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "session_id": "0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10",
         *       "turn_id": "0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10"
         *     }
         */
        AddGoldenCase: {
            /**
             * Format: uuid
             * @description Session of the turn
             */
            session_id: string;
            /**
             * Format: uuid
             * @description A turn that has ended
             */
            turn_id: string;
            /**
             * @description Name of the case; default: the id of the turn
             * @example clerk-basics
             */
            case_id?: string;
            /** @description Expectation; default: the answer of the turn and the verdict of the policy on it */
            expect?: components["schemas"]["GoldenExpectationInput"];
            /**
             * @description Whether the turns before it become messages of the case
             * @default true
             */
            earlier?: boolean;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "evaluation_id": "0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10"
         *     }
         */
        SetBaseline: {
            /**
             * Format: uuid
             * @description Id of the run, which is a job
             * @example 0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10
             */
            evaluation_id: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        PersonaCandidate: {
            instructions: string;
            /** @default 0.7 */
            temperature?: number;
            /** @default null */
            model?: string | null;
            /** @default null */
            max_tokens?: number | null;
        };
        /**
         * @example {
         *       "golden_set": "clerk-basics"
         *     }
         */
        StartEvaluation: {
            /**
             * @description Name of the golden set
             * @example clerk-basics
             */
            golden_set: string;
            /** @description A persona that is only tried; default: the persona of the golden set as it is now */
            candidate?: components["schemas"]["PersonaCandidate"];
            /**
             * Format: uuid
             * @description Run to compare with; default: the baseline of the golden set
             * @example 0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10
             */
            baseline?: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "name": "search in production",
         *       "owner": "service_account:search",
         *       "capabilities": [
         *         "slm:invoke:*"
         *       ]
         *     }
         */
        CreateApiKey: {
            /**
             * @description Display name
             * @example The search team
             */
            name: string;
            /**
             * @description Principal that acts with the key
             * @example service_account:search
             */
            owner: string;
            /** @description Capabilities of the key, each one of its owner; all capabilities of the owner when omitted */
            capabilities?: string[];
        };
        /**
         * @example {
         *       "overlap_seconds": 3600
         *     }
         */
        RotateApiKey: {
            /**
             * @description Seconds for which the previous secret stays valid; at most seven days
             * @default 0
             */
            overlap_seconds?: number;
        };
        /**
         * @example {
         *       "name": "Search in production",
         *       "roles": [
         *         "reader"
         *       ]
         *     }
         */
        ChangePrincipal: {
            /**
             * @description Display name
             * @example The search team
             */
            name: string;
            /**
             * @description Every gateway refuses a disabled principal
             * @default active
             * @enum {string}
             */
            status?: "active" | "disabled";
            /**
             * @description Names of roles of the tenant
             * @default []
             * @example [
             *       "reader"
             *     ]
             */
            roles?: string[];
        };
        /**
         * @example {
         *       "user_id": "ana",
         *       "name": "Ana",
         *       "roles": [
         *         "reader"
         *       ]
         *     }
         */
        CreateUser: {
            /** @example ana */
            user_id: string;
            /**
             * @description Display name
             * @example The search team
             */
            name: string;
            /**
             * @description Every gateway refuses a disabled principal
             * @default active
             * @enum {string}
             */
            status?: "active" | "disabled";
            /**
             * @description Names of roles of the tenant
             * @default []
             * @example [
             *       "reader"
             *     ]
             */
            roles?: string[];
        };
        /**
         * @example {
         *       "service_account_id": "search",
         *       "name": "Search",
         *       "roles": [
         *         "reader"
         *       ]
         *     }
         */
        CreateServiceAccount: {
            /** @example search */
            service_account_id: string;
            /**
             * @description Display name
             * @example The search team
             */
            name: string;
            /**
             * @description Every gateway refuses a disabled principal
             * @default active
             * @enum {string}
             */
            status?: "active" | "disabled";
            /**
             * @description Names of roles of the tenant
             * @default []
             * @example [
             *       "reader"
             *     ]
             */
            roles?: string[];
        };
        /**
         * @example {
         *       "name": "reader",
         *       "capabilities": [
         *         "slm:invoke:*"
         *       ]
         *     }
         */
        CreateRole: {
            /** @example reader */
            name: string;
            /**
             * @description Purpose of the role
             * @default
             */
            description?: string;
            /**
             * @description Each one must be covered by a capability of the caller
             * @example [
             *       "slm:invoke:*"
             *     ]
             */
            capabilities: string[];
        };
        /**
         * @example {
         *       "capabilities": [
         *         "slm:invoke:*",
         *         "slm:embed:*"
         *       ]
         *     }
         */
        ChangeRole: {
            /**
             * @description Purpose of the role
             * @default
             */
            description?: string;
            /**
             * @description Each one must be covered by a capability of the caller
             * @example [
             *       "slm:invoke:*"
             *     ]
             */
            capabilities: string[];
        };
        /** @description Limit of each session, of the tenant per day in UTC, or of the tenant in total */
        BudgetLimitInput: {
            /**
             * @description `unknown` appears only in answers: a window that this version does not know
             * @enum {string}
             */
            window: "session" | "day" | "total" | "unknown";
            /**
             * @description Maximum number of tokens; null without a limit
             * @default null
             */
            tokens_max?: number | null;
            /**
             * @description Maximum cost, a decimal; null without a limit
             * @default null
             * @example 25.00
             */
            cost_max?: string | null;
        };
        TenantSettingsInput: {
            /**
             * @description Models that requests may name; `*` for any model that the constitution allows
             * @default [
             *       "*"
             *     ]
             */
            models?: string[];
            /**
             * @description At most one per window; an empty list sets no limit
             * @default []
             */
            budgets?: components["schemas"]["BudgetLimitInput"][];
            /**
             * @description Days for which personal content is kept; null for the retention of the topics
             * @default null
             */
            retention_days?: number | null;
            /**
             * @description Lane of the work of the tenant
             * @default interactive
             * @enum {string}
             */
            lane?: "interactive" | "batch";
            /**
             * @description Share of each worker beside other tenants with work in the same lane: with 3, three times that of 1
             * @default 1
             */
            weight?: number;
        };
        /**
         * @example {
         *       "tenant_id": "search-team",
         *       "name": "The search team"
         *     }
         */
        CreateTenant: {
            /** @example acme */
            tenant_id: string;
            /**
             * @description Display name
             * @example The search team
             */
            name: string;
            /**
             * @description Every gateway refuses a suspended tenant
             * @default active
             * @enum {string}
             */
            status?: "active" | "suspended";
            /**
             * @description Settings; an omitted one gets its default
             * @default {}
             */
            settings?: components["schemas"]["TenantSettingsInput"];
        };
        /**
         * @example {
         *       "name": "The search team",
         *       "settings": {
         *         "budgets": [
         *           {
         *             "window": "day",
         *             "tokens_max": 1000000
         *           }
         *         ]
         *       }
         *     }
         */
        ChangeTenant: {
            /**
             * @description Display name
             * @example The search team
             */
            name: string;
            /**
             * @description Every gateway refuses a suspended tenant
             * @default active
             * @enum {string}
             */
            status?: "active" | "suspended";
            /**
             * @description Settings; an omitted one gets its default
             * @default {}
             */
            settings?: components["schemas"]["TenantSettingsInput"];
        };
        /**
         * @example {
         *       "prompt": "Say hello.",
         *       "max_tokens": 32
         *     }
         */
        Infer: {
            prompt: string;
            /** @description Name of the model; the tenant's default when omitted */
            model?: string;
            /** @description Maximum length of the answer, in tokens */
            max_tokens?: number;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "input": [
         *         "a knotted cord",
         *         "a ledger"
         *       ]
         *     }
         */
        Embed: {
            /** @description One text, or a list of at most 64 texts; none is only white space */
            input: string | string[];
            /** @description Name of the model; the tenant's default when omitted */
            model?: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "input": {
         *         "prompts": [
         *           "What is a khipu?"
         *         ]
         *       }
         *     }
         */
        StartJobsItem: {
            /**
             * @description Input of the handler, checked by the schema of its type; at most 10 MB of JSON
             * @default {}
             * @example {
             *       "prompts": [
             *         "What is a khipu?"
             *       ]
             *     }
             */
            input?: unknown;
            /**
             * Format: date-time
             * @description Earliest time of the first run, RFC 3339; at once when omitted
             */
            run_at?: string;
            /**
             * @description The limits of the type hold for the jobs of each key; when it declares none, jobs of one key run one after another. The name of the type when omitted
             * @example customer-42
             */
            concurrency_key?: string;
            /**
             * @description Tags to find it by, at most 15: the tag of the batch is added
             * @default []
             */
            tags?: string[];
        };
        /**
         * @example {
         *       "type": "inference.batch",
         *       "items": [
         *         {
         *           "input": {
         *             "prompts": [
         *               "What is a khipu?"
         *             ]
         *           }
         *         }
         *       ]
         *     }
         */
        StartJobs: {
            /**
             * @description Type of the job: `GET /v1/job-types` lists them
             * @example inference.batch
             */
            type: string;
            /** @description One job each; at most 10000 in a body of 10 MB */
            items: components["schemas"]["StartJobsItem"][];
            /**
             * @description Lane of the jobs
             * @default standard
             * @enum {string}
             */
            lane?: "interactive" | "standard" | "batch";
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "filter": {
         *         "tag": "customer-42"
         *       },
         *       "action": "cancel",
         *       "reason": "The customer has left",
         *       "dry_run": true
         *     }
         */
        ActOnJobs: {
            /**
             * @description Jobs of the tenant; all of them without a field. Only those that can take the action count
             * @example {
             *       "type": "inference.batch",
             *       "tag": "customer-42"
             *     }
             */
            filter: {
                /**
                 * @description Only jobs with this status
                 * @enum {string}
                 */
                status?: "queued" | "running" | "waiting" | "paused" | "suspended" | "completed" | "failed" | "dead" | "cancelled";
                /**
                 * @description Only jobs of this type
                 * @example inference.batch
                 */
                type?: string;
                /**
                 * @description Only jobs with this tag
                 * @example customer-42
                 */
                tag?: string;
                /** @description Only jobs of this schedule */
                schedule_id?: string;
                /**
                 * Format: date-time
                 * @description Only jobs started at this time or later, RFC 3339
                 */
                created_from?: string;
                /**
                 * Format: date-time
                 * @description Only jobs started before this time, RFC 3339
                 */
                created_before?: string;
            };
            /**
             * @description Action on each of the jobs
             * @enum {string}
             */
            action: "cancel" | "pause" | "resume" | "retry";
            /**
             * @description Why, in one sentence for people
             * @example The customer has left
             */
            reason: string;
            /**
             * @description Show what would be done, and the token to do it; nothing is changed
             * @default false
             */
            dry_run?: boolean;
            /** @description `token` of the dry run with the same filter and action; required without `dry_run` */
            token?: string;
        };
        /**
         * @example {
         *       "scope": "model:example",
         *       "action": "engage",
         *       "mode": "drain",
         *       "reason": "Its answers leak credentials"
         *     }
         * @example {
         *       "scope": "model:example",
         *       "action": "release",
         *       "reason": "The model was replaced"
         *     }
         */
        SetKillSwitch: {
            /**
             * @description `global`, or `tenant:<id>`, `model:<id>`, `tool:<id>`, `job:<id>`, `capsule:<id>`, `workflow:<id>`, `memory:<id>`, `agent:<id>`
             * @example tenant:demo
             */
            scope: string;
            /** @constant */
            action: "engage";
            /**
             * @description Reason, in one sentence for people
             * @example Credentials leaked into prompts
             */
            reason: string;
            /**
             * @description Effect on work that was accepted before: `stop` ends it, `finish_step` ends it after its running steps, `drain` lets it finish
             * @default stop
             * @enum {string}
             */
            mode?: "stop" | "finish_step" | "drain";
            /**
             * @description Require two principals for the release
             * @default false
             */
            two_person?: boolean;
        } | {
            /**
             * @description `global`, or `tenant:<id>`, `model:<id>`, `tool:<id>`, `job:<id>`, `capsule:<id>`, `workflow:<id>`, `memory:<id>`, `agent:<id>`
             * @example tenant:demo
             */
            scope: string;
            /** @constant */
            action: "release";
            /**
             * @description Reason, in one sentence for people
             * @example Credentials leaked into prompts
             */
            reason: string;
        };
        /**
         * @example {
         *       "instructions": "You are a careful clerk. Answer with the number of the form.",
         *       "temperature": 0.2
         *     }
         */
        PutPersona: {
            /**
             * @description Purpose, in one sentence
             * @default
             */
            description?: string;
            /**
             * @description Instructions to the model: the system message of every turn, at most 2000 bytes of UTF-8
             * @example You are a patient teacher. Explain one step at a time.
             */
            instructions: string;
            /**
             * @description Model of sessions that name none; null for the default of the platform
             * @default null
             */
            model?: string | null;
            /**
             * @description Sampling temperature of requests that name none; 0 is greedy
             * @default 0.7
             */
            temperature?: number;
            /**
             * @description Maximum length of an answer, in tokens, of requests that name none; null for the default
             * @default null
             */
            max_tokens?: number | null;
        };
        /**
         * @example {
         *       "text": "The office in Cusco closes at six.",
         *       "space": "shared",
         *       "tags": [
         *         "office"
         *       ]
         *     }
         */
        Remember: {
            /**
             * @description The text
             * @example The office in Cusco closes at six.
             */
            text: string;
            /**
             * @description Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`
             * @example shared
             */
            space?: string;
            /**
             * @description The name that SomaBrain has for `space`
             * @example shared
             */
            universe?: string;
            /** @description Where the text comes from, in the words of its author */
            source?: string;
            /**
             * @description Tags that recalls can filter by, at most 16
             * @example [
             *       "office"
             *     ]
             */
            tags?: string[];
            /** @description Names and values that recalls can filter by, at most 16 */
            metadata?: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description Time from which the text is true, RFC 3339
             */
            valid_from?: string;
            /**
             * Format: date-time
             * @description Time from which it is not true any more, RFC 3339
             */
            valid_to?: string;
            /** @description Ids of memories of the space that this one takes the place of: they are recalled no more */
            supersedes?: string[];
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "query": "When does the office close?",
         *       "k": 3,
         *       "space": "shared"
         *     }
         */
        Recall: {
            /**
             * @description What to look for
             * @example When does the office close?
             */
            query: string;
            /**
             * @description Maximum number of memories; default: 10
             * @example 3
             */
            k?: number;
            /** @description The name that SomaBrain has for `k` */
            top_k?: number;
            /** @description Another name for `k` */
            limit?: number;
            /** @description Least score of a memory; default: none */
            threshold?: number;
            /**
             * @description Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`
             * @example shared
             */
            space?: string;
            /**
             * @description The name that SomaBrain has for `space`
             * @example shared
             */
            universe?: string;
            /**
             * @description Only what was remembered by then: a time, RFC 3339, or the `Khipu-Position` of an answer to `remember`; a memory that was forgotten since is not recalled
             * @example 2026-11-29T10:30:00.000Z
             */
            as_of?: string;
            /**
             * Format: date-time
             * @description Only what is true at this time, RFC 3339. Default: `as_of`, or now
             */
            valid_at?: string;
            /** @description Only memories with all of these labels */
            labels?: string[];
            /** @description Only memories with none of these labels */
            without_labels?: string[];
            /** @description Only memories with all of these tags */
            tags?: string[];
            /** @description Only memories with these entries */
            metadata?: {
                [key: string]: string;
            };
        };
        /**
         * @example {
         *       "query": "When does the office close?",
         *       "k": 3,
         *       "space": "shared"
         *     }
         */
        Retrieve: {
            /**
             * @description What to look for
             * @example When does the office close?
             */
            query: string;
            /**
             * @description Maximum number of memories; default: 10
             * @example 3
             */
            k?: number;
            /** @description The name that SomaBrain has for `k` */
            top_k?: number;
            /** @description Another name for `k` */
            limit?: number;
            /** @description Least score of a memory; default: none */
            threshold?: number;
            /**
             * @description Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`
             * @example shared
             */
            space?: string;
            /**
             * @description The name that SomaBrain has for `space`
             * @example shared
             */
            universe?: string;
            /**
             * @description Only what was remembered by then: a time, RFC 3339, or the `Khipu-Position` of an answer to `remember`; a memory that was forgotten since is not recalled
             * @example 2026-11-29T10:30:00.000Z
             */
            as_of?: string;
            /**
             * Format: date-time
             * @description Only what is true at this time, RFC 3339. Default: `as_of`, or now
             */
            valid_at?: string;
            /** @description Only memories with all of these labels */
            labels?: string[];
            /** @description Only memories with none of these labels */
            without_labels?: string[];
            /** @description Only memories with all of these tags */
            tags?: string[];
            /** @description Only memories with these entries */
            metadata?: {
                [key: string]: string;
            };
            /** @description Returned as it is */
            trace_id?: string;
            /**
             * @description Longest `context`, in characters
             * @default 8000
             */
            context_chars_max?: number;
        };
        /**
         * @example {
         *       "from_key": "6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44",
         *       "to_key": "0b8d2f6a-91c3-5d17-a4e2-7f5b3c6d8e90",
         *       "type": "supports"
         *     }
         */
        LinkMemories: {
            /**
             * Format: uuid
             * @description Id of a memory
             * @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44
             */
            from_key: string;
            /**
             * Format: uuid
             * @description Id of the other memory, of the same space
             * @example 0b8d2f6a-91c3-5d17-a4e2-7f5b3c6d8e90
             */
            to_key: string;
            /**
             * @description How they are related
             * @default related
             * @example supports
             */
            type?: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "reason": "It is not true any more"
         *     }
         */
        ForgetMemory: {
            /** @description Why, in one sentence for a person */
            reason: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "names": [
         *         "sessions.commands.dlq/0/12"
         *       ]
         *     }
         */
        SettleDeadLetters: {
            /** @description Names of the letters */
            names: string[];
        };
        /** @description Memories that the model is shown with the prompt. Rules see their texts and labels; the answer names them by id and digest. Such a turn is not queued behind another one */
        TurnRecall: {
            /**
             * @description Spaces of memories; `session` stands for that of the session. Each takes `memory:recall:<space>`
             * @default [
             *       "shared"
             *     ]
             * @example [
             *       "shared"
             *     ]
             */
            spaces?: string[];
            /**
             * @description Most memories; those that fit into 4000 characters
             * @default 4
             * @example 3
             */
            k?: number;
            /**
             * Format: date-time
             * @description Only what was remembered by this time, RFC 3339; the time of the turn when omitted
             */
            as_of?: string;
        };
        /**
         * @example {
         *       "persona": "guide",
         *       "prompt": "What is a khipu?"
         *     }
         */
        StartSession: {
            /**
             * @description Persona that answers: `GET /v1/personas` lists them
             * @example guide
             * @example analyst
             * @example teacher
             */
            persona: string;
            /**
             * @description Text of the prompt
             * @example What is a khipu?
             */
            prompt?: string;
            /**
             * @description Capabilities of the session, each covered by the API key; those of the key, without governing ones, when omitted
             * @example [
             *       "slm:invoke:*"
             *     ]
             */
            capabilities?: string[];
            /** @description Name of the model; that of the persona when omitted */
            model?: string;
            /** @description Key-value pairs of the caller, at most 16; the platform does not interpret them */
            metadata?: {
                [key: string]: string;
            };
            /** @description Maximum length of the answer, in tokens; that of the persona when omitted */
            max_tokens?: number;
            recall?: components["schemas"]["TurnRecall"];
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "capabilities": [
         *         "slm:invoke:default"
         *       ],
         *       "ttl_seconds": 300
         *     }
         */
        NarrowToken: {
            /** @description Capabilities of the new token, each covered by the token of the request; an empty list makes a read-only token */
            capabilities: string[];
            /** @description Time to live, in seconds; bounded by the expiry of the token of the request */
            ttl_seconds?: number;
        };
        /**
         * @example {
         *       "prompt": "And who could read them?"
         *     }
         */
        SubmitTurn: {
            /**
             * @description Text of the prompt
             * @example What is a khipu?
             */
            prompt: string;
            /** @description Maximum length of the answer, in tokens; that of the persona when omitted */
            max_tokens?: number;
            recall?: components["schemas"]["TurnRecall"];
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "persona": "guide",
         *       "prompt": "What is a khipu?"
         *     }
         */
        TryPolicy: {
            /**
             * @description Text of the prompt
             * @example What is a khipu?
             */
            prompt?: string;
            /**
             * @description Persona that answers: `GET /v1/personas` lists them
             * @example guide
             * @example analyst
             * @example teacher
             */
            persona?: string;
            /** @description Name of the model; that of the persona when omitted */
            model?: string;
            /**
             * @description Capabilities of the session, each covered by the API key; those of the key, without governing ones, when omitted
             * @example [
             *       "slm:invoke:*"
             *     ]
             */
            capabilities?: string[];
            /** @description Maximum length of the answer, in tokens; that of the persona when omitted */
            max_tokens?: number;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
            /**
             * Format: uuid
             * @description Recorded decision to explain, instead of a prompt; by the constitution that it names
             */
            decision_id?: string;
            /** @description Published version to decide by; the active one when omitted */
            constitution_version?: string;
        };
        /**
         * @example {
         *       "scope": "tenant",
         *       "reason": "A laptop was lost"
         *     }
         */
        RevokeTokens: {
            /**
             * @description `tenant`, `session:<id>` or `principal:<id>`, such as `principal:api_key:demo`, in the caller's own tenant
             * @example tenant
             */
            scope: string;
            /**
             * @description Reason, in one sentence for people
             * @example A laptop was lost
             */
            reason: string;
        };
        /** @description The job that each run starts */
        ScheduledJob: {
            /**
             * @description Type of the job: `GET /v1/job-types` lists them
             * @example inference.batch
             */
            type: string;
            /**
             * @description Input of the handler, checked by the schema of its type; at most 10 MB of JSON
             * @default {}
             * @example {
             *       "prompts": [
             *         "What is a khipu?"
             *       ]
             *     }
             */
            input?: unknown;
            /**
             * @description Which of the jobs that wait for a slot of their concurrency key is next. `interactive` requires `jobs:lane:interactive`
             * @default standard
             * @enum {string}
             */
            lane?: "interactive" | "standard" | "batch";
            /**
             * @description Concurrency key of the jobs; null for none
             * @default null
             */
            concurrency_key?: string | null;
            /**
             * @description How failed runs are repeated; null: as its type says
             * @default null
             */
            retry?: components["schemas"]["JobRetryInput"] | null;
            /**
             * @description Time from the start of a job to its deadline, in ms
             * @default null
             */
            deadline_ms?: number | null;
            /**
             * @description Tags to find it by, at most 16
             * @default []
             */
            tags?: string[];
        };
        /**
         * @example {
         *       "job": {
         *         "type": "inference.batch",
         *         "input": {
         *           "prompts": [
         *             "What is a khipu?"
         *           ]
         *         }
         *       },
         *       "cron": "0 2 * * *",
         *       "time_zone": "Europe/Berlin",
         *       "note": "Answers of the night"
         *     }
         */
        PutSchedule: {
            job: components["schemas"]["ScheduledJob"];
            /**
             * @description Cron pattern: second (optional), minute, hour, day of month, month, day of week. Either this or `interval_ms`
             * @default null
             * @example 0 2 * * *
             */
            cron?: string | null;
            /**
             * @description Elapsed time between two due times, in ms
             * @default null
             * @example null
             */
            interval_ms?: number | null;
            /**
             * Format: date-time
             * @description A due time of the interval, RFC 3339: all others are whole intervals away
             * @default 1970-01-01T00:00:00.000Z
             */
            anchor?: string;
            /**
             * @description IANA time zone of the cron pattern
             * @default UTC
             * @example Europe/Berlin
             */
            time_zone?: string;
            /**
             * @description What happens to a run that comes due while a job of the schedule runs. `skip`: it is not made. `buffer_one`: it waits, if none does. `buffer_all`: it waits, at most 100 do. `cancel_other`: the running job is cancelled. `allow_all`: both run
             * @default skip
             * @enum {string}
             */
            overlap?: "skip" | "buffer_one" | "buffer_all" | "cancel_other" | "allow_all";
            /**
             * @description Longest time by which a missed run is late and still made, in ms; older ones are skipped
             * @default 60000
             */
            catch_up_ms?: number;
            /**
             * @description Upper bound of the delay of a run, in ms; it is derived from schedule and due time
             * @default 0
             */
            jitter_ms?: number;
            /**
             * @description Earliest due time, RFC 3339
             * @default null
             * @example null
             */
            starts_at?: string | null;
            /**
             * @description Time before which all due times are, RFC 3339
             * @default null
             * @example null
             */
            ends_at?: string | null;
            /**
             * @description Due times that are run before the schedule is finished; skipped ones do not count
             * @default null
             * @example null
             */
            max_runs?: number | null;
            /**
             * @description Purpose, in one sentence
             * @default
             */
            note?: string;
            /**
             * @description True for a schedule that waits to be resumed
             * @default false
             */
            paused?: boolean;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "cron": "0 2 * * *",
         *       "time_zone": "Europe/Berlin",
         *       "count": 3
         *     }
         */
        PreviewSchedule: {
            /** @description Ignored: a preview starts nothing */
            job?: unknown;
            /**
             * @description Cron pattern: second (optional), minute, hour, day of month, month, day of week. Either this or `interval_ms`
             * @default null
             * @example 0 2 * * *
             */
            cron?: string | null;
            /**
             * @description Elapsed time between two due times, in ms
             * @default null
             * @example null
             */
            interval_ms?: number | null;
            /**
             * Format: date-time
             * @description A due time of the interval, RFC 3339: all others are whole intervals away
             * @default 1970-01-01T00:00:00.000Z
             */
            anchor?: string;
            /**
             * @description IANA time zone of the cron pattern
             * @default UTC
             * @example Europe/Berlin
             */
            time_zone?: string;
            /**
             * @description What happens to a run that comes due while a job of the schedule runs. `skip`: it is not made. `buffer_one`: it waits, if none does. `buffer_all`: it waits, at most 100 do. `cancel_other`: the running job is cancelled. `allow_all`: both run
             * @default skip
             * @enum {string}
             */
            overlap?: "skip" | "buffer_one" | "buffer_all" | "cancel_other" | "allow_all";
            /**
             * @description Longest time by which a missed run is late and still made, in ms; older ones are skipped
             * @default 60000
             */
            catch_up_ms?: number;
            /**
             * @description Upper bound of the delay of a run, in ms; it is derived from schedule and due time
             * @default 0
             */
            jitter_ms?: number;
            /**
             * @description Earliest due time, RFC 3339
             * @default null
             * @example null
             */
            starts_at?: string | null;
            /**
             * @description Time before which all due times are, RFC 3339
             * @default null
             * @example null
             */
            ends_at?: string | null;
            /**
             * @description Due times that are run before the schedule is finished; skipped ones do not count
             * @default null
             * @example null
             */
            max_runs?: number | null;
            /**
             * @description Purpose, in one sentence
             * @default
             */
            note?: string;
            /**
             * @description Due times to return
             * @default 10
             */
            count?: number;
            /**
             * Format: date-time
             * @description Time after which they are, RFC 3339; now when omitted
             */
            after?: string;
        };
        /**
         * @example {
         *       "reason": "The source is being moved"
         *     }
         */
        PauseSchedule: {
            /**
             * @description Why, in one sentence for people
             * @example The source is being moved
             */
            reason: string;
        };
        /** @example {} */
        ResumeSchedule: {
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /** @example {} */
        TriggerSchedule: {
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "from": "2026-02-01T00:00:00Z",
         *       "until": "2026-02-08T00:00:00Z"
         *     }
         */
        BackfillSchedule: {
            /**
             * Format: date-time
             * @description Earliest due time, RFC 3339
             * @example 2026-02-01T00:00:00Z
             */
            from: string;
            /**
             * Format: date-time
             * @description Time before which the due times are, RFC 3339
             * @example 2026-02-08T00:00:00Z
             */
            until: string;
            /**
             * @description `buffer_all`: one after another, beside no other job of the schedule. `allow_all`: at once
             * @default buffer_all
             * @enum {string}
             */
            overlap?: "buffer_all" | "allow_all";
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "document": {
         *         "document": {
         *           "dsl": "1.0.3",
         *           "namespace": "examples",
         *           "name": "greeting",
         *           "version": "0.1.0"
         *         },
         *         "do": [
         *           {
         *             "greet": {
         *               "set": {
         *                 "text": "Hello"
         *               }
         *             }
         *           }
         *         ]
         *       }
         *     }
         */
        ImportTemplate: {
            /**
             * @description Serverless Workflow 1.0.3: an object, or its YAML or JSON as a text; at most 48 KiB
             * @example {
             *       "document": {
             *         "dsl": "1.0.3",
             *         "namespace": "examples",
             *         "name": "greeting",
             *         "version": "0.1.0"
             *       },
             *       "do": [
             *         {
             *           "greet": {
             *             "set": {
             *               "text": "Hello"
             *             }
             *           }
             *         }
             *       ]
             *     }
             */
            document?: string | {
                [key: string]: unknown;
            };
            /**
             * @description Install of a capsule whose manifest has a workflow, instead of `document`
             * @example research-brief
             */
            install?: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @description Most that a run may use: a call whose worst case does not fit is refused
         * @example {
         *       "calls": 50,
         *       "tokens": 20000,
         *       "cost": "0.50"
         *     }
         */
        WorkflowBudgetInput: {
            /** @description Most calls of tools, models, agents and jobs */
            calls?: number;
            /** @description Most tokens of models and agents */
            tokens?: number;
            /** @description Most cost of models and agents, in the currency of the platform */
            cost?: string;
        };
        /**
         * @example {
         *       "input": {
         *         "name": "Ana"
         *       }
         *     }
         */
        StartWorkflowRun: {
            /**
             * @description Input of the workflow
             * @default null
             * @example {
             *       "name": "Ana"
             *     }
             */
            input?: unknown;
            /** @description Version by its sha256; the current one when omitted */
            sha256?: string;
            budget?: components["schemas"]["WorkflowBudgetInput"];
            /**
             * @description Lane of the job
             * @default standard
             * @enum {string}
             */
            lane?: "interactive" | "standard" | "batch";
            /**
             * @description Tags to find it by, at most 15; `template:<name>` is added
             * @default []
             */
            tags?: string[];
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "outcome": "approve"
         *     }
         */
        DecideWorkflowReview: {
            /**
             * @description A rejection is an error of the task
             * @example approve
             * @enum {string}
             */
            outcome: "approve" | "reject";
            /**
             * @description Why, for the run and the audit
             * @default
             * @example Read
             */
            note?: string;
            /**
             * @description Labels of the data for the rules of the constitution, at most 16. Labels found in the text are added
             * @example [
             *       "customer-data"
             *     ]
             */
            labels?: string[];
        };
        /**
         * @example {
         *       "input_file_id": "4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01",
         *       "endpoint": "/v1/chat/completions",
         *       "completion_window": "24h"
         *     }
         */
        BatchRequest: {
            /** @description A file of the purpose `batch`: one request a line */
            input_file_id: string;
            /**
             * @description The `url` of every request
             * @enum {string}
             */
            endpoint: "/v1/chat/completions" | "/v1/embeddings";
            /** @constant */
            completion_window: "24h";
            /** @description Key-value pairs, shown with the batch */
            metadata?: {
                [key: string]: string;
            } | null;
        };
        ChatToolCallInput: {
            id: string;
            /** @constant */
            type: "function";
            function: {
                /** @example get_weather */
                name: string;
                /**
                 * @description The arguments, as JSON text
                 * @example {"city":"Cusco"}
                 */
                arguments: string;
            };
        };
        ChatTool: {
            /** @constant */
            type: "function";
            function: {
                /**
                 * @description Name that calls have
                 * @example get_weather
                 */
                name: string;
                /** @description What it does, for the model; policy reads it */
                description?: string | null;
                /** @description JSON Schema of the arguments; none when omitted */
                parameters?: {
                    [key: string]: unknown;
                } | null;
                strict?: boolean | null;
            };
        };
        /**
         * @example {
         *       "model": "default",
         *       "messages": [
         *         {
         *           "role": "user",
         *           "content": "What is a khipu?"
         *         }
         *       ]
         *     }
         */
        ChatCompletionRequest: {
            /** @description A model of `GET /v1/models`; `default` for the default model */
            model: string;
            /** @description Oldest first; the last one is of the user, or the result of a call of a tool */
            messages: ({
                /** @enum {string} */
                role: "system" | "developer";
                content: string | {
                    /** @constant */
                    type: "text";
                    text: string;
                }[];
            } | {
                /** @constant */
                role: "user";
                content: string | {
                    /** @constant */
                    type: "text";
                    text: string;
                }[];
            } | {
                /** @constant */
                role: "assistant";
                content?: (string | {
                    /** @constant */
                    type: "text";
                    text: string;
                }[]) | null;
                refusal?: null;
                annotations?: unknown[];
                tool_calls?: components["schemas"]["ChatToolCallInput"][];
            } | {
                /** @constant */
                role: "tool";
                content: string | {
                    /** @constant */
                    type: "text";
                    text: string;
                }[];
                tool_call_id: string;
            })[];
            /** @description True for Server-Sent Events */
            stream?: boolean | null;
            /** @description `include_usage`: a chunk with the usage comes last */
            stream_options?: {
                include_usage?: boolean;
                include_obfuscation?: false | null;
            } | null;
            /** @description That of the persona when omitted */
            temperature?: number | null;
            /** @description Seed of the sampler */
            seed?: number | null;
            /** @description At most 4 texts that end the answer, which does not contain them */
            stop?: (string | string[]) | null;
            /** @description Maximum length of the answer, in tokens */
            max_completion_tokens?: number | null;
            /** @description The older name of `max_completion_tokens` */
            max_tokens?: number | null;
            /** @description Key-value pairs of the session; `khipu_persona` chooses the persona */
            metadata?: {
                [key: string]: string;
            } | null;
            /** @description Kept in the metadata of the session */
            user?: string | null;
            /** @description Form of the answer, as far as the provider of the model supports it */
            response_format?: ({
                /** @constant */
                type: "text";
            } | {
                /** @constant */
                type: "json_object";
            } | {
                /** @constant */
                type: "json_schema";
                json_schema: {
                    name: string;
                    description?: string | null;
                    schema: {
                        [key: string]: unknown;
                    };
                    strict?: boolean | null;
                };
            }) | null;
            /** @description Tools that the answer may ask for, at most 128 */
            tools?: components["schemas"]["ChatTool"][] | null;
            /** @description `auto` when omitted */
            tool_choice?: (("auto" | "none" | "required") | {
                /** @constant */
                type: "function";
                function: {
                    /** @example get_weather */
                    name: string;
                };
            }) | null;
            /** @description False: the answer asks for at most one call */
            parallel_tool_calls?: boolean | null;
            recall?: components["schemas"]["TurnRecall"] | null;
            n?: 1 | null;
            top_p?: 1 | null;
            frequency_penalty?: 0 | null;
            presence_penalty?: 0 | null;
            logprobs?: false | null;
            store?: false | null;
        };
        ResponseTool: {
            /** @constant */
            type: "function";
            /**
             * @description Name that calls have
             * @example get_weather
             */
            name: string;
            /** @description What it does, for the model; policy reads it */
            description?: string | null;
            /** @description JSON Schema of the arguments; none when omitted */
            parameters?: {
                [key: string]: unknown;
            } | null;
            strict?: boolean | null;
        };
        /**
         * @example {
         *       "model": "default",
         *       "input": "What is a khipu?"
         *     }
         */
        ResponseRequest: {
            /** @description A model of `GET /v1/models`; `default` for the default model */
            model: string;
            /** @description A prompt, or items oldest first; the last one is of the user, or the result of a call */
            input: string | ({
                /** @constant */
                type?: "message";
                id?: string | null;
                status?: ("in_progress" | "completed" | "incomplete") | null;
                content: string | ({
                    /** @constant */
                    type: "input_text";
                    text: string;
                } | {
                    /** @constant */
                    type: "output_text";
                    text: string;
                    annotations?: unknown[];
                    logprobs?: unknown[] | null;
                })[];
                /** @enum {string} */
                role: "user" | "assistant" | "system" | "developer";
                phase?: string | null;
            } | {
                /** @constant */
                type: "function_call";
                id?: string | null;
                status?: ("in_progress" | "completed" | "incomplete") | null;
                call_id: string;
                /** @example get_weather */
                name: string;
                /**
                 * @description The arguments, as JSON text
                 * @example {"city":"Cusco"}
                 */
                arguments: string;
            } | {
                /** @constant */
                type: "function_call_output";
                id?: string | null;
                status?: ("in_progress" | "completed" | "incomplete") | null;
                call_id: string;
                output: string | ({
                    /** @constant */
                    type: "input_text";
                    text: string;
                } | {
                    /** @constant */
                    type: "output_text";
                    text: string;
                    annotations?: unknown[];
                    logprobs?: unknown[] | null;
                })[];
            })[];
            /** @description Take the place of the persona’s */
            instructions?: string | null;
            /** @description The response that this one continues */
            previous_response_id?: string | null;
            /** @description The conversation whose turn it is */
            conversation?: (string | {
                id: string;
            }) | null;
            /** @description True for Server-Sent Events */
            stream?: boolean | null;
            stream_options?: {
                include_obfuscation?: false | null;
            } | null;
            /** @description True: answer at once; the response goes on without its client */
            background?: boolean | null;
            /** @description False: it cannot be read later. The log keeps it */
            store?: boolean | null;
            /** @description Tools that the answer may ask for, at most 128 */
            tools?: components["schemas"]["ResponseTool"][] | null;
            tool_choice?: (("auto" | "none" | "required") | {
                /** @constant */
                type: "function";
                /** @example get_weather */
                name: string;
            }) | null;
            parallel_tool_calls?: boolean | null;
            text?: {
                format?: ({
                    /** @constant */
                    type: "text";
                } | {
                    /** @constant */
                    type: "json_object";
                } | {
                    /** @constant */
                    type: "json_schema";
                    name: string;
                    description?: string | null;
                    schema: {
                        [key: string]: unknown;
                    };
                    strict?: boolean | null;
                }) | null;
                verbosity?: "medium" | null;
            } | null;
            max_output_tokens?: number | null;
            temperature?: number | null;
            /** @description Key-value pairs; `khipu_persona` chooses the persona */
            metadata?: {
                [key: string]: string;
            } | null;
            recall?: components["schemas"]["TurnRecall"] | null;
            user?: string | null;
            safety_identifier?: string | null;
            prompt_cache_key?: string | null;
            /** @description Taken, and without effect: models here have neither */
            include?: ("reasoning.encrypted_content" | "message.output_text.logprobs")[] | null;
            top_p?: 1 | null;
            truncation?: "disabled" | null;
            service_tier?: "auto" | null;
            top_logprobs?: 0 | null;
        };
        /**
         * @example {
         *       "metadata": {
         *         "team": "textiles"
         *       }
         *     }
         */
        ConversationRequest: {
            items?: ({
                /** @constant */
                type?: "message";
                id?: string | null;
                status?: ("in_progress" | "completed" | "incomplete") | null;
                content: string | ({
                    /** @constant */
                    type: "input_text";
                    text: string;
                } | {
                    /** @constant */
                    type: "output_text";
                    text: string;
                    annotations?: unknown[];
                    logprobs?: unknown[] | null;
                })[];
                /** @enum {string} */
                role: "user" | "assistant" | "system" | "developer";
                phase?: string | null;
            } | {
                /** @constant */
                type: "function_call";
                id?: string | null;
                status?: ("in_progress" | "completed" | "incomplete") | null;
                call_id: string;
                /** @example get_weather */
                name: string;
                /**
                 * @description The arguments, as JSON text
                 * @example {"city":"Cusco"}
                 */
                arguments: string;
            } | {
                /** @constant */
                type: "function_call_output";
                id?: string | null;
                status?: ("in_progress" | "completed" | "incomplete") | null;
                call_id: string;
                output: string | ({
                    /** @constant */
                    type: "input_text";
                    text: string;
                } | {
                    /** @constant */
                    type: "output_text";
                    text: string;
                    annotations?: unknown[];
                    logprobs?: unknown[] | null;
                })[];
            })[] | null;
            metadata?: {
                [key: string]: string;
            } | null;
        };
        /**
         * @example {
         *       "model": "default",
         *       "input": "a knotted cord"
         *     }
         */
        EmbeddingRequest: {
            /** @description A model of `GET /v1/models`; `default` for the default model */
            model: string;
            /** @description One text, or a list of at most 64 texts; tokens are not supported */
            input: string | string[];
            /**
             * @description `base64`: 32-bit floats, little-endian
             * @default float
             * @enum {string}
             */
            encoding_format?: "float" | "base64";
            user?: string | null;
        };
        FileUpload: {
            /**
             * Format: binary
             * @description The content
             */
            file: string;
            /**
             * @description What it is for: batch or user_data
             * @example batch
             */
            purpose: string;
        };
        /**
         * @example {
         *       "input": [
         *         "What is a khipu?"
         *       ]
         *     }
         */
        ModerationRequest: {
            /** @description One text, or a list of at most 64 texts. Text parts are one text; images are not supported */
            input: string | string[] | {
                /** @constant */
                type: "text";
                text: string;
            }[];
            /** @description Without effect: the active constitution classifies */
            model?: string | null;
        };
        /**
         * @example {
         *       "metadata": {
         *         "team": "looms"
         *       }
         *     }
         */
        ConversationUpdate: {
            metadata?: {
                [key: string]: string;
            } | null;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "role": "user",
         *           "content": "A khipu has cords."
         *         }
         *       ]
         *     }
         */
        ConversationItemsRequest: {
            items: ({
                /** @constant */
                type?: "message";
                id?: string | null;
                status?: ("in_progress" | "completed" | "incomplete") | null;
                content: string | ({
                    /** @constant */
                    type: "input_text";
                    text: string;
                } | {
                    /** @constant */
                    type: "output_text";
                    text: string;
                    annotations?: unknown[];
                    logprobs?: unknown[] | null;
                })[];
                /** @enum {string} */
                role: "user" | "assistant" | "system" | "developer";
                phase?: string | null;
            } | {
                /** @constant */
                type: "function_call";
                id?: string | null;
                status?: ("in_progress" | "completed" | "incomplete") | null;
                call_id: string;
                /** @example get_weather */
                name: string;
                /**
                 * @description The arguments, as JSON text
                 * @example {"city":"Cusco"}
                 */
                arguments: string;
            } | {
                /** @constant */
                type: "function_call_output";
                id?: string | null;
                status?: ("in_progress" | "completed" | "incomplete") | null;
                call_id: string;
                output: string | ({
                    /** @constant */
                    type: "input_text";
                    text: string;
                } | {
                    /** @constant */
                    type: "output_text";
                    text: string;
                    annotations?: unknown[];
                    logprobs?: unknown[] | null;
                })[];
            })[];
        };
        /** @description A policy decision */
        Decision: {
            /** @description Id of the decision */
            decision_id: string;
            /**
             * @description Whether the command may run
             * @enum {string}
             */
            outcome: "allow" | "deny";
            /** @description Score S(a), from 0 to 1 */
            score: number;
            /** @description Minimum score to allow */
            threshold: number;
            /** @description Stable codes; the first one decided */
            reasons: string[];
            /** @description Clauses that decided: of the constitution, or `kill-switch:<scope>` with the event that engaged the switch */
            clauses: string[];
            /** @description Constitution of the decision. Both strings are empty when it could not be verified, or when a kill switch decided */
            constitution: {
                version: string;
                digest: string;
            };
        };
        /** @description Tokens that a request used */
        Tokens: {
            /** @description Tokens of the prompt */
            prompt: number;
            /** @description Tokens of the answer */
            completion: number;
        };
        /** @description RFC 9457 problem details */
        Problem: {
            /**
             * @description URI of the problem type
             * @example urn:khipu:problem:policy-denied
             */
            type: string;
            /** @description Title of the problem type */
            title: string;
            /** @description HTTP status */
            status: number;
            /** @description Explanation of this occurrence */
            detail: string;
            /** @description Path of the request */
            instance: string;
            /**
             * @description Stable code for programs
             * @example POLICY_DENIED
             */
            code: string;
            /** @description Id of the request, also in `X-Request-Id` and in the log of the gateway */
            request_id: string;
            /** @description Each invalid field */
            errors?: {
                /** @enum {string} */
                in: "body" | "query" | "path" | "header";
                pointer: string;
                detail: string;
            }[];
            /** @description Decision of a refusal */
            decision?: components["schemas"]["Decision"];
            /** @description Id of the decision of a refusal */
            decision_id?: string;
            /** @description Id of the session of the request */
            session_id?: string;
            /** @description Window of the budget that refused the request, or `minute` of a limit of calls */
            window?: string;
            /** @description Most that the request can use: what its budget, or its limit of calls, must have left */
            needed?: {
                tokens?: number;
                cost?: string;
                calls?: number;
            };
            /** @description What the window has left; null without a limit. With `BUDGET_TOO_SMALL`, the whole limit of the window */
            left?: {
                tokens?: number | null;
                cost?: string | null;
                calls?: number;
            };
            /** @description Time at which the window begins again, RFC 3339; null when the request may fit earlier, because open requests hold the rest, or does not fit later either */
            resets_at?: string | null;
        } & {
            [key: string]: unknown;
        };
        /** @description The command is in the log and has no outcome yet */
        Pending: {
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        ToolSummary: {
            /**
             * @description Name of the tool
             * @example weather
             */
            name: string;
            /** @description Number of definitions since it was registered, from 1; the ETag */
            version: number;
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description Version that the manifest names
             * @example 1.0.0
             */
            manifest_version: string;
            /**
             * @description `quarantined`: its server changed the definition, and calls are refused until a new version is approved
             * @example active
             * @enum {string}
             */
            status: "active" | "quarantined";
            /** @description What the tool does */
            description: string;
            /**
             * @description How it is called
             * @example declared
             */
            adapter: string;
            /**
             * @description Least isolation of a call
             * @example declared
             */
            tier: string;
            /**
             * @description What a call does outside
             * @example read
             */
            effect: string;
            /**
             * @description Time of the latest change, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            changed_at: string | null;
        };
        ToolPage: {
            /** @description Items of the page */
            items: components["schemas"]["ToolSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        Tool: {
            /**
             * @description Name of the tool
             * @example weather
             */
            name: string;
            /** @description Number of definitions since it was registered, from 1; the ETag */
            version: number;
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description Version that the manifest names
             * @example 1.0.0
             */
            manifest_version: string;
            /**
             * @description `quarantined`: its server changed the definition, and calls are refused until a new version is approved
             * @example active
             * @enum {string}
             */
            status: "active" | "quarantined";
            /** @description What the tool does */
            description: string;
            /**
             * @description How it is called
             * @example declared
             */
            adapter: string;
            /**
             * @description Least isolation of a call
             * @example declared
             */
            tier: string;
            /**
             * @description What a call does outside
             * @example read
             */
            effect: string;
            /**
             * @description Time of the latest change, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            changed_at: string | null;
            /**
             * @description The signed manifest
             * @example {
             *       "name": "weather",
             *       "version": "1.0.0",
             *       "description": "The temperature of a city now",
             *       "adapter": "declared",
             *       "tier": "declared",
             *       "effect": "read",
             *       "input_schema": {
             *         "type": "object",
             *         "properties": {
             *           "city": {
             *             "type": "string"
             *           }
             *         },
             *         "required": [
             *           "city"
             *         ],
             *         "additionalProperties": false
             *       },
             *       "output_schema": {
             *         "type": "object"
             *       },
             *       "hosts": [
             *         {
             *           "host": "api.weather.example",
             *           "methods": [
             *             "GET"
             *           ]
             *         }
             *       ],
             *       "config": {
             *         "operation": "getWeather",
             *         "openapi": {
             *           "openapi": "3.1.0",
             *           "servers": [
             *             {
             *               "url": "https://api.weather.example"
             *             }
             *           ],
             *           "paths": {
             *             "/weather": {
             *               "get": {
             *                 "operationId": "getWeather",
             *                 "parameters": [
             *                   {
             *                     "name": "city",
             *                     "in": "query",
             *                     "required": true
             *                   }
             *                 ]
             *               }
             *             }
             *           }
             *         }
             *       }
             *     }
             */
            manifest: unknown;
            /** @description The manifest with its signatures: a DSSE envelope, JSON */
            envelope: string;
        };
        ToolVersion: {
            /** @description Number of definitions since it was registered, from 1; the ETag */
            version: number;
            /**
             * @description `registered`, `updated`, `quarantined` or `removed`
             * @example registered
             */
            status: string;
            digest: string | null;
            /**
             * @description The manifest; null for a removal
             * @example null
             */
            manifest: unknown;
            /** @description Who changed it; the code of a quarantine */
            principal: string;
            /** @description Decision that allowed it; the call that found a quarantine */
            decision_id: string;
            /**
             * @description Time of the change, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
        };
        ToolVersionPage: {
            /** @description Items of the page */
            items: components["schemas"]["ToolVersion"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        EgressRequest: {
            /**
             * @description Method
             * @example GET
             */
            method: string;
            /**
             * @description Host and port; null for a URL that cannot be read
             * @example api.weather.example:443
             */
            host: string | null;
            /**
             * @description Path; segments that may be ids or secrets are `*`
             * @example /weather
             */
            path: string;
            /**
             * @description sha256 of path and query, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            path_digest: string;
            /**
             * @description Address of the connection; null when none was made
             * @example 192.0.2.1
             */
            address: string | null;
            /**
             * @description Status of the answer; null without one
             * @example 200
             */
            status: number | null;
            /** @description Bytes of the body that was sent */
            request_bytes: number;
            /** @description Bytes of the body that was passed on */
            response_bytes: number;
            /** @description Time of the request, in ms */
            duration_ms: number;
            /**
             * @description `answered`, `refused` by the broker, or `failed`
             * @example answered
             */
            outcome: string;
            /**
             * @description Stable code of a refusal or failure
             * @example null
             */
            code: string | null;
        };
        ToolOutputContent: {
            /**
             * @description sha256 of the JSON, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description Size of the JSON
             * @example 3145728
             */
            bytes: number;
            /**
             * @description Always `application/json`
             * @example application/json
             */
            media_type: string;
            /**
             * @description URL of the JSON
             * @example /v1/tool-calls/3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11/output
             */
            url: string;
        };
        ToolCall: {
            /**
             * @description Id of the call
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            call_id: string;
            /**
             * @description Name of the tool
             * @example weather
             */
            tool: string;
            /**
             * @description Version of the tool; null for a refused call
             * @example 1
             */
            tool_version: number | null;
            digest: string | null;
            /**
             * @description `unknown`: it may have taken effect, and is not tried again
             * @example succeeded
             * @enum {string}
             */
            status: "waiting" | "requested" | "started" | "succeeded" | "failed" | "unknown" | "refused";
            /** @description Who asked */
            principal: string;
            /**
             * @description What it does outside
             * @example read
             */
            effect: string | null;
            /**
             * @description Stable code of a failure or refusal
             * @example null
             */
            code: string | null;
            /**
             * @description One sentence about the end
             * @example The call succeeded.
             */
            detail: string | null;
            /**
             * @description Output by the output schema of the tool; null without one, and above 64 KB
             * @example {
             *       "celsius": 14
             *     }
             */
            output: unknown;
            /**
             * @description An output above 64 KB, which has null in this body then
             * @example null
             */
            output_content: components["schemas"]["ToolOutputContent"] | null;
            /**
             * @description Beginning of the JSON of such an output, at most 8 KB; else null
             * @example null
             */
            output_preview: string | null;
            /** @description True when a look-up gave the outcome */
            verified: boolean;
            /**
             * @description Isolation of the call
             * @example declared
             */
            tier: string | null;
            /**
             * @description Walls around the call
             * @example [
             *       "egress-broker"
             *     ]
             */
            walls: string[];
            /**
             * @description Runs of the call
             * @example 1
             */
            attempt: number | null;
            /** @description Time of the last run, in ms */
            latency_ms: number | null;
            /** @description Requests outside, in order; at most 32 */
            requests: components["schemas"]["EgressRequest"][];
            /**
             * @description Cost, in the currency of the platform
             * @example 0.000000000
             */
            cost: string | null;
            /**
             * @description Labels of the output
             * @example []
             */
            labels: string[];
            /** @description Decision on the call */
            decision_id: string | null;
            /**
             * @description Time of the request, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
            /**
             * @description Time at which a worker began it; null before, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            started_at: string | null;
            /**
             * @description Time of the end; null before, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            ended_at: string | null;
        };
        ToolCallPage: {
            /** @description Items of the page */
            items: components["schemas"]["ToolCall"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        ToolCallEnded: {
            /**
             * @description Id of the call
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            call_id: string;
            /**
             * @description Name of the tool
             * @example weather
             */
            tool: string;
            /**
             * @description `unknown`: it may have taken effect, and is not tried again
             * @example succeeded
             * @enum {string}
             */
            status: "waiting" | "requested" | "started" | "succeeded" | "failed" | "unknown" | "refused";
            /**
             * @description Stable code of a failure or refusal
             * @example null
             */
            code: string | null;
            /**
             * @description One sentence about the end
             * @example The call succeeded.
             */
            detail: string | null;
            /**
             * @description Output by the output schema of the tool; null without one, and above 64 KB
             * @example {
             *       "celsius": 14
             *     }
             */
            output: unknown;
            /** @description True when a look-up gave the outcome */
            verified: boolean;
            /**
             * @description Isolation of the call
             * @example declared
             */
            tier: string | null;
            /**
             * @description An output above 64 KB, which has null in this body then
             * @example null
             */
            output_content: components["schemas"]["ToolOutputContent"] | null;
            /**
             * @description Beginning of the JSON of such an output, at most 8 KB; else null
             * @example null
             */
            output_preview: string | null;
            /**
             * @description Walls around the call
             * @example [
             *       "egress-broker"
             *     ]
             */
            walls: string[];
            /**
             * @description Runs of the call
             * @example 1
             */
            attempt: number | null;
            /** @description Time of the last run, in ms */
            latency_ms: number | null;
            /** @description Requests outside, in order; at most 32 */
            requests: components["schemas"]["EgressRequest"][];
            /**
             * @description Cost, in the currency of the platform
             * @example 0.000000000
             */
            cost: string | null;
            /**
             * @description Labels of the output
             * @example []
             */
            labels: string[];
            /**
             * @description Time of the end; null before, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            ended_at: string | null;
        };
        ToolCallWaiting: {
            /**
             * @description Id of the call
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            call_id: string;
            /**
             * @description Name of the tool
             * @example weather
             */
            tool: string;
            /**
             * @description Always `waiting`
             * @constant
             */
            status: "waiting";
            /**
             * @description Approval that it waits for
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            approval_id: string;
            /**
             * @description What an approval is bound to
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description Approvals that it needs
             * @example 1
             */
            required: number;
            /**
             * @description Time at which the approval expires, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            expires_at: string | null;
        };
        ToolHealth: {
            /**
             * @description Name of the tool
             * @example weather
             */
            tool: string;
            /**
             * @description `healthy`: the latest calls succeeded. `degraded`: some did not. `failing`: none did. `stopped`: a kill switch is engaged. `quarantined`: its server changed the definition. `unused`: no call has ended
             * @enum {string}
             */
            status: "healthy" | "degraded" | "failing" | "stopped" | "quarantined" | "unused";
            /**
             * @description One sentence
             * @example 20 of the latest 20 calls succeeded.
             */
            detail: string;
            /**
             * @description Time of the latest success, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            last_succeeded_at: string | null;
            /**
             * @description Time of the latest end without success, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            last_failed_at: string | null;
        };
        AgentRunSummary: {
            /**
             * @description Id of the run
             * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            run_id: string;
            /**
             * @description Name of the agent; null for a refused start
             * @example forecaster
             */
            agent: string | null;
            /**
             * @description `running`, or how it ended
             * @example completed
             * @enum {string}
             */
            status: "running" | "completed" | "failed" | "cancelled" | "refused";
            /** @description Who asked */
            principal: string;
            /**
             * @description Run that handed off; null for a run that a user started
             * @example null
             */
            parent_id: string | null;
            /**
             * @description Answers that the model was asked for
             * @example 2
             */
            steps: number;
            /**
             * @description Stable code of a failure or refusal
             * @example null
             */
            code: string | null;
            /**
             * @description One sentence about a failure or refusal
             * @example null
             */
            detail: string | null;
            /**
             * @description Tokens; null before the end
             * @example {
             *       "prompt": 120,
             *       "completion": 14
             *     }
             */
            tokens: {
                prompt: number;
                completion: number;
            } | null;
            /**
             * @description Cost of answers, calls and child runs; null before the end, in the currency of the platform
             * @example 0.000246800
             */
            cost: string | null;
            /**
             * @description Time of the start, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
            /**
             * @description Time of the end; null before, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            ended_at: string | null;
        };
        AgentRunPage: {
            /** @description Items of the page */
            items: components["schemas"]["AgentRunSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        AgentCall: {
            /**
             * @description Id of the call; `/v1/tool-calls/{call_id}` has all of it
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            call_id: string;
            /**
             * @description Name of the tool; null for one that the run does not have
             * @example weather
             */
            tool: string | null;
            /**
             * @description The tool, as the model named it
             * @example weather
             */
            model_name: string;
            /**
             * @description Arguments as the model wrote them
             * @example {"city":"Cusco"}
             */
            arguments: string;
            /**
             * @description `asked`, `succeeded`, `failed`, `unknown`, `refused` or `invalid`: nothing was called
             * @example succeeded
             */
            status: string;
            /**
             * @description Stable code; null for a success
             * @example null
             */
            code: string | null;
            /**
             * @description One sentence about the end
             * @example The call succeeded.
             */
            detail: string | null;
            /**
             * @description What the model was shown, cut at 8 KiB; null before the end
             * @example {"celsius":14}
             */
            result: string | null;
            /**
             * @description Size of the whole result
             * @example 14
             */
            result_bytes: number | null;
            /**
             * @description Labels of the output
             * @example [
             *       "untrusted"
             *     ]
             */
            labels: string[];
            /**
             * @description Cost of the call, in the currency of the platform
             * @example 0.000246800
             */
            cost: string | null;
            /**
             * @description Run that it was handed off to
             * @example null
             */
            child_run_id: string | null;
            /**
             * @description Time at which the model asked for it, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
            /**
             * @description Time of the end; null before, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            ended_at: string | null;
        };
        AgentStep: {
            /**
             * @description Number, from 1
             * @example 1
             */
            step: number;
            /**
             * @description `asked` or `answered`
             * @example answered
             */
            status: string;
            /**
             * @description Text of the answer
             * @example
             */
            text: string | null;
            /**
             * @description Model that answered
             * @example small
             */
            model_id: string | null;
            /**
             * @description Why the answer ended
             * @example tool_calls
             */
            finish_reason: string | null;
            /**
             * @description Tokens; null before the end
             * @example {
             *       "prompt": 120,
             *       "completion": 14
             *     }
             */
            tokens: {
                prompt: number;
                completion: number;
            } | null;
            /**
             * @description Cost of the answer, in the currency of the platform
             * @example 0.000246800
             */
            cost: string | null;
            /**
             * @description Time at the provider
             * @example 420
             */
            latency_ms: number | null;
            /**
             * @description Labels that policy found in what the model was shown
             * @example [
             *       "untrusted"
             *     ]
             */
            labels: string[];
            /**
             * @description State of the program where it waits for its call, by sha256 and size; `fork` continues from it. Null where no program waits
             * @example null
             */
            snapshot: {
                digest: string;
                bytes: number;
            } | null;
            /**
             * @description Why the answer does not fit the schema of the result
             * @example null
             */
            rejected: string | null;
            /**
             * @description Decision that allowed the request to the model
             * @example null
             */
            decision_id: string | null;
            /** @description Calls that it asks for, in its order */
            calls: components["schemas"]["AgentCall"][];
            /**
             * @description Time of the decision, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
            /**
             * @description Time of the answer, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            ended_at: string | null;
        };
        AgentRun: {
            /**
             * @description Id of the run
             * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            run_id: string;
            /**
             * @description Name of the agent; null for a refused start
             * @example forecaster
             */
            agent: string | null;
            /**
             * @description `running`, or how it ended
             * @example completed
             * @enum {string}
             */
            status: "running" | "completed" | "failed" | "cancelled" | "refused";
            /** @description Who asked */
            principal: string;
            /**
             * @description Run that handed off; null for a run that a user started
             * @example null
             */
            parent_id: string | null;
            /**
             * @description Answers that the model was asked for
             * @example 2
             */
            steps: number;
            /**
             * @description Stable code of a failure or refusal
             * @example null
             */
            code: string | null;
            /**
             * @description One sentence about a failure or refusal
             * @example null
             */
            detail: string | null;
            /**
             * @description Tokens; null before the end
             * @example {
             *       "prompt": 120,
             *       "completion": 14
             *     }
             */
            tokens: {
                prompt: number;
                completion: number;
            } | null;
            /**
             * @description Cost of answers, calls and child runs; null before the end, in the currency of the platform
             * @example 0.000246800
             */
            cost: string | null;
            /**
             * @description Time of the start, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
            /**
             * @description Time of the end; null before, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            ended_at: string | null;
            /**
             * @description Instructions
             * @example Answer in one sentence.
             */
            instructions: string | null;
            /**
             * @description What it is to do
             * @example Do I need a coat in Cusco?
             */
            prompt: string | null;
            /**
             * @description Program that takes the place of the model; null for a run of a model
             * @example null
             */
            program: string | null;
            /**
             * @description Call of another run at which it began, as `<run>/<call>`; null for any other
             * @example null
             */
            forked_from: string | null;
            /**
             * @description Model; null for the default
             * @example null
             */
            model: string | null;
            /**
             * @description Tools with the sha256 of their manifests
             * @example [
             *       {
             *         "name": "weather",
             *         "digest": "…"
             *       }
             *     ]
             */
            tools: {
                name: string;
                digest: string;
            }[];
            /**
             * @description Limits
             * @example {
             *       "steps": 5,
             *       "tokens": 200000,
             *       "cost": null,
             *       "wall_ms": 3600000,
             *       "identical_calls": 3
             *     }
             */
            limits: unknown;
            /**
             * @description JSON Schema of the result; null for text
             * @example null
             */
            output_schema: unknown;
            /**
             * @description Runs above it
             * @example 0
             */
            depth: number | null;
            /**
             * @description Time at which it ends at the latest, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            deadline: string | null;
            /**
             * @description The result; null unless it completed
             * @example Yes: it is 14 °C.
             */
            output: string | null;
            /**
             * @description Labels of all that the run has seen; empty before the end
             * @example [
             *       "untrusted"
             *     ]
             */
            labels: string[];
            /**
             * @description Decision on the start
             * @example null
             */
            decision_id: string | null;
            /** @description Steps with their calls, in order; at most 200 */
            steps_taken: components["schemas"]["AgentStep"][];
        };
        AgentRunStarted: {
            /**
             * @description Id of the run
             * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            run_id: string;
            /**
             * @description Name of the agent, for rules and the kill switch `agent:<name>`
             * @example forecaster
             */
            agent: string;
            /**
             * @description State
             * @example running
             * @constant
             */
            status: "running";
            /**
             * @description Time at which it ends at the latest, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            deadline: string | null;
            /**
             * @description Stream of its events
             * @example /v1/agents/runs/7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11/events
             */
            events_url: string;
            /**
             * @description Its result
             * @example /v1/agents/runs/7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11/result
             */
            result_url: string;
            /** @description Decision that allowed it */
            decision_id: string;
        };
        AgentRunCancelled: {
            /**
             * @description Id of the run
             * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            run_id: string;
            /**
             * @description State
             * @example cancelled
             * @constant
             */
            status: "cancelled";
        };
        AgentRunResult: {
            /**
             * @description Id of the run
             * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            run_id: string;
            /**
             * @description State
             * @example completed
             * @constant
             */
            status: "completed";
            /**
             * @description The last answer
             * @example Yes: it is 14 °C.
             */
            output: string;
        };
        AgentRunUnfinished: {
            /**
             * @description Id of the run
             * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            run_id: string;
            /**
             * @description State
             * @example running
             * @constant
             */
            status: "running";
        };
        /** @description The command is in the log and has no outcome yet */
        AgentRunPending: {
            /**
             * @description Id of the run
             * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            run_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description Within 1 % of the latency of that rank; null without any */
        LatencyQuantiles: {
            p50: number | null;
            p95: number | null;
            p99: number | null;
        };
        AnalyticsFigures: {
            /** @description Persona, tool, clause of a constitution, or model */
            subject: string;
            /** @description Null for the whole range */
            window_start: string | null;
            /** @description Requests, calls or decisions that ended */
            runs: number;
            /** @description Of these, those that succeeded or were allowed */
            successes: number;
            /** @description Of these, those that were refused or denied */
            refusals: number;
            /** @description Calls that had waited for an approval */
            approvals: number;
            /** @description Mean wait for an approval; null without one */
            approval_wait_ms: number | null;
            tokens: number;
            /**
             * @description Decimal; as it was metered
             * @example 0.000246800
             */
            cost: string;
            /** @description Null without a success */
            cost_per_success: string | null;
            latency_ms: components["schemas"]["LatencyQuantiles"];
        };
        Analytics: {
            /** @description RFC 3339 */
            from: string;
            until: string;
            items: components["schemas"]["AnalyticsFigures"][];
        };
        AnomalyRecord: {
            /** @description Id of the record */
            record_id: string;
            /** @description Place of the record in the log, opaque; null where unknown */
            position: string | null;
        };
        /** @description A kill switch for a person to consider, with `POST /v1/kill-switch`. Nothing engages it by itself */
        SuggestedKillSwitch: {
            /** @example tool:demo/pay */
            scope: string;
            /** @description True while a person has engaged it */
            engaged: boolean;
        } | null;
        Anomaly: {
            anomaly_id: string;
            /** @description level, drift, mix, host or denials */
            rule: string;
            /** @description tokens, calls, jobs, denials, mix or hosts */
            metric: string;
            /**
             * @description Model, tool or type of job; `*` for the whole tenant
             * @example demo/pay
             */
            subject: string;
            /** @description up or down; null where there is none */
            direction: string | null;
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            window_start: string;
            /** @description Length of the window, in ms */
            window_ms: number;
            /** @description In the unit of the metric; the divergence for mix */
            observed: number;
            /** @description Null where there is no expectation */
            expected: number | null;
            /** @description How far it is off, in the unit of the threshold */
            score: number;
            threshold: number;
            /** @description New host, or the tool whose share changed most */
            label: string | null;
            detail: string;
            /** @description Records that show it, the last first; at most 8 */
            records: components["schemas"]["AnomalyRecord"][];
            /** @description Number of records of the window */
            records_total: number;
            /** @description 0 for the defaults */
            settings_version: number;
            suggested_kill_switch: components["schemas"]["SuggestedKillSwitch"];
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            detected_at: string;
        };
        AnomalyPage: {
            /** @description Items of the page */
            items: components["schemas"]["Anomaly"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        AnomalyHour: {
            metric: string;
            /**
             * @description Model, tool or type of job; `*` for the whole tenant
             * @example demo/pay
             */
            subject: string;
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            window_start: string;
            /** @description Amount of the hour, in the unit of the metric */
            value: number;
            records: number;
            /** @description Records of it that came after it was judged */
            late: number;
            /** @description Null while the series learns */
            expected: number | null;
            /** @description Above it, the hour is an anomaly */
            bound: number | null;
        };
        AnomalySeries: {
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            from: string;
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            until: string;
            items: components["schemas"]["AnomalyHour"][];
        };
        AnomalySettings: {
            /**
             * @description False to learn and raise nothing
             * @default true
             */
            is_on: boolean;
            /**
             * @description Deviation of an hour, in robust standard deviations
             * @default 5
             * @example 5
             */
            level_threshold: number;
            /**
             * @description Cumulative deviation, in robust standard deviations
             * @default 12
             * @example 12
             */
            drift_threshold: number;
            /**
             * @description Jensen-Shannon divergence of the mix of tools
             * @default 0.3
             * @example 0.3
             */
            mix_threshold: number;
            /**
             * @description Denials within the window that are a burst
             * @default 20
             * @example 20
             */
            denials_max: number;
            /**
             * @description Window of a burst, in ms
             * @default 600000
             * @example 600000
             */
            denials_window_ms: number;
            /**
             * @description True to raise the first request of a tool to a host
             * @default true
             */
            new_hosts: boolean;
            /**
             * @description True to suggest a kill switch when it is grave
             * @default true
             */
            suggests_kill_switch: boolean;
            /** @description 0 for the defaults of the platform */
            version: number;
            /** @description Null for the defaults */
            effective_from: string | null;
            note: string;
        };
        AnomalySettingsList: {
            /** @description Version for records of this moment; 0 for the defaults */
            in_force: number;
            /** @description Versions, the newest first */
            items: components["schemas"]["AnomalySettings"][];
        };
        ApprovalSummary: {
            /**
             * @description Id of the approval: that of its call
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            approval_id: string;
            /**
             * @description Name of the tool
             * @example pay
             */
            tool: string;
            /**
             * @description Whether it waits, or how it ended
             * @example waiting
             * @enum {string}
             */
            status: "waiting" | "granted" | "rejected" | "expired";
            /**
             * @description Who asked for the call; null where a grant covered it
             * @example key-1
             */
            principal: string | null;
            /**
             * @description What the call does outside
             * @example irreversible
             */
            effect: string | null;
            digest: string | null;
            /** @description Number of the request, from 1; an edit makes a further one */
            revision: number;
            /** @description Approvals so far */
            given: number;
            /**
             * @description Approvals that it needs
             * @example 1
             */
            required: number;
            /**
             * @description Time of the request, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
            /**
             * @description Time at which it expires, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            expires_at: string | null;
            /**
             * @description Time of its end; null before, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            ended_at: string | null;
        };
        ApprovalPage: {
            /** @description Items of the page */
            items: components["schemas"]["ApprovalSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        LabelSource: {
            /**
             * @description The label
             * @example untrusted
             */
            label: string;
            /**
             * @description Where it came from
             * @example output of web
             */
            source: string;
            /**
             * @description Id of the command or call that brought it
             * @example null
             */
            origin: string | null;
        };
        ApprovalStep: {
            /**
             * @description `requested`, `approved`, `edited`, `edit_refused`, `escalated`, `granted`, `rejected` or `expired`
             * @example requested
             */
            kind: string;
            /** @description Number of the request */
            revision: number;
            digest: string | null;
            /**
             * @description Who did it
             * @example key-1
             */
            principal: string | null;
            /**
             * @description Reason, or what was refused
             * @example null
             */
            detail: string | null;
            /**
             * @description Grant that covered the call
             * @example null
             */
            grant_id: string | null;
            /**
             * @description Time of the step, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
        };
        Approval: {
            /**
             * @description Id of the approval: that of its call
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            approval_id: string;
            /**
             * @description Name of the tool
             * @example pay
             */
            tool: string;
            /**
             * @description Whether it waits, or how it ended
             * @example waiting
             * @enum {string}
             */
            status: "waiting" | "granted" | "rejected" | "expired";
            /**
             * @description Who asked for the call; null where a grant covered it
             * @example key-1
             */
            principal: string | null;
            /**
             * @description What the call does outside
             * @example irreversible
             */
            effect: string | null;
            digest: string | null;
            /** @description Number of the request, from 1; an edit makes a further one */
            revision: number;
            /** @description Approvals so far */
            given: number;
            /**
             * @description Approvals that it needs
             * @example 1
             */
            required: number;
            /**
             * @description Time of the request, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
            /**
             * @description Time at which it expires, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            expires_at: string | null;
            /**
             * @description Time of its end; null before, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            ended_at: string | null;
            /**
             * @description Session of the call; null outside sessions
             * @example null
             */
            session_id: string | null;
            /**
             * @description sha256 of the manifest
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            tool_digest: string | null;
            /**
             * @description Arguments of the call
             * @example {
             *       "amount": 5
             *     }
             */
            arguments: unknown;
            /**
             * @description Labels of the call and its session
             * @example []
             */
            labels: string[];
            /**
             * @description Where each label came from
             * @example []
             */
            label_sources: components["schemas"]["LabelSource"][];
            /**
             * @description Most that the call may cost
             * @example 0.000000000
             */
            cost_max: string | null;
            /**
             * @description Decision of policy on the call, with its clauses
             * @example null
             */
            decision: unknown;
            /**
             * @description Rules that ask for it, and what they ask for
             * @example null
             */
            requirement: unknown;
            /**
             * @description Who edited the arguments; null for those of the caller
             * @example null
             */
            editor: string | null;
            /**
             * @description Capability that suffices since it escalated
             * @example null
             */
            escalated_to: string | null;
            /**
             * @description Grant that covered the call
             * @example null
             */
            grant_id: string | null;
            /**
             * @description Stable code of its end
             * @example null
             */
            code: string | null;
            /**
             * @description What the call would do
             * @example Calls pay once; it cannot be undone.
             */
            change: string;
            /** @description What happened, the newest first; at most 100 */
            steps: components["schemas"]["ApprovalStep"][];
        };
        ApprovalDecided: {
            /**
             * @description Id of the approval
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            approval_id: string;
            /**
             * @description What it is now
             * @example granted
             * @enum {string}
             */
            status: "waiting" | "granted" | "rejected";
            /**
             * @description What a decision is bound to: sha256 over manifest, arguments and decision
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /** @description Number of the request */
            revision: number;
            /**
             * @description Approvals so far
             * @example 1
             */
            given: number;
            /**
             * @description Approvals that it needs
             * @example 1
             */
            required: number;
        };
        ApprovalGrant: {
            /**
             * @description Id of the grant
             * @example 8c0a7f52-1d0e-5b3a-9f5e-2b6d0c4e7a19
             */
            grant_id: string;
            /**
             * @description Whether it covers further calls
             * @example active
             * @enum {string}
             */
            status: "active" | "ended";
            /**
             * @description Name of the tool
             * @example pay
             */
            tool: string;
            /**
             * @description sha256 of the manifest that it covers
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            tool_digest: string | null;
            /**
             * @description Session whose calls it covers
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            session_id: string | null;
            /**
             * @description Whose calls it covers
             * @example agent
             */
            initiator: string | null;
            /**
             * @description Who gave it
             * @example ana
             */
            principal: string | null;
            /**
             * @description sha256 of the arguments; null where a shape says it
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            arguments_digest: string | null;
            /**
             * @description Shape of the arguments; null for one digest
             * @example null
             */
            shape: unknown;
            /** @description Calls that it has covered */
            uses: number;
            /**
             * @description Calls that it covers at most
             * @example 5
             */
            uses_max: number;
            /**
             * @description Why it ended
             * @example null
             */
            code: string | null;
            /**
             * @description Who revoked it
             * @example null
             */
            ended_by: string | null;
            /**
             * @description Time at which it was given, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
            /**
             * @description Time at which it ends, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            until: string | null;
            /**
             * @description Time at which it ended; null before, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            ended_at: string | null;
        };
        ApprovalGrantPage: {
            /** @description Items of the page */
            items: components["schemas"]["ApprovalGrant"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description The command is in the log and has no outcome yet */
        ApprovalPending: {
            /**
             * @description Id of the approval
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            approval_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description An event with its position in the log */
        Event: {
            /** @description `ce_id` of the event */
            event_id: string;
            /** @description Id of the subject, such as the session */
            stream_id: string;
            /** @description Position of the event in its stream, from 1 */
            stream_version: number;
            /** @example khipu.sessions.SessionStarted */
            type: string;
            /** @description Fields of the event, as in docs/reference/topics.md */
            data: {
                [key: string]: unknown;
            };
            /** @description Headers of the record */
            metadata: {
                [key: string]: string;
            };
            /** @description Topic of the record */
            topic: string;
            /** @description Partition of the record */
            partition: number;
            /** @description Offset of the record */
            offset: number;
            /** @description Time of the command that began the chain, RFC 3339 */
            at: string;
            /** @description Time of the append to the log, RFC 3339 */
            appended_at: string;
        };
        /** @description An audit record: one event, with a summary of it */
        Audit: {
            /** @description Id of the audit record */
            audit_id: string;
            /** @description Id of the subject, such as the session */
            subject_id: string;
            /** @description `ce_id` of the event */
            event_id: string;
            /** @description Type of the event, such as `khipu.sessions.SessionStarted` */
            event_type: string;
            /** @description Topic of the event */
            topic: string;
            /** @description Partition of the event */
            partition: number;
            /** @description Offset of the event */
            offset: number;
            /** @description Id of the command that began the chain */
            correlation_id: string;
            /** @description Id of the record that caused the event */
            causation_id: string;
            /** @description Time of the command that began the chain, RFC 3339 */
            at: string;
            /** @description Time of the append of the audit record to the log, RFC 3339 */
            appended_at: string;
            /** @description sha256 of the event's bytes in the log, hex */
            value_sha256: string;
            /** @description The event in one sentence */
            summary: string;
            /** @description With `detail=full`: the event itself; null when only its topic has it */
            event?: {
                /** @description Position of the event in its stream, from 1 */
                stream_version: number;
                /** @description Fields of the event, as in docs/reference/topics.md */
                data: {
                    [key: string]: unknown;
                };
                /** @description Headers of the record */
                metadata: {
                    [key: string]: string;
                };
            } | null;
        };
        EventPage: {
            /** @description Items of the page */
            items: components["schemas"]["Event"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        AuditPage: {
            /** @description Items of the page */
            items: components["schemas"]["Audit"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        LedgerBalance: {
            /**
             * @description ISO 4217
             * @example USD
             */
            currency: string;
            /**
             * @description Posted: debit above zero, credit below
             * @example 0.000246800
             */
            balance: string;
            /**
             * @description Reserved: part of no balance yet
             * @example 0.000246800
             */
            pending: string;
        };
        LedgerAccount: {
            /**
             * @description Account: `tenant:<id>:payable`, `platform:revenue` or `publisher:<id>:payable`
             * @example platform:revenue
             */
            account: string;
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            as_of: string;
            /** @description One balance a currency */
            balances: components["schemas"]["LedgerBalance"][];
        };
        LedgerAccounts: {
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            as_of: string;
            items: components["schemas"]["LedgerAccount"][];
        };
        LedgerLeg: {
            /**
             * @description Account: `tenant:<id>:payable`, `platform:revenue` or `publisher:<id>:payable`
             * @example platform:revenue
             */
            account: string;
            /**
             * @description ISO 4217
             * @example USD
             */
            currency: string;
            /**
             * @description Decimal with nine digits behind the point
             * @example 0.000246800
             */
            amount: string;
        };
        LedgerLine: {
            /**
             * @description Meter
             * @example prompt_tokens
             */
            meter: string;
            /** @description Model or tool; `*` for steps of jobs */
            resource: string;
            /** @description Units of the meter; below zero where a correction takes them back */
            quantity: number;
            /** @description Of a million tokens, or of a call or step; null where the cost was metered */
            unit_price: string | null;
            /**
             * @description ISO 4217
             * @example USD
             */
            currency: string;
            /**
             * @description Decimal with nine digits behind the point
             * @example 0.000246800
             */
            amount: string;
        };
        LedgerTransaction: {
            transaction_id: string;
            /** @description Request, call, step, install or run that is charged */
            charge_id: string;
            /** @description `reserve`, `charge`, `adjustment`, `reversal`, `install`, `run` or `void` */
            kind: string;
            /** @description They add up to zero in each currency */
            legs: components["schemas"]["LedgerLeg"][];
            lines: components["schemas"]["LedgerLine"][];
            /** @description Version of the prices; 0 where the cost was metered */
            price_version: number | null;
            /** @description Pending transaction that ends with it */
            settles: string | null;
            /** @description Transaction before it on the charge */
            corrects: string | null;
            /** @description Id of the record that caused it */
            cause_id: string;
            session_id: string | null;
            /** @description Principal of a correction */
            by: string | null;
            reason: string | null;
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            used_at: string;
            /**
             * @description Time at which the log took it
             * @example 2026-11-25T10:00:00.000Z
             */
            recorded_at: string;
            /**
             * @description Its place in the log, for `as_of`
             * @example WyJiaWxsaW5nLmxlZGdlciIsMCw0Ml0
             */
            position: string;
        };
        LedgerTransactionPage: {
            /** @description Items of the page */
            items: components["schemas"]["LedgerTransaction"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        InvoiceLine: {
            /**
             * @description Meter
             * @example prompt_tokens
             */
            meter: string;
            /** @description Model or tool; `*` for steps of jobs */
            resource: string;
            /** @description Units of the meter; below zero where a correction takes them back */
            quantity: number;
            /** @description Of a million tokens, or of a call or step; null where the cost was metered */
            unit_price: string | null;
            /**
             * @description ISO 4217
             * @example USD
             */
            currency: string;
            /**
             * @description Decimal with nine digits behind the point
             * @example 0.000246800
             */
            amount: string;
            price_version: number;
            /**
             * @description First day of use
             * @example 2026-11-01
             */
            first_day: string;
            /**
             * @description Last day of use
             * @example 2026-11-30
             */
            last_day: string;
        };
        InvoiceTotal: {
            /**
             * @description ISO 4217
             * @example USD
             */
            currency: string;
            /**
             * @description Decimal with nine digits behind the point
             * @example 0.000246800
             */
            exact: string;
            /**
             * @description Amount to pay: rounded once, half to even
             * @example 0.25
             */
            amount: string;
        };
        Invoice: {
            tenant: string;
            /**
             * @description Month in UTC
             * @example 2026-11
             */
            period: string;
            /**
             * @description `final`: it never changes again
             * @enum {string}
             */
            status: "open" | "final";
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            from: string;
            /**
             * @description It has what the log took before this time
             * @example 2026-11-25T10:00:00.000Z
             */
            as_of: string;
            lines: components["schemas"]["InvoiceLine"][];
            totals: components["schemas"]["InvoiceTotal"][];
        };
        Price: {
            /**
             * @description Meter
             * @enum {string}
             */
            meter: "prompt_tokens" | "completion_tokens" | "tool_calls" | "job_steps";
            /**
             * @description Model or tool, `<tenant>/<name>`; `*` for every one without a price of its own
             * @example *
             */
            resource: string;
            /**
             * @description Of a million tokens, with at most three digits behind the point; of a call or step
             * @example 0.250
             */
            unit_price: string;
        };
        PriceVersion: {
            /** @description From 1 */
            version: number;
            /**
             * @description RFC 3339
             * @example 2026-11-25T10:00:00.000Z
             */
            effective_from: string;
            /**
             * @description ISO 4217
             * @example USD
             */
            currency: string;
            prices: components["schemas"]["Price"][];
            note: string;
        };
        Prices: {
            /** @description Version for use now; 0 when use costs what was metered */
            in_force: number;
            /** @description Every version, the last first */
            items: components["schemas"]["PriceVersion"][];
        };
        CorrectedCharge: {
            charge_id: string;
            transaction_id: string;
            kind: string;
            legs: components["schemas"]["LedgerLeg"][];
            lines: components["schemas"]["LedgerLine"][];
        };
        DailyUsage: {
            /**
             * Format: date
             * @description Day in UTC
             * @example 2026-11-25
             */
            day: string;
            model: string;
            currency: string;
            requests: number;
            failures: number;
            prompt_tokens: number;
            completion_tokens: number;
            /**
             * @description Cost as it was metered
             * @example 0.000246800
             */
            cost: string;
        };
        Usage: {
            /**
             * Format: date
             * @description Day in UTC
             * @example 2026-11-25
             */
            from: string;
            /**
             * Format: date
             * @description Day in UTC
             * @example 2026-11-25
             */
            until: string;
            items: components["schemas"]["DailyUsage"][];
        };
        WhatIfTotal: {
            currency: string;
            /**
             * @description Decimal with nine digits behind the point
             * @example 0.000246800
             */
            metered: string;
            /**
             * @description What it would cost
             * @example 0.000246800
             */
            priced: string;
        };
        BillingWhatIfResult: {
            /**
             * Format: date
             * @description Day in UTC
             * @example 2026-11-25
             */
            from: string;
            /**
             * Format: date
             * @description Day in UTC
             * @example 2026-11-25
             */
            until: string;
            lines: components["schemas"]["LedgerLine"][];
            totals: components["schemas"]["WhatIfTotal"][];
        };
        Amount: {
            /** @description Number of tokens */
            tokens: number;
            /**
             * @description Decimal amount of money with nine decimal places
             * @example 0.000246800
             */
            cost: string;
        };
        BudgetWindow: {
            /**
             * @description Window of the limit
             * @enum {string}
             */
            window: "session" | "day" | "total" | "unknown";
            /** @description Maximum number of tokens; null without a limit */
            tokens_max: number | null;
            /** @description Maximum cost, a decimal; null without a limit */
            cost_max: string | null;
            /** @description Amount of ended requests; null for `session`, which counts each session separately */
            spent: components["schemas"]["Amount"] | null;
            /** @description Amount available to the next request; null without a limit, and for `session` */
            left: {
                tokens: number | null;
                cost: string | null;
            } | null;
        };
        Budgets: {
            /**
             * @description Current day in UTC
             * @example 2026-11-25
             */
            day: string;
            /** @description Amount reserved for open requests */
            held: components["schemas"]["Amount"];
            /** @description Number of open requests */
            requests_open: number;
            /** @description One window per limit of the tenant; empty without limits */
            windows: components["schemas"]["BudgetWindow"][];
        };
        CapsulePrice: {
            /**
             * @description A decimal
             * @example 0.000000000
             */
            amount: string;
            /**
             * @description ISO 4217
             * @example EUR
             */
            currency: string;
            /**
             * @description Unit of the price: install or run
             * @example install
             */
            meter: string;
        };
        CapsuleSummary: {
            /**
             * @description The capsule: `<publisher>/<name>@<version>`
             * @example demo/research-brief@1.0.0
             */
            capsule: string;
            /**
             * @description Publishing tenant
             * @example demo
             */
            publisher: string;
            /**
             * @description Name
             * @example research-brief
             */
            name: string;
            /**
             * @description Version
             * @example 1.0.0
             */
            version: string;
            /**
             * @description `submitted`: it waits for reviews. `listed`: tenants can install it. `yanked`: no longer; installs go on. `revoked`: it runs in no install
             * @example listed
             * @enum {string}
             */
            status: "submitted" | "listed" | "rejected" | "yanked" | "revoked";
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
             */
            digest: string;
            /**
             * @description What it does
             * @example Answers a question in a short brief
             */
            description: string;
            /**
             * @description SPDX id
             * @example Apache-2.0
             */
            license: string;
            price: components["schemas"]["CapsulePrice"];
            /**
             * @description Time of the latest change, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            changed_at: string | null;
        };
        CapsulePage: {
            /** @description Items of the page */
            items: components["schemas"]["CapsuleSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        Capsule: {
            /**
             * @description The capsule: `<publisher>/<name>@<version>`
             * @example demo/research-brief@1.0.0
             */
            capsule: string;
            /**
             * @description Publishing tenant
             * @example demo
             */
            publisher: string;
            /**
             * @description Name
             * @example research-brief
             */
            name: string;
            /**
             * @description Version
             * @example 1.0.0
             */
            version: string;
            /**
             * @description `submitted`: it waits for reviews. `listed`: tenants can install it. `yanked`: no longer; installs go on. `revoked`: it runs in no install
             * @example listed
             * @enum {string}
             */
            status: "submitted" | "listed" | "rejected" | "yanked" | "revoked";
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
             */
            digest: string;
            /**
             * @description What it does
             * @example Answers a question in a short brief
             */
            description: string;
            /**
             * @description SPDX id
             * @example Apache-2.0
             */
            license: string;
            price: components["schemas"]["CapsulePrice"];
            /**
             * @description Time of the latest change, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            changed_at: string | null;
            /**
             * @description Capabilities that it asks for
             * @example [
             *       "agents:start:research-brief",
             *       "slm:invoke:default"
             *     ]
             */
            asks: string[];
            /**
             * @description The signed manifest
             * @example {
             *       "kind": "Capsule"
             *     }
             */
            manifest: unknown;
            /**
             * @description Approvals that it needs
             * @example 1
             */
            required: number;
            /**
             * @description Reviews so far
             * @example [
             *       {
             *         "principal": "key-2",
             *         "outcome": "approve"
             *       }
             *     ]
             */
            reviews: {
                principal: string;
                outcome: string;
            }[];
            /**
             * @description Who published it
             * @example user:ana
             */
            published_by: string;
        };
        CapsuleAttestation: {
            /**
             * @description Kind of the statement; null for one of the archive
             * @example null
             */
            predicate_type: string | null;
            /**
             * @description The Sigstore bundle
             * @example {
             *       "mediaType": "…"
             *     }
             */
            bundle: unknown;
            /** @description Who added it */
            principal: string;
            /**
             * @description Time at which it was added, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            created_at: string | null;
        };
        CapsuleAttestationPage: {
            /** @description Items of the page */
            items: components["schemas"]["CapsuleAttestation"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        CapsuleArchive: {
            /**
             * @description The capsule: `<publisher>/<name>@<version>`
             * @example demo/research-brief@1.0.0
             */
            capsule: string;
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
             */
            digest: string;
            /**
             * @description The archive, base64
             * @example b2NpLWxheW91dAAAAAAAAAAA
             */
            archive: string;
        };
        CapsuleInstall: {
            /**
             * @description Name of the install
             * @example research-brief
             */
            install: string;
            /**
             * @description State
             * @example installed
             * @enum {string}
             */
            status: "installed" | "uninstalled";
            /**
             * @description The capsule: `<publisher>/<name>@<version>`
             * @example demo/research-brief@1.0.0
             */
            capsule: string;
            /**
             * @description Publishing tenant
             * @example demo
             */
            publisher: string;
            /**
             * @description sha256 of the canonical manifest, hex
             * @example 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
             */
            digest: string;
            /**
             * @description Capabilities that runs may use
             * @example [
             *       "agents:start:research-brief",
             *       "slm:invoke:default"
             *     ]
             */
            granted: string[];
            /**
             * @description Capabilities that the capsule asks for
             * @example [
             *       "agents:start:research-brief",
             *       "slm:invoke:default"
             *     ]
             */
            asks: string[];
            price: components["schemas"]["CapsulePrice"];
            /** @description Who changed it last */
            principal: string;
            /**
             * @description Time of the latest change, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            changed_at: string | null;
        };
        CapsuleInstallPage: {
            /** @description Items of the page */
            items: components["schemas"]["CapsuleInstall"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description The command is in the log and has no outcome yet */
        CapsulePending: {
            /**
             * @description The capsule: `<publisher>/<name>@<version>`
             * @example demo/research-brief@1.0.0
             */
            capsule: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        CapsuleInstallPending: {
            /**
             * @description Name of the install
             * @example research-brief
             */
            install: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        ConstitutionVersion: {
            /** @description Version of the document */
            version: string;
            /** @description sha256 of the canonical JSON of the document, hex */
            digest: string;
            /**
             * @description Progress of the proposal
             * @enum {string}
             */
            status: "proposed" | "rejected" | "published";
            /** @description True for the version that decides */
            active: boolean;
            /** @description True for the version that is evaluated beside the active one without effect */
            shadow: boolean;
            /** @description Null for a version that the set-up published */
            proposed_by: string | null;
            /** @description Reviews of the proposal */
            reviews: {
                reviewer: string;
                /** @enum {string} */
                verdict: "approve" | "reject";
                comment: string;
            }[];
            /** @description Names of the keys that signed */
            signed_by: string[];
            /** @description Time of the latest change, RFC 3339 */
            changed_at: string;
        };
        ConstitutionDetail: {
            /** @description Version of the document */
            version: string;
            /** @description sha256 of the canonical JSON of the document, hex */
            digest: string;
            /**
             * @description Progress of the proposal
             * @enum {string}
             */
            status: "proposed" | "rejected" | "published";
            /** @description True for the version that decides */
            active: boolean;
            /** @description True for the version that is evaluated beside the active one without effect */
            shadow: boolean;
            /** @description Null for a version that the set-up published */
            proposed_by: string | null;
            /** @description Reviews of the proposal */
            reviews: {
                reviewer: string;
                /** @enum {string} */
                verdict: "approve" | "reject";
                comment: string;
            }[];
            /** @description Names of the keys that signed */
            signed_by: string[];
            /** @description Time of the latest change, RFC 3339 */
            changed_at: string;
            /** @description Null for a rejected version */
            document: {
                [key: string]: unknown;
            } | null;
            /** @description DSSE envelope; null before publication */
            envelope: string | null;
        };
        ActiveConstitution: {
            /** @description Active version */
            version: string;
            /** @description sha256 of its document, hex */
            digest: string;
            /** @description Principal that activated the version; null for the set-up */
            activated_by: string | null;
            /** @description Time of the activation, RFC 3339 */
            since: string;
            /** @description Offset of the activation in `constitution.events` */
            offset: number;
        };
        ConstitutionList: {
            /** @description The version that decides; null before the first activation */
            active: components["schemas"]["ActiveConstitution"] | null;
            /** @description The version that is evaluated without effect; null without one */
            shadow: {
                version: string;
                digest: string;
            } | null;
            /** @description All versions */
            items: components["schemas"]["ConstitutionVersion"][];
        };
        ConstitutionDiff: {
            /** @description The later version */
            version: string;
            /** @description The version that it is compared with */
            against: string;
            /** @description By path; empty for equal documents */
            changes: {
                /**
                 * @description What turns the earlier document into the later
                 * @enum {string}
                 */
                op: "add" | "remove" | "replace";
                /**
                 * @description JSON Pointer; an item of a list is named by its id or name
                 * @example /threshold
                 */
                path: string;
                /**
                 * @description Value in `against`; null for an addition
                 * @example 0.7
                 */
                before: unknown;
                /**
                 * @description Value in `version`; null for a removal
                 * @example 0.75
                 */
                after: unknown;
            }[];
        };
        ShadowDifferences: {
            /** @description Newest first */
            items: {
                /** @description Id of the decision that has effect */
                decision_id: string;
                /** @description Session or request of the command */
                subject_id: string;
                /**
                 * @description Type of the command
                 * @example khipu.sessions.SubmitTurn
                 */
                command_type: string;
                /** @description What the active constitution decided */
                active: {
                    /** @description Version of the constitution */
                    version: string;
                    /**
                     * @description Its decision
                     * @enum {string}
                     */
                    outcome: "allow" | "deny";
                    /** @description Reason codes, the deciding one first */
                    reasons: string[];
                };
                /** @description What the shadow would have decided */
                shadow: {
                    /** @description Version of the constitution */
                    version: string;
                    /**
                     * @description Its decision
                     * @enum {string}
                     */
                    outcome: "allow" | "deny";
                    /** @description Reason codes, the deciding one first */
                    reasons: string[];
                    /** @description Score, from 0 to 1 */
                    score: number;
                    /** @description Deciding clauses */
                    clauses: string[];
                };
                /** @description Time of the command, RFC 3339 */
                at: string;
            }[];
        };
        ShadowOfConstitution: {
            /** @description Shadow version; null without one */
            version: string | null;
            /** @description sha256 of its document, hex */
            digest: string | null;
        };
        /** @description The command is in the log and has no outcome yet */
        ActivationPending: {
            /** @description Version of the command */
            version: string | null;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        ShadowPending: {
            /** @description Version of the command */
            version: string | null;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        ProposalPending: {
            /** @description Version of the command */
            version: string | null;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        ReviewPending: {
            /** @description Version of the command */
            version: string | null;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        SignaturePending: {
            /** @description Version of the command */
            version: string | null;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /**
         * @example {
         *       "attempts_max": 5,
         *       "first_delay_ms": 1000,
         *       "delay_max_ms": 60000
         *     }
         */
        JobRetry: {
            /** @description Maximum of runs that fail, the first included */
            attempts_max: number;
            /** @description Delay before the second run, in ms; it doubles with each run */
            first_delay_ms: number;
            /** @description Upper bound of the delay, in ms */
            delay_max_ms: number;
        };
        JobContent: {
            /**
             * @description sha256 of the JSON, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description Size of the JSON
             * @example 3145728
             */
            bytes: number;
            /**
             * @description Always `application/json`
             * @example application/json
             */
            media_type: string;
            /**
             * @description URL of the JSON
             * @example /v1/jobs/4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01/contents/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            url: string;
        };
        JobStepSummary: {
            /**
             * @description Branch of the handler; empty for the handler itself
             * @example
             */
            path: string;
            /**
             * @description Name, as the handler gives it
             * @example model
             */
            name: string;
            /**
             * @description Use of this name in this branch, from 1
             * @example 1
             */
            nth: number;
            /**
             * @description `step`, `sleep`, `signal`, `child`, `model`, `tool`, `agent`, `patch` or `now`; `retry` while a failed step waits for its next attempt
             * @example model
             */
            kind: string;
            /**
             * @description `attempted`: the step failed and is run again
             * @enum {string}
             */
            status: "attempted" | "waiting" | "completed" | "failed";
            /**
             * @description Runs of the step so far
             * @example 1
             */
            attempts: number | null;
            /**
             * @description Run of the job that recorded it
             * @example 1
             */
            generation: number | null;
            /** @description What a wait is for; null for a step */
            waits_for: {
                /** @description Time at which the wait is over; of a signal, its time-out, RFC 3339 */
                until: string | null;
                /**
                 * @description Name of the signal
                 * @example approved
                 */
                signal: string | null;
                /**
                 * @description Type of the child job, or name of the tool or agent
                 * @example inference.batch
                 */
                child_type: string | null;
            } | null;
            /**
             * @description Size of its result, in bytes
             * @example 120
             */
            output_bytes: number | null;
            /** @description Stable code of its latest failure */
            code: string | null;
            /** @description Sentence for people about its latest failure */
            detail: string | null;
            /** @description Time at which it began, RFC 3339 */
            started_at: string | null;
            /** @description Time of its result, RFC 3339 */
            ended_at: string | null;
        };
        JobStep: {
            /**
             * @description Branch of the handler; empty for the handler itself
             * @example
             */
            path: string;
            /**
             * @description Name, as the handler gives it
             * @example model
             */
            name: string;
            /**
             * @description Use of this name in this branch, from 1
             * @example 1
             */
            nth: number;
            /**
             * @description `step`, `sleep`, `signal`, `child`, `model`, `tool`, `agent`, `patch` or `now`; `retry` while a failed step waits for its next attempt
             * @example model
             */
            kind: string;
            /**
             * @description `attempted`: the step failed and is run again
             * @enum {string}
             */
            status: "attempted" | "waiting" | "completed" | "failed";
            /**
             * @description Runs of the step so far
             * @example 1
             */
            attempts: number | null;
            /**
             * @description Run of the job that recorded it
             * @example 1
             */
            generation: number | null;
            /** @description What a wait is for; null for a step */
            waits_for: {
                /** @description Time at which the wait is over; of a signal, its time-out, RFC 3339 */
                until: string | null;
                /**
                 * @description Name of the signal
                 * @example approved
                 */
                signal: string | null;
                /**
                 * @description Type of the child job, or name of the tool or agent
                 * @example inference.batch
                 */
                child_type: string | null;
            } | null;
            /**
             * @description Size of its result, in bytes
             * @example 120
             */
            output_bytes: number | null;
            /** @description Stable code of its latest failure */
            code: string | null;
            /** @description Sentence for people about its latest failure */
            detail: string | null;
            /** @description Time at which it began, RFC 3339 */
            started_at: string | null;
            /** @description Time of its result, RFC 3339 */
            ended_at: string | null;
            /**
             * @description Result; null when it has none, or none yet
             * @example {
             *       "text": "A khipu is a record made of knotted cords."
             *     }
             */
            output: unknown;
            /**
             * @description Result above 64 KB, which has null in this body then
             * @example null
             */
            output_content: components["schemas"]["JobContent"] | null;
        };
        JobStepPage: {
            /** @description Items of the page */
            items: components["schemas"]["JobStep"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        SimulatedDecision: {
            /** @description Wait that asked; null for the start of the job */
            step: {
                /**
                 * @description Branch of the handler; empty for the handler itself
                 * @example
                 */
                path: string;
                /**
                 * @description Name, as the handler gives it
                 * @example model
                 */
                name: string;
                /**
                 * @description Use of this name in this branch, from 1
                 * @example 1
                 */
                nth: number;
            } | null;
            /**
             * @description `start`, `model`, `child` or `signal`
             * @example model
             */
            kind: string;
            /**
             * @description `allow` or `deny`
             * @example deny
             */
            outcome: string;
            /**
             * @description Stable code of the refusal
             * @example POLICY_DENIED
             */
            code: string | null;
            /** @description Sentence for people about the refusal */
            detail: string | null;
            /**
             * @description Reason codes, the deciding one first
             * @example [
             *       "MODEL_NOT_ALLOWED"
             *     ]
             */
            reasons: string[];
            /**
             * @description Clauses that decided
             * @example [
             *       "models"
             *     ]
             */
            clauses: string[];
            /**
             * @description Outcome in the record; `none` when it has no result
             * @example allow
             */
            recorded_outcome: string;
            /** @description Id of the decision */
            decision_id: string;
        };
        JobSimulation: {
            /**
             * @description Version of the constitution
             * @example 1.3.0
             */
            constitution_version: string;
            /**
             * @description Digest of its document
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            constitution_digest: string;
            /**
             * @description Job whose record answers
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            source_id: string;
            /**
             * @description Number of decisions so far
             * @example 2
             */
            decisions: number;
            /** @description Decisions that differ from those on the other job, at most 200 */
            differences: components["schemas"]["SimulatedDecision"][];
        };
        JobSummary: {
            /**
             * @description True when nothing that the job asks for happens
             * @example false
             */
            simulated: boolean;
            /**
             * @description Digest of the constitution that it is simulated under; null for a job that runs
             * @example null
             */
            constitution_digest: string | null;
            /**
             * @description Id of the job
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            job_id: string;
            /**
             * @description Type of the job
             * @example inference.batch
             */
            type: string;
            /**
             * @description Version of the handler that it is pinned to
             * @example 1
             */
            version: number;
            /**
             * @description What the job does, or how it ended
             * @enum {string}
             */
            status: "queued" | "running" | "waiting" | "paused" | "suspended" | "completed" | "failed" | "dead" | "cancelled";
            /**
             * @description Lane of the job
             * @example standard
             */
            lane: string;
            /**
             * @description Tags of the job
             * @example [
             *       "customer-42"
             *     ]
             */
            tags: string[];
            /** @description Principal that started it */
            principal: string;
            /**
             * @description Job that waits for it; null for a job of its own
             * @example null
             */
            parent_id: string | null;
            /**
             * @description Schedule that started it; null for none
             * @example null
             */
            schedule_id: string | null;
            /** @description Due time of its run of the schedule, RFC 3339 */
            due_at: string | null;
            /**
             * @description Batch of starts that it is in; null for a job that runs alone
             * @example null
             */
            batch: {
                /** @description Job that runs the inputs of all of them; its end is theirs */
                batch_id: string;
                /**
                 * @description Number of starts
                 * @example 20
                 */
                size: number;
            } | null;
            /**
             * @description Runs so far
             * @example 1
             */
            generation: number;
            /** @description Failed runs before the latest one, plus 1 */
            attempt: number;
            /**
             * @description Maximum of runs that fail
             * @example 5
             */
            attempts_max: number;
            /** @description Latest progress that the handler reported */
            progress: {
                /**
                 * @description 0 to 100; null when it is not known
                 * @example 40
                 */
                percent: number | null;
                /**
                 * @description Line for people
                 * @example 2 of 5 prompts
                 */
                message: string;
                /** @description Time of the report, RFC 3339 */
                at: string;
            } | null;
            /** @description Stable code of a failure, suspension, pause or cancellation */
            code: string | null;
            /** @description Sentence for people about it */
            detail: string | null;
            /** @description Earliest time of the first run, RFC 3339 */
            run_at: string | null;
            /** @description Time of the run after a failed one, while it is queued; of a suspended job, that at which it goes on by itself, RFC 3339 */
            next_run_at: string | null;
            /** @description Time at which it fails unless it has ended, RFC 3339 */
            deadline: string | null;
            /** @description Time of the start, RFC 3339 */
            created_at: string | null;
            /** @description Time of the first run, RFC 3339 */
            started_at: string | null;
            /** @description Time of the end, RFC 3339 */
            ended_at: string | null;
            /** @description Time of the latest change, RFC 3339 */
            updated_at: string | null;
        };
        JobPage: {
            /** @description Items of the page */
            items: components["schemas"]["JobSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        Job: {
            /**
             * @description True when nothing that the job asks for happens
             * @example false
             */
            simulated: boolean;
            /**
             * @description Digest of the constitution that it is simulated under; null for a job that runs
             * @example null
             */
            constitution_digest: string | null;
            /**
             * @description Id of the job
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            job_id: string;
            /**
             * @description Type of the job
             * @example inference.batch
             */
            type: string;
            /**
             * @description Version of the handler that it is pinned to
             * @example 1
             */
            version: number;
            /**
             * @description What the job does, or how it ended
             * @enum {string}
             */
            status: "queued" | "running" | "waiting" | "paused" | "suspended" | "completed" | "failed" | "dead" | "cancelled";
            /**
             * @description Lane of the job
             * @example standard
             */
            lane: string;
            /**
             * @description Tags of the job
             * @example [
             *       "customer-42"
             *     ]
             */
            tags: string[];
            /** @description Principal that started it */
            principal: string;
            /**
             * @description Job that waits for it; null for a job of its own
             * @example null
             */
            parent_id: string | null;
            /**
             * @description Schedule that started it; null for none
             * @example null
             */
            schedule_id: string | null;
            /** @description Due time of its run of the schedule, RFC 3339 */
            due_at: string | null;
            /**
             * @description Batch of starts that it is in; null for a job that runs alone
             * @example null
             */
            batch: {
                /** @description Job that runs the inputs of all of them; its end is theirs */
                batch_id: string;
                /**
                 * @description Number of starts
                 * @example 20
                 */
                size: number;
            } | null;
            /**
             * @description Runs so far
             * @example 1
             */
            generation: number;
            /** @description Failed runs before the latest one, plus 1 */
            attempt: number;
            /**
             * @description Maximum of runs that fail
             * @example 5
             */
            attempts_max: number;
            /** @description Latest progress that the handler reported */
            progress: {
                /**
                 * @description 0 to 100; null when it is not known
                 * @example 40
                 */
                percent: number | null;
                /**
                 * @description Line for people
                 * @example 2 of 5 prompts
                 */
                message: string;
                /** @description Time of the report, RFC 3339 */
                at: string;
            } | null;
            /** @description Stable code of a failure, suspension, pause or cancellation */
            code: string | null;
            /** @description Sentence for people about it */
            detail: string | null;
            /** @description Earliest time of the first run, RFC 3339 */
            run_at: string | null;
            /** @description Time of the run after a failed one, while it is queued; of a suspended job, that at which it goes on by itself, RFC 3339 */
            next_run_at: string | null;
            /** @description Time at which it fails unless it has ended, RFC 3339 */
            deadline: string | null;
            /** @description Time of the start, RFC 3339 */
            created_at: string | null;
            /** @description Time of the first run, RFC 3339 */
            started_at: string | null;
            /** @description Time of the end, RFC 3339 */
            ended_at: string | null;
            /** @description Time of the latest change, RFC 3339 */
            updated_at: string | null;
            /**
             * @description Input of the handler
             * @example {
             *       "prompts": [
             *         "What is a khipu?"
             *       ]
             *     }
             */
            input: unknown;
            /**
             * @description Input above 64 KB, which has null in this body then
             * @example null
             */
            input_content: components["schemas"]["JobContent"] | null;
            /**
             * @description Result of the handler; null unless it completed
             * @example {
             *       "completed": 1,
             *       "failed": 0,
             *       "tokens": 52
             *     }
             */
            result: unknown;
            /**
             * @description Result above 64 KB, which has null in this body then
             * @example null
             */
            result_content: components["schemas"]["JobContent"] | null;
            /**
             * @description Job whose results it began with; null for a job that began without any
             * @example null
             */
            forked_from: {
                /**
                 * @description Id of the job
                 * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
                 */
                job_id: string;
                /** @description Step or wait that ran again first; null for a fork from the beginning */
                step: {
                    /**
                     * @description Branch of the handler; empty for the handler itself
                     * @example
                     */
                    path: string;
                    /**
                     * @description Name, as the handler gives it
                     * @example model
                     */
                    name: string;
                    /**
                     * @description Use of this name in this branch, from 1
                     * @example 1
                     */
                    nth: number;
                } | null;
            } | null;
            /**
             * @description What the constitution decides of a simulated job; null for a job that runs
             * @example null
             */
            simulation: components["schemas"]["JobSimulation"] | null;
            /**
             * @description Time of this state, RFC 3339; null for now
             * @example null
             */
            as_of: string | null;
            /** @description First 200 steps and waits; `/steps` has all, with results */
            steps: components["schemas"]["JobStepSummary"][];
        };
        JobStarted: {
            /**
             * @description Id of the job
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            job_id: string;
            /**
             * @description Type of the job
             * @example inference.batch
             */
            type: string;
            /**
             * @description Version of the handler that it is pinned to
             * @example 1
             */
            version: number;
            /**
             * @description Always `queued`
             * @constant
             */
            status: "queued";
            /**
             * @description URL of its events
             * @example /v1/jobs/4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01/events
             */
            events_url: string;
            /**
             * @description URL of its result
             * @example /v1/jobs/4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01/result
             */
            result_url: string;
            /** @description Decision that allowed it */
            decision_id: string;
            /**
             * @description True when nothing that the job asks for happens
             * @example false
             */
            simulated: boolean;
            /**
             * @description Digest of the constitution that it is simulated under; null for a job that runs
             * @example null
             */
            constitution_digest: string | null;
        };
        JobChanged: {
            /**
             * @description Id of the job
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            job_id: string;
            /**
             * @description What the command did
             * @enum {string}
             */
            status: "cancelled" | "paused" | "resumed" | "retried" | "signalled";
        };
        JobResult: {
            /**
             * @description Id of the job
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            job_id: string;
            /**
             * @description Always `completed`
             * @constant
             */
            status: "completed";
            /**
             * @description True when nothing that the job asks for happens
             * @example false
             */
            simulated: boolean;
            /**
             * @description Digest of the constitution that it is simulated under; null for a job that runs
             * @example null
             */
            constitution_digest: string | null;
            /**
             * @description Result of the handler
             * @example {
             *       "completed": 1,
             *       "failed": 0,
             *       "tokens": 52
             *     }
             */
            result: unknown;
            /** @description Of a simulated job: decisions that differ from those on the other job */
            differences?: components["schemas"]["SimulatedDecision"][];
        };
        /** @description The job has not ended yet */
        JobUnfinished: {
            /**
             * @description Id of the job
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            job_id: string;
            /**
             * @description What the job does, or how it ended
             * @enum {string}
             */
            status: "queued" | "running" | "waiting" | "paused" | "suspended" | "completed" | "failed" | "dead" | "cancelled";
            /**
             * @description True when nothing that the job asks for happens
             * @example false
             */
            simulated: boolean;
            /**
             * @description Digest of the constitution that it is simulated under; null for a job that runs
             * @example null
             */
            constitution_digest: string | null;
        };
        /**
         * @example {
         *       "max": 3,
         *       "rate_limit": 100,
         *       "rate_period_ms": 3600000,
         *       "singleton": null,
         *       "debounce_ms": null,
         *       "batch_max": null,
         *       "batch_wait_ms": null
         *     }
         */
        JobLimits: {
            /**
             * @description Most jobs that have a slot at once
             * @example 3
             */
            max: number | null;
            /** @description Most slots in a row, and on average in `rate_period_ms` */
            rate_limit: number | null;
            /** @description Period of the rate, in ms */
            rate_period_ms: number | null;
            /** @description `skip`: a job fails while another one has not ended. `cancel`: it ends the other one */
            singleton: string | null;
            /** @description Time for which a newer job replaces a new one, in ms */
            debounce_ms: number | null;
            /** @description Most starts that one job runs together */
            batch_max: number | null;
            /** @description Longest time for which a start waits for others, in ms */
            batch_wait_ms: number | null;
        };
        JobType: {
            /**
             * @description Type of the job
             * @example inference.batch
             */
            type: string;
            /**
             * @description Latest version of the handler
             * @example 1
             */
            version: number;
            /**
             * @description What it does
             * @example Answer many prompts, with one result per prompt
             */
            title: string;
            /**
             * @description Queue of the workers that have the handler
             * @example built-in
             */
            queue: string;
            /**
             * @description JSON Schema 2020-12 of the input
             * @example {
             *       "type": "object"
             *     }
             */
            input_schema: {
                [key: string]: unknown;
            };
            /**
             * @description JSON Schema 2020-12 of the result
             * @example {}
             */
            output_schema: {
                [key: string]: unknown;
            };
            retry: components["schemas"]["JobRetry"];
            /** @description Limits of its jobs by concurrency key; null without any */
            limits: components["schemas"]["JobLimits"] | null;
            /** @description Time of the registration, RFC 3339 */
            registered_at: string;
        };
        JobTypeList: {
            /** @description Types by name */
            items: components["schemas"]["JobType"][];
        };
        GoldenExpectation: {
            /** @description The answer that `exact` and `cosine` compare with */
            text?: string;
            /** @description Pattern that `regex` finds in the answer; upper and lower case are the same */
            pattern?: string;
            /** @description JSON Schema that `json_schema` checks the answer by */
            schema?: {
                [key: string]: unknown;
            };
            /** @description Number that `numeric` compares with the last one of the answer */
            number?: number;
            /**
             * @description Verdict of the policy that `verdict` expects
             * @enum {string}
             */
            verdict?: "allow" | "deny";
            /** @description Code of the refusal that `verdict` expects */
            code?: string;
            /** @description Tools that are called, in their order, which `tools` expects */
            tools?: string[];
        };
        GoldenCase: {
            /**
             * @description Name of the case in its set
             * @example opening-hours
             */
            case_id: string;
            /** @description Cases that are alike, such as those of one document; they count together. Default: each on its own */
            cluster?: string;
            /**
             * @description The prompt
             * @example When is the office open?
             */
            prompt: string;
            /**
             * @description Messages before the prompt, the oldest first
             * @default []
             */
            earlier: {
                /** @enum {string} */
                role: "user" | "assistant";
                content: string;
            }[];
            /** @default {} */
            expect: components["schemas"]["GoldenExpectation"];
            /** @description Turn of production that it comes from; without personal data */
            source?: {
                /** Format: uuid */
                session_id: string;
                /** Format: uuid */
                turn_id: string;
                redactions: number;
                labels: string[];
            };
        };
        LabelledAnswer: {
            prompt: string;
            answer: string;
            passes: boolean;
        };
        GoldenScorer: {
            /** @constant */
            kind: "exact";
            /** @default false */
            ignore_case: boolean;
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
        } | {
            /** @constant */
            kind: "regex";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
        } | {
            /** @constant */
            kind: "json_schema";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
        } | {
            /** @constant */
            kind: "numeric";
            /** @default 0 */
            tolerance: number;
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
            /**
             * @description Whether the tolerance is a share of the number
             * @default false
             */
            relative: boolean;
        } | {
            /** @constant */
            kind: "cosine";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
            /**
             * @description Least similarity of an answer that passes
             * @default 0.7
             */
            least: number;
        } | {
            /** @constant */
            kind: "verdict";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
        } | {
            /** @constant */
            kind: "tools";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
        } | {
            /** @constant */
            kind: "cost";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
        } | {
            /** @constant */
            kind: "latency";
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
        } | {
            /** @constant */
            kind: "judge";
            rubric: string;
            model?: string;
            /**
             * @description Name in results; default: its kind
             * @example same-text
             */
            name?: string;
            /**
             * @description Whether the verdict of a run depends on it
             * @default true
             */
            gate: boolean;
            /** @description Answers that people have labelled: the judge is measured by them in each run */
            labelled: components["schemas"]["LabelledAnswer"][];
            /**
             * @description Least agreement (Cohen’s kappa) with the labels; below it no verdict depends on the judge
             * @default 0.6
             */
            kappa_min: number;
        };
        EvaluationComparison: {
            /** @description Cases that both runs answered */
            cases: number;
            /** @description Value of the baseline */
            baseline: number;
            /** @description Now less the baseline; for an amount the share that is saved */
            difference: number;
            /** @description Lower bound of the difference: above it with 95 % */
            low: number;
            high: number;
            /** @description Cases that became worse */
            worse: number;
            better: number;
            /** @description One-sided p value of a drop, adjusted over the scorers (Holm) */
            p_worse: number;
            p_better: number;
            /** @enum {string} */
            verdict: "pass" | "regress" | "improve" | "inconclusive";
            /** @description Further cases that would decide in four of five runs */
            more_cases: number | null;
        };
        EvaluationScorer: {
            name: string;
            kind: string;
            /** @description Whether the verdict depends on it; false for a judge below its kappa */
            gate: boolean;
            cases: number;
            /** @description Share of cases that pass, mean similarity, or mean amount */
            value: number | null;
            /** @description Bound of the value, Wilson at 90 % for passes */
            low: number | null;
            high: number | null;
            /** @description Mean chance that at least one of the repeats passes */
            pass_at_k: number | null;
            /** @description Mean chance that all repeats pass */
            pass_hat_k: number | null;
            /** @description Agreement of the judge with the labels */
            kappa: number | null;
            compared: components["schemas"]["EvaluationComparison"] | null;
        };
        EvaluationCase: {
            case_id: string;
            /** @description sha256 of the case: only equal cases are compared */
            digest: string;
            cluster: string;
            /**
             * @description Compared with the baseline
             * @enum {string}
             */
            verdict: "same" | "worse" | "better" | "new";
            /** @description Whether every scorer that the case has an expectation for passed it */
            passed: boolean;
            /** @description Values of the repeats, by scorer */
            values: {
                [key: string]: (number | null)[];
            };
            /** @description The first answer, cut to 500 characters */
            answer: string;
            /** @description Code of the first answer that failed or was refused */
            code: string | null;
            tokens: number;
        };
        EvaluationResult: {
            evaluation_id: string;
            golden_set: {
                name: string;
                version: number;
                digest: string;
            };
            persona: {
                name: string;
                /** @description 0 for one that was only tried */
                version: number;
                /** @description sha256 of its instructions and defaults */
                digest: string;
            };
            models: string[];
            /** @enum {string} */
            cause: "manual" | "model" | "persona" | "tool" | "memory" | "constitution";
            repeats: number;
            baseline: {
                evaluation_id: string;
                digest: string;
            } | null;
            /** @enum {string} */
            verdict: "pass" | "regress" | "improve" | "inconclusive";
            /** @description Why, in one sentence */
            detail: string;
            more_cases: number | null;
            scorers: components["schemas"]["EvaluationScorer"][];
            tokens: number;
            cost: number;
            ended_at: string;
            cases: components["schemas"]["EvaluationCase"][];
        };
        EvaluationBaseline: {
            evaluation_id: string;
            /**
             * @description sha256, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description sha256, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            set_digest: string;
            set_by: string;
            /**
             * @description RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            set_at: string;
        };
        GoldenSetSummary: {
            /**
             * @description Name of the golden set
             * @example clerk-basics
             */
            golden_set: string;
            persona: string;
            description: string;
            /** @description Number of versions, from 1; the ETag is the same number in quotes */
            version: number;
            /**
             * @description sha256 of the document of this version, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            cases: number;
            tools: string[];
            triggers: string[];
            /** @description Run that others are compared with */
            baseline: components["schemas"]["EvaluationBaseline"] | null;
            /**
             * @description Verdict of the latest run
             * @example pass
             */
            last_verdict: string | null;
            /** @description Who defined it: runs of its triggers are in this name */
            defined_by: string;
            /**
             * @description RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            changed_at: string;
        };
        GoldenSetPage: {
            /** @description Items of the page */
            items: components["schemas"]["GoldenSetSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        GoldenSet: {
            /**
             * @description Name of the golden set
             * @example clerk-basics
             */
            golden_set: string;
            persona: string;
            description: string;
            /** @description Number of versions, from 1; the ETag is the same number in quotes */
            version: number;
            /**
             * @description sha256 of the document of this version, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            cases: number;
            tools: string[];
            triggers: string[];
            /** @description Run that others are compared with */
            baseline: components["schemas"]["EvaluationBaseline"] | null;
            /**
             * @description Verdict of the latest run
             * @example pass
             */
            last_verdict: string | null;
            /** @description Who defined it: runs of its triggers are in this name */
            defined_by: string;
            /**
             * @description RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            changed_at: string;
            /** @description The document; null right after a write, until it can be read */
            document: {
                /**
                 * @description Purpose, in one sentence
                 * @default
                 */
                description: string;
                /**
                 * @description Persona that it is for
                 * @example clerk
                 */
                persona: string;
                /**
                 * @description Answers to each case
                 * @default 1
                 */
                repeats: number;
                /**
                 * @description Drop that is accepted: a share of cases for passes and similarities, of the value for cost and latency
                 * @default 0.1
                 * @example 0.1
                 */
                margin: number;
                /** @description Longest answer; default: that of the persona */
                max_tokens?: number;
                /**
                 * @description Tools that answers may call; each case is then a run of an agent
                 * @default []
                 */
                tools: string[];
                scorers: components["schemas"]["GoldenScorer"][];
                cases: components["schemas"]["GoldenCase"][];
            } | null;
        };
        GoldenSetVersion: {
            /**
             * @description Name of the golden set
             * @example clerk-basics
             */
            golden_set: string;
            version: number;
            /**
             * @description sha256, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            cases: number;
            /** @description Turn that it has as a further case; null for a definition */
            turn_id: string | null;
            defined_by: string;
            decision_id: string;
            /**
             * @description RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            created_at: string;
        };
        GoldenSetVersionPage: {
            /** @description Items of the page */
            items: components["schemas"]["GoldenSetVersion"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        GoldenSetDocument: {
            /**
             * @description Name of the golden set
             * @example clerk-basics
             */
            golden_set: string;
            version: number;
            /**
             * @description sha256, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            cases: number;
            /** @description Turn that it has as a further case; null for a definition */
            turn_id: string | null;
            defined_by: string;
            decision_id: string;
            /**
             * @description RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            created_at: string;
            document: {
                /**
                 * @description Purpose, in one sentence
                 * @default
                 */
                description: string;
                /**
                 * @description Persona that it is for
                 * @example clerk
                 */
                persona: string;
                /**
                 * @description Answers to each case
                 * @default 1
                 */
                repeats: number;
                /**
                 * @description Drop that is accepted: a share of cases for passes and similarities, of the value for cost and latency
                 * @default 0.1
                 * @example 0.1
                 */
                margin: number;
                /** @description Longest answer; default: that of the persona */
                max_tokens?: number;
                /**
                 * @description Tools that answers may call; each case is then a run of an agent
                 * @default []
                 */
                tools: string[];
                scorers: components["schemas"]["GoldenScorer"][];
                cases: components["schemas"]["GoldenCase"][];
            };
        };
        EvaluationSummary: {
            /**
             * Format: uuid
             * @description Id of the run, which is a job
             * @example 0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10
             */
            evaluation_id: string;
            /**
             * @description ended: it has a verdict
             * @enum {string}
             */
            status: "running" | "ended" | "failed";
            golden_set: string | null;
            persona: string | null;
            /** @description 0 for one that was only tried */
            persona_version: number | null;
            set_version: number | null;
            set_digest: string | null;
            baseline_evaluation_id: string | null;
            verdict: ("pass" | "regress" | "improve" | "inconclusive") | null;
            /** @description Why, in one sentence */
            detail: string | null;
            /** @description Further cases that would decide in four of five runs */
            more_cases: number | null;
            cause: ("manual" | "model" | "persona" | "tool" | "memory" | "constitution") | null;
            models: string[];
            cases: number | null;
            repeats: number | null;
            /** @description Cases that every scorer passed */
            passed: number | null;
            tokens: number | null;
            /** @description sha256 of the result */
            digest: string | null;
            ended_at: string | null;
        };
        EvaluationPage: {
            /** @description Items of the page */
            items: components["schemas"]["EvaluationSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        Evaluation: {
            /**
             * Format: uuid
             * @description Id of the run, which is a job
             * @example 0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10
             */
            evaluation_id: string;
            /**
             * @description ended: it has a verdict
             * @enum {string}
             */
            status: "running" | "ended" | "failed";
            golden_set: string | null;
            persona: string | null;
            /** @description 0 for one that was only tried */
            persona_version: number | null;
            set_version: number | null;
            set_digest: string | null;
            baseline_evaluation_id: string | null;
            verdict: ("pass" | "regress" | "improve" | "inconclusive") | null;
            /** @description Why, in one sentence */
            detail: string | null;
            /** @description Further cases that would decide in four of five runs */
            more_cases: number | null;
            cause: ("manual" | "model" | "persona" | "tool" | "memory" | "constitution") | null;
            models: string[];
            cases: number | null;
            repeats: number | null;
            /** @description Cases that every scorer passed */
            passed: number | null;
            tokens: number | null;
            /** @description sha256 of the result */
            digest: string | null;
            ended_at: string | null;
            result: components["schemas"]["EvaluationResult"] | null;
        };
        /**
         * @example {
         *       "evaluation_id": "0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10",
         *       "golden_set": "clerk-basics",
         *       "set_version": 1,
         *       "status": "running",
         *       "url": "/v1/evaluations/runs/0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10"
         *     }
         */
        EvaluationStarted: {
            /**
             * Format: uuid
             * @description Id of the run, which is a job
             * @example 0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10
             */
            evaluation_id: string;
            golden_set: string;
            set_version: number;
            /** @constant */
            status: "running";
            url: string;
        };
        /** @description The command is in the log and has no outcome yet */
        GoldenSetPending: {
            /**
             * @description Name of the golden set
             * @example clerk-basics
             */
            golden_set: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        EvaluationPending: {
            /**
             * Format: uuid
             * @description Id of the run, which is a job
             * @example 0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10
             */
            evaluation_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        ApiKey: {
            /** @description The part of the key after `khp_` */
            key_id: string;
            /** @description Tenant of the key */
            tenant_id: string;
            /** @description Number of changes, from 1; the ETag is the same number in quotes */
            version: number;
            /** @description Display name */
            name: string;
            /** @description Principal that acts with the key */
            owner: string;
            /** @description Capabilities of the key; null for all capabilities of its owner */
            capabilities: string[] | null;
            /**
             * @description Every gateway refuses a revoked key
             * @enum {string}
             */
            status: "active" | "revoked";
            /** @description Time of the creation, RFC 3339 */
            created_at: string;
            /** @description Time of the latest rotation, RFC 3339; null without one */
            rotated_at: string | null;
            /** @description Time until which the previous secret is valid, RFC 3339 */
            former_secret_until: string | null;
        };
        ApiKeyWithText: {
            /** @description The part of the key after `khp_` */
            key_id: string;
            /** @description Tenant of the key */
            tenant_id: string;
            /** @description Number of changes, from 1; the ETag is the same number in quotes */
            version: number;
            /** @description Display name */
            name: string;
            /** @description Principal that acts with the key */
            owner: string;
            /** @description Capabilities of the key; null for all capabilities of its owner */
            capabilities: string[] | null;
            /**
             * @description Every gateway refuses a revoked key
             * @enum {string}
             */
            status: "active" | "revoked";
            /** @description Time of the creation, RFC 3339 */
            created_at: string;
            /** @description Time of the latest rotation, RFC 3339; null without one */
            rotated_at: string | null;
            /** @description Time until which the previous secret is valid, RFC 3339 */
            former_secret_until: string | null;
            /** @description Text of the key. It is shown only in this answer */
            key: string;
        };
        ApiKeyPage: {
            /** @description Items of the page */
            items: components["schemas"]["ApiKey"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description The command is in the log and has no outcome yet */
        ApiKeyPending: {
            /** @description Explanation for people */
            detail: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        RotationPending: {
            /** @description Explanation for people */
            detail: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        User: {
            /** @description Id of the user */
            user_id: string;
            /** @description Tenant of the principal */
            tenant_id: string;
            /** @description Name of the principal in `owner` and in events */
            principal: string;
            /** @description Number of changes, from 1; the ETag is the same number in quotes */
            version: number;
            /** @description Display name */
            name: string;
            /** @enum {string} */
            status: "active" | "disabled";
            /** @description Names of its roles */
            roles: string[];
            /** @description Current capabilities of its roles */
            capabilities: string[];
        };
        UserPage: {
            /** @description Items of the page */
            items: components["schemas"]["User"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        ServiceAccount: {
            /** @description Id of the service account */
            service_account_id: string;
            /** @description Tenant of the principal */
            tenant_id: string;
            /** @description Name of the principal in `owner` and in events */
            principal: string;
            /** @description Number of changes, from 1; the ETag is the same number in quotes */
            version: number;
            /** @description Display name */
            name: string;
            /** @enum {string} */
            status: "active" | "disabled";
            /** @description Names of its roles */
            roles: string[];
            /** @description Current capabilities of its roles */
            capabilities: string[];
        };
        ServiceAccountPage: {
            /** @description Items of the page */
            items: components["schemas"]["ServiceAccount"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        Role: {
            /** @description Name of the role */
            name: string;
            /** @description Tenant of the role */
            tenant_id: string;
            /** @description Number of changes, from 1; the ETag is the same number in quotes */
            version: number;
            /** @description Purpose of the role */
            description: string;
            /** @description Capabilities of the role */
            capabilities: string[];
        };
        RolePage: {
            /** @description Items of the page */
            items: components["schemas"]["Role"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description Limit of each session, of the tenant per day in UTC, or of the tenant in total */
        BudgetLimit: {
            /**
             * @description `unknown` appears only in answers: a window that this version does not know
             * @enum {string}
             */
            window: "session" | "day" | "total" | "unknown";
            /**
             * @description Maximum number of tokens; null without a limit
             * @default null
             */
            tokens_max: number | null;
            /**
             * @description Maximum cost, a decimal; null without a limit
             * @default null
             * @example 25.00
             */
            cost_max: string | null;
        };
        TenantSettings: {
            /**
             * @description Models that requests may name; `*` for any model that the constitution allows
             * @default [
             *       "*"
             *     ]
             */
            models: string[];
            /**
             * @description At most one per window; an empty list sets no limit
             * @default []
             */
            budgets: components["schemas"]["BudgetLimit"][];
            /**
             * @description Days for which personal content is kept; null for the retention of the topics
             * @default null
             */
            retention_days: number | null;
            /**
             * @description Lane of the work of the tenant
             * @default interactive
             * @enum {string}
             */
            lane: "interactive" | "batch";
            /**
             * @description Share of each worker beside other tenants with work in the same lane: with 3, three times that of 1
             * @default 1
             */
            weight: number;
        };
        Tenant: {
            /** @description Id of the tenant */
            tenant_id: string;
            /** @description Number of changes, from 1; the ETag is the same number in quotes */
            version: number;
            /** @description Display name */
            name: string;
            /**
             * @description Every gateway refuses a suspended tenant
             * @default active
             * @enum {string}
             */
            status: "active" | "suspended";
            settings: components["schemas"]["TenantSettings"];
        };
        TenantPage: {
            /** @description Items of the page */
            items: components["schemas"]["Tenant"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        Inferred: {
            /** @description Id of the request */
            request_id: string;
            /** @description Model that answered */
            model_id: string;
            /** @description Tokens of the request */
            tokens_consumed: components["schemas"]["Tokens"];
            /** @description Time of the model, in ms */
            latency_ms: number;
            /** @description Generated text */
            text: string;
            /**
             * @description `stop`: the answer ended by itself. `length`: it reached its maximum length. `other`: any other reason
             * @enum {string}
             */
            finish_reason: "stop" | "length" | "tool_calls" | "other";
        };
        Embedded: {
            /** @description Id of the request */
            request_id: string;
            /** @description Model that answered */
            model_id: string;
            /** @description Tokens of the request */
            tokens_consumed: components["schemas"]["Tokens"];
            /** @description Time of the model, in ms */
            latency_ms: number;
            /** @description One vector per text */
            embeddings: number[][];
        };
        SlmHealth: {
            /**
             * @description `idle`: no request was answered since this gateway started. `stuck`: requests wait, and none was answered for 30 s
             * @enum {string}
             */
            status: "ok" | "idle" | "failing" | "stuck";
            /** @description Reason of the status */
            detail: string;
            /** @description Requests that no worker has finished */
            backlog: number;
            /** @description The last request that ended since this gateway started */
            last: {
                at: string;
                /** @enum {string} */
                outcome: "completed" | "failed";
                provider: string;
                model_id: string;
                latency_ms: number;
                time_to_first_token_ms: number | null;
            } | null;
        };
        /** @description The command is in the log and has no outcome yet */
        InferencePending: {
            /** @description Id of the request */
            request_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        EmbeddingPending: {
            /** @description Id of the request */
            request_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The starts are in the log. Each is decided on its own */
        JobsStarted: {
            /**
             * @description Number of starts in the log
             * @example 1
             */
            accepted: number;
            /**
             * @description Id of the batch: its jobs have the tag `batch:<batch_id>`
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            batch_id: string;
            /**
             * @description Ids of the jobs, in the order of the items
             * @example [
             *       "4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01"
             *     ]
             */
            job_ids: string[];
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the request: the ids of its commands derive from it */
            command_id: string;
            /** @description A repeat with this `Idempotency-Key` changes nothing */
            idempotency_key: string;
        };
        BulkDryRun: {
            /**
             * @description Action on each of the jobs
             * @enum {string}
             */
            action: "cancel" | "pause" | "resume" | "retry";
            /**
             * @description Number of jobs that the action is for
             * @example 1
             */
            count: number;
            /** @description Up to 10 of them */
            sample: components["schemas"]["JobSummary"][];
            /** @description Send it with the same filter and action to do it */
            token: string;
            /** @description End of the token, RFC 3339: ten minutes later */
            expires_at: string;
        };
        /** @description The commands are in the log. Each is decided on its own */
        JobsActedOn: {
            /**
             * @description Action on each of the jobs
             * @enum {string}
             */
            action: "cancel" | "pause" | "resume" | "retry";
            /**
             * @description Number of commands in the log
             * @example 1
             */
            accepted: number;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the request: the ids of its commands derive from it */
            command_id: string;
            /** @description A repeat with this `Idempotency-Key` changes nothing */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        JobPending: {
            /**
             * @description Id of the job
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            job_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        KillSwitch: {
            /** @description Scope of the switch */
            scope: string;
            /** @description True while the switch stops new work */
            engaged: boolean;
            /**
             * @description Effect on work that was accepted before: `stop` ends it, `finish_step` ends it after its running steps, `drain` lets it finish
             * @enum {string}
             */
            mode: "stop" | "finish_step" | "drain";
            /** @description Reason of the engagement */
            reason: string;
            /** @description Principal that engaged the switch */
            engaged_by: string;
            /** @description Time of the engagement, RFC 3339 */
            since: string;
            /** @description True when the release requires two principals */
            two_person: boolean;
            /** @description First of the two principals of a release; null before a proposal */
            release_proposed_by: string | null;
            /** @description Id of the event that engaged the switch; decisions refer to it */
            event_id: string;
        };
        KillSwitchReleaseProposed: {
            /** @description Scope of the switch */
            scope: string;
            /**
             * @description Always `release_proposed`
             * @constant
             */
            status: "release_proposed";
            /** @description Explanation for people */
            detail: string;
        };
        KillSwitchList: {
            /** @description Engaged switches */
            items: components["schemas"]["KillSwitch"][];
        };
        /** @description The command is in the log and has no outcome yet */
        KillSwitchPending: {
            /** @description Scope of the switch */
            scope: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        Persona: {
            /**
             * @description Name of the persona
             * @example guide
             */
            name: string;
            /** @description Tenant of the persona; null for one of the platform */
            tenant_id: string | null;
            /** @description Number of changes, from 1; the ETag is the same number in quotes */
            version: number;
            /**
             * @description Purpose, in one sentence
             * @default
             */
            description: string;
            /**
             * @description Instructions to the model: the system message of every turn, at most 2000 bytes of UTF-8
             * @example You are a patient teacher. Explain one step at a time.
             */
            instructions: string;
            /**
             * @description Model of sessions that name none; null for the default of the platform
             * @default null
             */
            model: string | null;
            /**
             * @description Sampling temperature of requests that name none; 0 is greedy
             * @default 0.7
             */
            temperature: number;
            /**
             * @description Maximum length of an answer, in tokens, of requests that name none; null for the default
             * @default null
             */
            max_tokens: number | null;
        };
        PersonaPage: {
            /** @description Items of the page */
            items: components["schemas"]["Persona"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        Memory: {
            /** @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44 */
            memory_id: string;
            /** @example shared */
            space: string;
            /**
             * @description A forgotten memory has no content
             * @enum {string}
             */
            status: "kept" | "forgotten";
            /**
             * @description Empty when it was forgotten
             * @example The office in Cusco closes at six.
             */
            text: string;
            /**
             * @description sha256 of the text, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description Where the text comes from
             * @example A notice at the door
             */
            source: string | null;
            /**
             * @example [
             *       "office"
             *     ]
             */
            tags: string[];
            /**
             * @example {
             *       "city": "Cusco"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /**
             * @description Labels that were declared of the text, or found in it
             * @example [
             *       "customer-data"
             *     ]
             */
            labels: string[];
            /**
             * @description Time from which it is true, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            valid_from: string | null;
            /**
             * @description Time from which it is not true any more, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            valid_to: string | null;
            /**
             * @description Who asked
             * @example user:ana
             */
            principal: string;
            /**
             * @description Call of the tool that kept it; null for a request
             * @example null
             */
            call_id: string | null;
            /**
             * @description Time at which it was kept, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            remembered_at: string | null;
            /**
             * @description Time at which it was forgotten, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            forgotten_at: string | null;
        };
        Remembered: {
            /** @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44 */
            memory_id: string;
            /** @example shared */
            space: string;
            /**
             * @description A forgotten memory has no content
             * @enum {string}
             */
            status: "kept" | "forgotten";
            /**
             * @description Empty when it was forgotten
             * @example The office in Cusco closes at six.
             */
            text: string;
            /**
             * @description sha256 of the text, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description Where the text comes from
             * @example A notice at the door
             */
            source: string | null;
            /**
             * @example [
             *       "office"
             *     ]
             */
            tags: string[];
            /**
             * @example {
             *       "city": "Cusco"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /**
             * @description Labels that were declared of the text, or found in it
             * @example [
             *       "customer-data"
             *     ]
             */
            labels: string[];
            /**
             * @description Time from which it is true, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            valid_from: string | null;
            /**
             * @description Time from which it is not true any more, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            valid_to: string | null;
            /**
             * @description Who asked
             * @example user:ana
             */
            principal: string;
            /**
             * @description Call of the tool that kept it; null for a request
             * @example null
             */
            call_id: string | null;
            /**
             * @description Time at which it was kept, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            remembered_at: string | null;
            /**
             * @description Time at which it was forgotten, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            forgotten_at: string | null;
            /** @constant */
            ok: true;
            /** @constant */
            success: true;
            /**
             * @description The space, by the name that SomaBrain has for it
             * @example shared
             */
            namespace: string;
            /**
             * @description Id of the command, or what the request named
             * @example 0b8d2f6a-91c3-5d17-a4e2-7f5b3c6d8e90
             */
            trace_id: string;
        };
        RecalledMemory: {
            /**
             * @description Cosine of the vectors, from -1 to 1
             * @example 0.714
             */
            score: number;
            payload: components["schemas"]["Memory"];
        };
        Recalled: {
            /** @description The nearest first */
            memory: components["schemas"]["RecalledMemory"][];
            /**
             * @description Always empty: there is no working memory beside
             * @example []
             */
            wm: components["schemas"]["RecalledMemory"][];
            /**
             * @description The space, by the name that SomaBrain has for it
             * @example shared
             */
            namespace: string;
            /**
             * @description Id of the command, or what the request named
             * @example 0b8d2f6a-91c3-5d17-a4e2-7f5b3c6d8e90
             */
            trace_id: string;
            /**
             * @description Model of the vectors
             * @example static-256-0a1b2c3d4e5f
             */
            model: string;
            /**
             * @description Number of memories that were compared
             * @example 1
             */
            compared: number;
            /**
             * @description Time of the recall in the log, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            as_of: string;
        };
        Retrieved: {
            /** @description The nearest first */
            candidates: components["schemas"]["RecalledMemory"][];
            /**
             * @description Their texts for a prompt, one a line, each with its number
             * @example [1] The office in Cusco closes at six.
             */
            context: string;
            /**
             * @description The space, by the name that SomaBrain has for it
             * @example shared
             */
            namespace: string;
            /**
             * @description Id of the command, or what the request named
             * @example 0b8d2f6a-91c3-5d17-a4e2-7f5b3c6d8e90
             */
            trace_id: string;
            /**
             * @description Model of the vectors
             * @example static-256-0a1b2c3d4e5f
             */
            model: string;
            /**
             * @description Number of memories that were compared
             * @example 1
             */
            compared: number;
            /**
             * @description Time of the recall in the log, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            as_of: string;
        };
        MemoryLink: {
            /** @constant */
            ok: true;
            /** @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44 */
            from_key: string;
            /** @example 0b8d2f6a-91c3-5d17-a4e2-7f5b3c6d8e90 */
            to_key: string;
            /** @example supports */
            type: string;
        };
        MemoryDetail: {
            /** @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44 */
            memory_id: string;
            /** @example shared */
            space: string;
            /**
             * @description A forgotten memory has no content
             * @enum {string}
             */
            status: "kept" | "forgotten";
            /**
             * @description Empty when it was forgotten
             * @example The office in Cusco closes at six.
             */
            text: string;
            /**
             * @description sha256 of the text, hex
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            digest: string;
            /**
             * @description Where the text comes from
             * @example A notice at the door
             */
            source: string | null;
            /**
             * @example [
             *       "office"
             *     ]
             */
            tags: string[];
            /**
             * @example {
             *       "city": "Cusco"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /**
             * @description Labels that were declared of the text, or found in it
             * @example [
             *       "customer-data"
             *     ]
             */
            labels: string[];
            /**
             * @description Time from which it is true, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            valid_from: string | null;
            /**
             * @description Time from which it is not true any more, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            valid_to: string | null;
            /**
             * @description Who asked
             * @example user:ana
             */
            principal: string;
            /**
             * @description Call of the tool that kept it; null for a request
             * @example null
             */
            call_id: string | null;
            /**
             * @description Time at which it was kept, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            remembered_at: string | null;
            /**
             * @description Time at which it was forgotten, RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            forgotten_at: string | null;
            links: {
                /** @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44 */
                from_key: string;
                /** @example 0b8d2f6a-91c3-5d17-a4e2-7f5b3c6d8e90 */
                to_key: string;
                /** @example supports */
                type: string;
                /**
                 * @description RFC 3339
                 * @example 2026-11-29T10:30:00.000Z
                 */
                created_at: string;
            }[];
        };
        MemoryPage: {
            /** @description Items of the page */
            items: components["schemas"]["Memory"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        MemoryForgotten: {
            /** @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44 */
            memory_id: string;
            /** @constant */
            status: "forgotten";
            /**
             * @description RFC 3339
             * @example 2026-11-29T10:30:00.000Z
             */
            forgotten_at: string;
        };
        MemoryPersona: {
            /** @example guide */
            id: string;
            /** @example Answers questions about the product */
            display_name: string | null;
            properties: {
                /** @example Answer in two sentences. */
                instructions: string;
                /** @example null */
                model: string | null;
                /** @example 0.2 */
                temperature: number | null;
                /** @example 256 */
                max_tokens: number | null;
                /** @example 1 */
                version: number;
            };
            /** @constant */
            fact: "persona";
        };
        /** @description The command is in the log and has no outcome yet */
        MemoryPending: {
            /** @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44 */
            memory_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        DeadLetter: {
            /**
             * @description Name of the letter
             * @example sessions.commands.dlq/0/12
             */
            name: string;
            /** @description Place of the original record; the offset is -1 when it is unknown */
            from: {
                topic: string;
                partition: number;
                offset: number;
            };
            /** @description Key of the original record; null without one */
            key: string | null;
            /** @description Reader that wrote the letter */
            processor: string;
            /** @description Stable code of the latest failure */
            code: string;
            /** @description Message of the latest failure */
            message: string;
            /** @description Number of attempts */
            attempt: number;
            /** @description Time at which the letter was written, RFC 3339 */
            at: string;
            /** @description Position in the queue of its parked key, from 1; null without one */
            parked: number | null;
            /** @description Latest action: redriven, dropped, or failed again; null before the first */
            outcome: {
                verb: string;
                by: string;
                at: string;
            } | null;
        };
        DeadLetters: {
            /** @description Newest first */
            items: components["schemas"]["DeadLetter"][];
        };
        DeadLettersSettled: {
            /**
             * @description Requested action
             * @enum {string}
             */
            verb: "redrive" | "drop";
            /** @description Names of the letters that are settled now */
            settled: string[];
            /** @description Names of letters of parked keys that are still open */
            parked: string[];
        };
        /** @description The platform as it is declared */
        Topology: {
            /** @description Topics of the catalogue */
            topics: {
                /** @example sessions.commands */
                name: string;
                /**
                 * @description What the records are
                 * @enum {string}
                 */
                kind: "commands" | "decisions" | "events" | "state";
                /** @description Context of the topic */
                context: string;
                /** @description Meaning, in a sentence */
                doc: string;
                /** @description Names of its records */
                records: string[];
            }[];
            /** @description Gateways, processors, workers, observers and read models */
            readers: {
                /** @example policy */
                name: string;
                /**
                 * @description `view`: a read model
                 * @enum {string}
                 */
                kind: "gateway" | "processor" | "worker" | "observer" | "view";
                /** @description Topology of a processor that shares its transactions with others; null without one */
                topology: string | null;
                /** @description Topics that it reads */
                reads: string[];
                /** @description Topics that it writes */
                writes: string[];
            }[];
        };
        /** @description Rates and lags, from positions in the log */
        PlatformActivity: {
            /** @description Time of the look, RFC 3339 */
            at: string;
            /** @description Time that the rates are counted over */
            watched_ms: number;
            /** @description Topics without those of state */
            topics: {
                /** @example sessions.commands */
                name: string;
                /** @description Number of partitions */
                partitions: number;
                /** @description Offsets between the first and the end */
                offsets: number;
                /** @description Offsets that were added per second: records, and the markers of transactions */
                offsets_per_second: number;
            }[];
            /** @description Consumer groups and read models, each with how far it is */
            readers: {
                /** @example core */
                name: string;
                /**
                 * @description `view`: a read model
                 * @enum {string}
                 */
                kind: "gateway" | "processor" | "worker" | "observer" | "view";
                /** @description Sum over the partitions */
                lag: number;
                /** @description Members of its consumer group, the oldest first; empty for a read model */
                processes: {
                    /**
                     * @description Address that the broker sees
                     * @example 127.0.0.1
                     */
                    host: string;
                    /** @description Start of the process, RFC 3339; null: not known */
                    started_at: string | null;
                    /** @description How often it began again since then, after an error; null: not known */
                    restarts: number | null;
                    /** @description Partitions that it reads */
                    partitions: number[];
                }[];
                partitions: {
                    topic: string;
                    partition: number;
                    /** @description Next offset to read */
                    position: number;
                    /** @description Offset after the last record */
                    end: number;
                    /** @description Offsets that are not read; 0 for a reader that is up to date */
                    lag: number;
                }[];
            }[];
        };
        SessionStarted: {
            /** @description Id of the session */
            session_id: string;
            /** @description First turn, when the request had a prompt */
            turn_id?: string;
            /** @description Session token (JWT) */
            token: string;
            /**
             * @description Always `Bearer`
             * @constant
             */
            token_type: "Bearer";
            /** @description Expiry of the token, RFC 3339 */
            expires_at: string;
            /** @description Capabilities of the session */
            capabilities: string[];
            /** @description URL of the stream of the first turn, or of the session without one */
            turn_url: string;
            /** @description Decision that allowed the start */
            decision: components["schemas"]["Decision"];
        };
        Token: {
            /** @description Token of the same session (JWT) */
            token: string;
            /**
             * @description Always `Bearer`
             * @constant
             */
            token_type: "Bearer";
            /** @description Expiry of the token, RFC 3339 */
            expires_at: string;
            /** @description Capabilities of the token */
            capabilities: string[];
        };
        StreamTicket: {
            /** @description Ticket, for `?ticket=` of the stream */
            ticket: string;
            /** @description Time until which a stream can be opened with it, RFC 3339 */
            expires_at: string;
        };
        TurnRecalled: {
            /** @description The nearest first */
            memories: {
                /** @description The memory */
                memory_id: string;
                /** @description sha256 of its text, hex */
                digest: string;
            }[];
            /** @description Labels of them: those of the answer as well */
            labels: string[];
        };
        TurnModeration: {
            /** @description Version of the constitution that the answer began under */
            constitution_version: string;
            /** @description sha256 of its canonical JSON, hex */
            constitution_digest: string;
            /** @description One per rule that found something */
            findings: {
                /** @description Id of the rule */
                rule: string;
                /** @description Code of the rule */
                category: string;
                /** @description `redact` replaced a part, `caution` is recorded alone */
                outcome: string;
                /** @description Highest score, from 0 to 1 */
                score: number;
                /** @description Always `output` */
                place: string;
            }[];
            /** @description Parts of the answer that were replaced by `[redacted]` */
            redacted: number;
            /** @description The outside classifier; null when no rule asks for it */
            classifier: {
                /** @description `answered`, or `passed` where a missing answer is let through */
                outcome: string;
                /** @description Highest scores over the parts of the answer */
                scores: {
                    category: string;
                    score: number;
                }[];
                /** @description Model that the classifier names; may be empty */
                model: string;
                /** @description Cause of a missing answer */
                detail: string;
                /** @description Longest request, in ms */
                latency_ms: number;
            } | null;
        };
        Turn: {
            /** @description Id of the turn */
            turn_id: string;
            /**
             * @description Progress of the turn
             * @enum {string}
             */
            status: "queued" | "running" | "completed" | "failed" | "refused";
            /** @description Text of the prompt */
            prompt: string | null;
            /** @description Answer, when the turn has completed */
            text: string | null;
            /** @description Model that answered */
            model_id: string | null;
            /** @description `stop`, `length` or `other` */
            finish_reason: string | null;
            /** @description Tokens of the turn */
            tokens_consumed: components["schemas"]["Tokens"] | null;
            /** @description Time of the model, in ms */
            latency_ms: number | null;
            /** @description Error code of a failed or refused turn */
            code: string | null;
            /** @description Error text of a failed or refused turn */
            detail: string | null;
            /** @description Decision of a refused turn */
            decision: components["schemas"]["Decision"] | null;
            /**
             * @description Memories that it is answered with; null without `recall`
             * @example null
             */
            recalled: components["schemas"]["TurnRecalled"] | null;
            /**
             * @description What rules found in the answer; null before it, and without rules of outputs
             * @example null
             */
            moderation: components["schemas"]["TurnModeration"] | null;
            /** @description Time of the request, RFC 3339 */
            queued_at: string | null;
            /** @description Time of the start, RFC 3339 */
            started_at: string | null;
            /** @description Time of the end, RFC 3339 */
            ended_at: string | null;
        };
        SessionSummary: {
            /** @description Id of the session */
            session_id: string;
            /**
             * @description `pending` until the decision
             * @enum {string}
             */
            status: "pending" | "started" | "refused";
            /** @description Persona that answers */
            persona: string | null;
            /** @description Capabilities of the session */
            capabilities: string[] | null;
            /** @description Model of the session; null for the default of the tenant */
            model: string | null;
            /** @description Key-value pairs of the caller */
            metadata: {
                [key: string]: string;
            } | null;
            /** @description Number of turns */
            turn_count: number;
            /** @description Tokens of all turns */
            tokens_consumed: components["schemas"]["Tokens"];
            /** @description Error code of a refused session */
            code: string | null;
            /** @description Error text of a refused session */
            detail: string | null;
            /** @description Null while pending */
            decision: components["schemas"]["Decision"] | null;
            /** @description Time of the start, RFC 3339 */
            created_at: string | null;
            /** @description Time of the latest change, RFC 3339 */
            updated_at: string | null;
        };
        Session: {
            /** @description Id of the session */
            session_id: string;
            /**
             * @description `pending` until the decision
             * @enum {string}
             */
            status: "pending" | "started" | "refused";
            /** @description Persona that answers */
            persona: string | null;
            /** @description Capabilities of the session */
            capabilities: string[] | null;
            /** @description Model of the session; null for the default of the tenant */
            model: string | null;
            /** @description Key-value pairs of the caller */
            metadata: {
                [key: string]: string;
            } | null;
            /** @description Number of turns */
            turn_count: number;
            /** @description Tokens of all turns */
            tokens_consumed: components["schemas"]["Tokens"];
            /** @description Error code of a refused session */
            code: string | null;
            /** @description Error text of a refused session */
            detail: string | null;
            /** @description Null while pending */
            decision: components["schemas"]["Decision"] | null;
            /** @description Time of the start, RFC 3339 */
            created_at: string | null;
            /** @description Time of the latest change, RFC 3339 */
            updated_at: string | null;
            /** @description The first 200 turns */
            turns: components["schemas"]["Turn"][];
            usage: {
                model_id: string;
                requests: number;
                failures: number;
                tokens_consumed: components["schemas"]["Tokens"];
                /** @description Decimal amount */
                cost: string;
                /** @description ISO 4217 */
                currency: string;
            }[];
        };
        SessionPage: {
            /** @description Items of the page */
            items: components["schemas"]["SessionSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description The command is in the log and has no outcome yet */
        SessionPending: {
            /** @description Id of the session */
            session_id: string;
            /** @description First turn, when the request had a prompt */
            turn_id?: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        TurnAccepted: {
            /** @description Id of the session */
            session_id: string;
            /** @description Id of the turn */
            turn_id: string;
            /** @description URL of the stream of the turn */
            turn_url: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        TraceStep: {
            /**
             * @description Name of the record
             * @example TurnCompleted
             */
            record: string;
            /**
             * @description `ce_id` of the record
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c05
             */
            id: string;
            /** @description Topic of the record */
            topic: string;
            /** @description Partition of the record */
            partition: number | null;
            /** @description Offset of the record; null for a command, which only its topic has */
            offset: number | null;
            /** @description Time of the append, RFC 3339; of a command, its own time */
            at: string;
            /** @description Milliseconds since the command */
            after_ms: number;
            /** @description Microseconds that the processor took; null for a record that carries none */
            decide_us: number | null;
        };
        TracedDecision: {
            /** @description Id of the command */
            command_id: string;
            /**
             * @description Type of the command
             * @example khipu.sessions.StartSession
             */
            command_type: string;
            decision: components["schemas"]["Decision"];
            /**
             * @description Features of the score: each value, from 0 to 1, counts by its weight
             * @example [
             *       {
             *         "name": "prompt_safety",
             *         "value": 1,
             *         "weight": 0.35
             *       }
             *     ]
             */
            features: {
                name: string;
                value: number;
                weight: number;
            }[];
            /** @description Labels of the command, declared or found in its text */
            labels: string[];
        };
        /** @description A session from its commands to its rows */
        SessionTrace: {
            session: components["schemas"]["Session"];
            /** @description One chain for each command of the session, in order */
            chains: {
                /** @description Id of the command */
                command_id: string;
                /** @description The command, then what it caused, in the order of causes */
                steps: components["schemas"]["TraceStep"][];
            }[];
            /** @description The policy decision on each command */
            decisions: components["schemas"]["TracedDecision"][];
            /**
             * @description Number of rows of the session in each read model
             * @example {
             *       "sessions": 1,
             *       "turns": 1,
             *       "usage": 1,
             *       "events": 9
             *     }
             */
            rows: {
                [key: string]: number;
            };
            /** @description False when the session has more than 1000 events */
            complete: boolean;
        };
        /** @description What policy would decide. Nothing ran and nothing was charged */
        Trial: {
            /** @description Id of the trial */
            trial_id: string;
            /**
             * @description Type of the command
             * @example khipu.sessions.StartSession
             */
            command_type: string;
            decision: components["schemas"]["Decision"];
            /**
             * @description Features of the score: each value, from 0 to 1, counts by its weight
             * @example [
             *       {
             *         "name": "prompt_safety",
             *         "value": 1,
             *         "weight": 0.35
             *       }
             *     ]
             */
            features: {
                name: string;
                value: number;
                weight: number;
            }[];
            /** @description Labels of the command, declared or found in its text */
            labels: string[];
            /** @description What the rules of the constitution found in the text */
            findings: {
                /**
                 * @description Id of the rule
                 * @example no-card-numbers
                 */
                rule: string;
                /**
                 * @description Code of a moderation rule, or label of a label rule
                 * @example MODERATION_PAYMENT_CARD
                 */
                category: string;
                /**
                 * @description `forbid`, `caution` or `label`
                 * @example forbid
                 */
                outcome: string;
                /**
                 * @description From 0 to 1
                 * @example 1
                 */
                score: number;
                /**
                 * @description Where the text was checked: `input`
                 * @example input
                 */
                place: string;
            }[];
            /** @description Changes of one input that would reverse a denial, the smallest first */
            counterfactuals: {
                /**
                 * @description Input that would change
                 * @example prompt
                 */
                input: string;
                /** @description The change, in one sentence */
                what: string;
                /** @description Share of the input that changes, from 0 to 1 */
                size: number;
            }[];
        };
        TokensRevoked: {
            /** @description Revoked scope */
            scope: string;
            /** @description Tokens issued up to this time are revoked, RFC 3339 */
            issued_until: string;
            /** @description Principal that revoked the tokens */
            revoked_by: string;
            /** @description Reason of the revocation */
            reason: string;
        };
        /** @description The command is in the log and has no outcome yet */
        RevocationPending: {
            /** @description Scope of the revocation */
            scope: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        ScheduleSummary: {
            /**
             * @description Name of the schedule
             * @example nightly-report
             */
            schedule_id: string;
            /**
             * @description `finished`: it is not paused, and has no due time left
             * @enum {string}
             */
            status: "active" | "paused" | "finished";
            /** @description Number of definitions since it was created, from 1 */
            version: number;
            /**
             * @description Type of its jobs
             * @example inference.batch
             */
            type: string;
            /**
             * @description Cron pattern; null for an interval
             * @example 0 2 * * *
             */
            cron: string | null;
            /**
             * @description Interval, in ms; null for a cron pattern
             * @example null
             */
            interval_ms: number | null;
            /**
             * @description Time zone of the cron pattern
             * @example Europe/Berlin
             */
            time_zone: string;
            /**
             * @description What happens to a run while a job runs
             * @example skip
             */
            overlap: string;
            /** @description Purpose */
            note: string;
            /** @description Principal that defined it: its jobs are started with its capabilities */
            principal: string;
            /** @description Next due time; null while there is none, RFC 3339 */
            next_due_at: string | null;
            /** @description Due times that wait for their run, of the buffer and of backfills */
            waiting: number;
            /**
             * @description The pause by a command; null without one
             * @example null
             */
            pause: {
                /** @description Why it was paused */
                reason: string;
                /** @description Principal that paused it */
                paused_by: string;
            } | null;
            /** @description Time at which it was created, RFC 3339 */
            created_at: string | null;
            /** @description Time of the latest change, RFC 3339 */
            updated_at: string | null;
        };
        SchedulePage: {
            /** @description Items of the page */
            items: components["schemas"]["ScheduleSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        ScheduleRun: {
            /**
             * @description Id of the run
             * @example nightly-report/2026-03-01T01:00:00.000Z
             */
            run_id: string;
            /** @description Due time; of a trigger, its time, RFC 3339 */
            due_at: string | null;
            /**
             * @description Its state. `refused`: the job was not allowed. `ended`: its job had ended before. Otherwise the end of its job
             * @enum {string}
             */
            status: "buffered" | "running" | "skipped" | "completed" | "failed" | "cancelled" | "refused" | "ended";
            /**
             * @description Why it was made (`due`, `buffered`, `backfill`, `trigger`), waits, or was skipped (`overlap`, `buffer_full`, `catch_up`, `paused`)
             * @example due
             */
            reason: string | null;
            /**
             * @description Its job; null without one
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            job_id: string | null;
            /**
             * @description Stable code of a failure or refusal
             * @example null
             */
            code: string | null;
            /** @description Time before which all due times from this one on were skipped, RFC 3339 */
            until: string | null;
            /** @description Time at which its job was asked for, RFC 3339 */
            fired_at: string | null;
            /** @description Time at which its job ended, RFC 3339 */
            ended_at: string | null;
        };
        ScheduleRunPage: {
            /** @description Items of the page */
            items: components["schemas"]["ScheduleRun"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        /** @description The job that each run starts */
        ScheduleJob: {
            /**
             * @description Type of the job
             * @example inference.batch
             */
            type: string;
            /**
             * @description Input of the handler
             * @example {
             *       "prompts": [
             *         "What is a khipu?"
             *       ]
             *     }
             */
            input: unknown;
            /**
             * @description Lane of the job
             * @example standard
             */
            lane: string;
            /** @description Concurrency key; null without one */
            concurrency_key: string | null;
            /**
             * @description How failed runs are repeated; null: as its type says
             * @example null
             */
            retry: components["schemas"]["JobRetry"] | null;
            /** @description Time from the start of a job to its deadline, in ms */
            deadline_ms: number | null;
            /**
             * @description Tags of the job
             * @example [
             *       "customer-42"
             *     ]
             */
            tags: string[];
        };
        ScheduleDefined: {
            /**
             * @description Name of the schedule
             * @example nightly-report
             */
            schedule_id: string;
            /**
             * @description `finished`: it is not paused, and has no due time left
             * @enum {string}
             */
            status: "active" | "paused" | "finished";
            /** @description Number of definitions since it was created, from 1 */
            version: number;
            /**
             * @description Type of its jobs
             * @example inference.batch
             */
            type: string;
            /**
             * @description Cron pattern; null for an interval
             * @example 0 2 * * *
             */
            cron: string | null;
            /**
             * @description Interval, in ms; null for a cron pattern
             * @example null
             */
            interval_ms: number | null;
            /**
             * @description Time zone of the cron pattern
             * @example Europe/Berlin
             */
            time_zone: string;
            /**
             * @description What happens to a run while a job runs
             * @example skip
             */
            overlap: string;
            /** @description Purpose */
            note: string;
            /** @description Principal that defined it: its jobs are started with its capabilities */
            principal: string;
            /** @description Next due time; null while there is none, RFC 3339 */
            next_due_at: string | null;
            /** @description Due times that wait for their run, of the buffer and of backfills */
            waiting: number;
            /**
             * @description The pause by a command; null without one
             * @example null
             */
            pause: {
                /** @description Why it was paused */
                reason: string;
                /** @description Principal that paused it */
                paused_by: string;
            } | null;
            /** @description Time at which it was created, RFC 3339 */
            created_at: string | null;
            /** @description Time of the latest change, RFC 3339 */
            updated_at: string | null;
            job: components["schemas"]["ScheduleJob"];
            /** @description A due time of the interval, RFC 3339 */
            anchor: string;
            /** @description Longest time by which a missed run is late and still made, in ms */
            catch_up_ms: number;
            /** @description Upper bound of the delay of a run, in ms */
            jitter_ms: number;
            /** @description Earliest due time, RFC 3339 */
            starts_at: string | null;
            /** @description Time before which all due times are, RFC 3339 */
            ends_at: string | null;
            /**
             * @description Due times that are run; null for no bound
             * @example null
             */
            max_runs: number | null;
            /** @description True while it is paused */
            paused: boolean;
            /** @description Labels of its data */
            labels: string[];
            /**
             * @description Due times, RFC 3339, without the delay of `jitter_ms`
             * @example [
             *       "2026-03-01T01:00:00.000Z"
             *     ]
             */
            next_due_times: string[];
        };
        Schedule: {
            /**
             * @description Name of the schedule
             * @example nightly-report
             */
            schedule_id: string;
            /**
             * @description `finished`: it is not paused, and has no due time left
             * @enum {string}
             */
            status: "active" | "paused" | "finished";
            /** @description Number of definitions since it was created, from 1 */
            version: number;
            /**
             * @description Type of its jobs
             * @example inference.batch
             */
            type: string;
            /**
             * @description Cron pattern; null for an interval
             * @example 0 2 * * *
             */
            cron: string | null;
            /**
             * @description Interval, in ms; null for a cron pattern
             * @example null
             */
            interval_ms: number | null;
            /**
             * @description Time zone of the cron pattern
             * @example Europe/Berlin
             */
            time_zone: string;
            /**
             * @description What happens to a run while a job runs
             * @example skip
             */
            overlap: string;
            /** @description Purpose */
            note: string;
            /** @description Principal that defined it: its jobs are started with its capabilities */
            principal: string;
            /** @description Next due time; null while there is none, RFC 3339 */
            next_due_at: string | null;
            /** @description Due times that wait for their run, of the buffer and of backfills */
            waiting: number;
            /**
             * @description The pause by a command; null without one
             * @example null
             */
            pause: {
                /** @description Why it was paused */
                reason: string;
                /** @description Principal that paused it */
                paused_by: string;
            } | null;
            /** @description Time at which it was created, RFC 3339 */
            created_at: string | null;
            /** @description Time of the latest change, RFC 3339 */
            updated_at: string | null;
            job: components["schemas"]["ScheduleJob"];
            /** @description A due time of the interval, RFC 3339 */
            anchor: string;
            /** @description Longest time by which a missed run is late and still made, in ms */
            catch_up_ms: number;
            /** @description Upper bound of the delay of a run, in ms */
            jitter_ms: number;
            /** @description Earliest due time, RFC 3339 */
            starts_at: string | null;
            /** @description Time before which all due times are, RFC 3339 */
            ends_at: string | null;
            /**
             * @description Due times that are run; null for no bound
             * @example null
             */
            max_runs: number | null;
            /** @description True while it is paused */
            paused: boolean;
            /** @description Labels of its data */
            labels: string[];
            /**
             * @description Due times, RFC 3339, without the delay of `jitter_ms`
             * @example [
             *       "2026-03-01T01:00:00.000Z"
             *     ]
             */
            next_due_times: string[];
            /** @description Latest 10 runs; `/runs` has all */
            runs: components["schemas"]["ScheduleRun"][];
        };
        SchedulePreview: {
            /**
             * @description Due times, RFC 3339, without the delay of `jitter_ms`
             * @example [
             *       "2026-03-01T01:00:00.000Z"
             *     ]
             */
            due_times: string[];
        };
        ScheduleChanged: {
            /**
             * @description Name of the schedule
             * @example nightly-report
             */
            schedule_id: string;
            /**
             * @description What the command did
             * @enum {string}
             */
            status: "paused" | "resumed";
        };
        ScheduleTriggered: {
            /**
             * @description Name of the schedule
             * @example nightly-report
             */
            schedule_id: string;
            /**
             * @description Id of the job
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            job_id: string;
            /** @description Time of the run, RFC 3339 */
            due_at: string;
        };
        ScheduleBackfilled: {
            /**
             * @description Name of the schedule
             * @example nightly-report
             */
            schedule_id: string;
            /**
             * @description Due times that wait for their runs now, at most 1000; those that waited before are not among them
             * @example [
             *       "2026-03-01T01:00:00.000Z"
             *     ]
             */
            due_times: string[];
        };
        /** @description The command is in the log and has no outcome yet */
        SchedulePending: {
            /**
             * @description Name of the schedule
             * @example nightly-report
             */
            schedule_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        ToolPending: {
            /**
             * @description Name of the tool
             * @example weather
             */
            tool: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        ToolCallPending: {
            /**
             * @description Id of the call
             * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
             */
            call_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        TemplateSummary: {
            /**
             * @description Name: `<namespace>.<name>` of the document
             * @example examples.greeting
             */
            template: string;
            /**
             * @description Version of the document
             * @example 1.0.0
             */
            version: string;
            /** @description sha256 of the canonical document, hex */
            digest: string;
            /**
             * @description Who imported it
             * @example user:ana
             */
            imported_by: string;
            /**
             * @description Time of the latest import, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            changed_at: string;
        };
        TemplatePage: {
            /** @description Items of the page */
            items: components["schemas"]["TemplateSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        TemplateVersion: {
            /**
             * @description Name: `<namespace>.<name>` of the document
             * @example examples.greeting
             */
            template: string;
            /**
             * @description Version of the document
             * @example 1.0.0
             */
            version: string;
            /** @description sha256 of the canonical document, hex */
            digest: string;
            /**
             * @description Install of the capsule that it came from; null for a document of the caller
             * @example null
             */
            install: string | null;
            /**
             * @description Who imported it
             * @example user:ana
             */
            imported_by: string;
            /**
             * @description Time of the first import, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            imported_at: string;
        };
        TemplateVersionPage: {
            /** @description Items of the page */
            items: components["schemas"]["TemplateVersion"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        Template: {
            /**
             * @description Name: `<namespace>.<name>` of the document
             * @example examples.greeting
             */
            template: string;
            /**
             * @description Version of the document
             * @example 1.0.0
             */
            version: string;
            /** @description sha256 of the canonical document, hex */
            digest: string;
            /**
             * @description Install of the capsule that it came from; null for a document of the caller
             * @example null
             */
            install: string | null;
            /**
             * @description Who imported it
             * @example user:ana
             */
            imported_by: string;
            /**
             * @description Time of the first import, RFC 3339
             * @example 2026-02-01T09:00:00.000Z
             */
            imported_at: string;
            /**
             * @description The document
             * @example {
             *       "document": {
             *         "dsl": "1.0.3",
             *         "namespace": "examples",
             *         "name": "greeting",
             *         "version": "0.1.0"
             *       },
             *       "do": [
             *         {
             *           "greet": {
             *             "set": {
             *               "text": "Hello"
             *             }
             *           }
             *         }
             *       ]
             *     }
             */
            document: unknown;
        };
        TemplateImported: {
            /**
             * @description Name: `<namespace>.<name>` of the document
             * @example examples.greeting
             */
            template: string;
            /**
             * @description Version of the document
             * @example 1.0.0
             */
            version: string;
            /** @description sha256 of the canonical document, hex */
            digest: string;
            /**
             * @description Install of the capsule that it came from; null for a document of the caller
             * @example null
             */
            install: string | null;
        };
        /**
         * @description Most that a run may use: a call whose worst case does not fit is refused
         * @example {
         *       "calls": 50,
         *       "tokens": 20000,
         *       "cost": "0.50"
         *     }
         */
        WorkflowBudget: {
            /** @description Most calls of tools, models, agents and jobs */
            calls?: number;
            /** @description Most tokens of models and agents */
            tokens?: number;
            /** @description Most cost of models and agents, in the currency of the platform */
            cost?: string;
        };
        WorkflowRunStarted: {
            /**
             * @description Id of the run
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            run_id: string;
            /**
             * @description What the job does, or how it ended
             * @enum {string}
             */
            status: "queued" | "running" | "waiting" | "paused" | "suspended" | "completed" | "failed" | "dead" | "cancelled";
            /**
             * @description URL of the run
             * @example /v1/runs/4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            url: string;
            /** @description Decision that allowed the start */
            decision_id: string;
        };
        WorkflowRunSummary: {
            /**
             * @description Id of the run
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            run_id: string;
            /**
             * @description Template that it started from; null for a run of a document
             * @example examples.greeting
             */
            template: string | null;
            /**
             * @description What the job does, or how it ended
             * @enum {string}
             */
            status: "queued" | "running" | "waiting" | "paused" | "suspended" | "completed" | "failed" | "dead" | "cancelled";
            /**
             * @description Stable code of its failure
             * @example null
             */
            code: string | null;
            /** @description Time of the start, RFC 3339 */
            created_at: string | null;
            /** @description Time of the end, RFC 3339 */
            ended_at: string | null;
        };
        WorkflowRunPage: {
            /** @description Items of the page */
            items: components["schemas"]["WorkflowRunSummary"][];
            /** @description `cursor` of the next page; null on the last page */
            next_cursor: string | null;
        };
        WorkflowNode: {
            /**
             * @description JSON pointer of the task in the document
             * @example /do/0/greet
             */
            at: string;
            /**
             * @description Name of the task
             * @example greet
             */
            name: string;
            /**
             * @description Kind of the task
             * @example call
             * @enum {string}
             */
            kind: "call" | "fork" | "for" | "switch" | "try" | "raise" | "set" | "wait" | "listen" | "emit" | "run" | "do";
            /**
             * @description Tasks around it
             * @example 0
             */
            depth: number;
            /**
             * @description `none`: no step of it is known, as of a task that asks for nothing. `in_review`: a person is to approve its input
             * @example completed
             * @enum {string}
             */
            state: "none" | "in_review" | "running" | "completed" | "failed";
            /**
             * @description Steps of it, such as the iterations of a loop
             * @example 1
             */
            steps: number;
            /**
             * @description Steps that have completed
             * @example 1
             */
            completed: number;
            /**
             * @description Attempts of all steps
             * @example 1
             */
            attempts: number;
            /**
             * @description Code of its latest failure
             * @example null
             */
            code: string | null;
            /**
             * @description What it has used, with what is in it: calls, tokens of models and agents, and their cost
             * @example {
             *       "calls": 1,
             *       "tokens": 40,
             *       "cost": "0.000008000"
             *     }
             */
            used: {
                calls: number;
                tokens: number;
                cost: string;
            };
            /**
             * @description Most that it may use, with what is in it
             * @example null
             */
            budget: components["schemas"]["WorkflowBudget"] | null;
            /**
             * @description Reviews that it waits for, with what is to be approved
             * @example []
             */
            reviews: {
                review_id: string;
                input: unknown;
            }[];
            /** @description Time at which its first step began, RFC 3339 */
            started_at: string | null;
            /** @description Time at which its last step ended, RFC 3339 */
            ended_at: string | null;
        };
        /** @description A worst case; null where nothing bounds it */
        WorkflowWorstCase: {
            /**
             * @description Most calls
             * @example 3
             */
            calls: number | null;
            /**
             * @description Most tokens of models and agents
             * @example 6000
             */
            tokens: number | null;
            /**
             * @description Most cost, a decimal
             * @example 0.006000000
             */
            cost: string | null;
        };
        PlannedNode: {
            /**
             * @description JSON pointer of a task
             * @example /do/0/ask
             */
            at: string;
            name: string;
            /** @enum {string} */
            kind: "call" | "fork" | "for" | "switch" | "try" | "raise" | "set" | "wait" | "listen" | "emit" | "run" | "do";
            /**
             * @description Tool, agent, model or type of jobs
             * @example weather
             */
            target: string | null;
            /**
             * @description Capability that it takes
             * @example tool:execute:weather
             */
            needs: string | null;
            /** @description Most times that it runs; null where nothing bounds it */
            times_max: number | null;
            /** @description Worst case of all of them; null for what calls nothing */
            worst: components["schemas"]["WorkflowWorstCase"] | null;
        };
        WorkflowPlan: {
            /**
             * @description Name: `<namespace>.<name>` of the document
             * @example examples.greeting
             */
            template: string;
            /**
             * @description Version of the document
             * @example 1.0.0
             */
            version: string;
            /** @description sha256 of the canonical document, hex */
            digest: string;
            nodes: components["schemas"]["PlannedNode"][];
            /** @description The longest chain of nodes that wait for each other */
            critical_path: string[];
            /** @description True when a task leads back: the path is that of one pass */
            loops: boolean;
            /** @description Nodes whose target an expression gives */
            open: string[];
            /**
             * @description Every capability that a run takes
             * @example [
             *       "jobs:start:workflow.run"
             *     ]
             */
            capabilities: string[];
            /** @description Worst case of the run */
            worst: components["schemas"]["WorkflowWorstCase"];
            /**
             * @description What would be refused now; the start itself has an empty pointer
             * @example []
             */
            refusals: {
                /**
                 * @description JSON pointer of a task
                 * @example /do/0/ask
                 */
                at: string;
                code: string;
                detail: string;
            }[];
        };
        WorkflowReviewDecided: {
            /**
             * @description Id of the run
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            run_id: string;
            review_id: string;
            /** @enum {string} */
            outcome: "approve" | "reject";
        };
        WorkflowRun: {
            /**
             * @description Id of the run
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            run_id: string;
            /**
             * @description Template that it started from; null for a run of a document
             * @example examples.greeting
             */
            template: string | null;
            /**
             * @description What the job does, or how it ended
             * @enum {string}
             */
            status: "queued" | "running" | "waiting" | "paused" | "suspended" | "completed" | "failed" | "dead" | "cancelled";
            /**
             * @description Stable code of its failure
             * @example null
             */
            code: string | null;
            /** @description Time of the start, RFC 3339 */
            created_at: string | null;
            /** @description Time of the end, RFC 3339 */
            ended_at: string | null;
            /**
             * @description The document
             * @example {
             *       "document": {
             *         "dsl": "1.0.3",
             *         "namespace": "examples",
             *         "name": "greeting",
             *         "version": "0.1.0"
             *       },
             *       "do": [
             *         {
             *           "greet": {
             *             "set": {
             *               "text": "Hello"
             *             }
             *           }
             *         }
             *       ]
             *     }
             */
            document: unknown;
            /** @description Tasks in the order of the document */
            nodes: components["schemas"]["WorkflowNode"][];
            /**
             * @description Which task leads to which, among the tasks of a list; by their pointers
             * @example [
             *       {
             *         "from": "/do/0/a",
             *         "to": "/do/1/b"
             *       }
             *     ]
             */
            edges: {
                from: string;
                to: string;
            }[];
            /**
             * @description What the whole run has used
             * @example {
             *       "calls": 1,
             *       "tokens": 40,
             *       "cost": "0.000008000"
             *     }
             */
            used: {
                calls: number;
                tokens: number;
                cost: string;
            };
            /**
             * @description Steps that the states are of: at most 5,000
             * @example 3
             */
            steps_shown: number;
        };
        /** @description The command is in the log and has no outcome yet */
        TemplatePending: {
            /**
             * @description Name: `<namespace>.<name>` of the document
             * @example examples.greeting
             */
            template: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description The command is in the log and has no outcome yet */
        WorkflowRunPending: {
            /**
             * @description Id of the run
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            run_id: string;
            /**
             * @description Always `pending`
             * @constant
             */
            status: "pending";
            /** @description Id of the command: `GET /v1/audit?command_id=` lists the events that it led to */
            command_id: string;
            /** @description Repeat the request with this `Idempotency-Key` to get the outcome of the command */
            idempotency_key: string;
        };
        /** @description An error in the envelope of the OpenAI API */
        OpenAiError: {
            error: {
                /** @description Explanation of this occurrence */
                message: string;
                /**
                 * @description Kind of the error in the words of the OpenAI API
                 * @example policy_denied
                 */
                type: string;
                /** @description The parameter that is not valid */
                param: string | null;
                /**
                 * @description Stable code for programs
                 * @example POLICY_DENIED
                 */
                code: string;
                /** @description Id of the request, also in `X-Request-Id` */
                request_id: string;
            } & {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "id": "4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c02",
         *       "object": "batch",
         *       "endpoint": "/v1/chat/completions",
         *       "errors": null,
         *       "input_file_id": "4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01",
         *       "completion_window": "24h",
         *       "status": "completed",
         *       "output_file_id": "4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c03",
         *       "error_file_id": null,
         *       "created_at": 1795944600,
         *       "in_progress_at": 1795944601,
         *       "expires_at": 1796031000,
         *       "finalizing_at": null,
         *       "completed_at": 1795944660,
         *       "failed_at": null,
         *       "expired_at": null,
         *       "cancelling_at": null,
         *       "cancelled_at": null,
         *       "request_counts": {
         *         "total": 300,
         *         "completed": 300,
         *         "failed": 0
         *       },
         *       "metadata": {
         *         "team": "cords"
         *       }
         *     }
         */
        Batch: {
            /** @description Also the id of its job */
            id: string;
            /** @constant */
            object: "batch";
            endpoint: string;
            /** @description Why the whole batch failed; requests that failed are in the error file */
            errors: {
                /** @constant */
                object: "list";
                data: {
                    code: string;
                    message: string;
                    param: null;
                    /** @description Line of the input file */
                    line: number | null;
                }[];
            } | null;
            input_file_id: string;
            /** @constant */
            completion_window: "24h";
            /** @enum {string} */
            status: "validating" | "in_progress" | "completed" | "failed" | "expired" | "cancelling" | "cancelled";
            output_file_id: string | null;
            error_file_id: string | null;
            /** @description Seconds since 1970 */
            created_at: number;
            /** @description Seconds since 1970 */
            in_progress_at: number | null;
            /** @description Seconds since 1970 */
            expires_at: number | null;
            /** @description Seconds since 1970 */
            finalizing_at: number | null;
            /** @description Seconds since 1970 */
            completed_at: number | null;
            /** @description Seconds since 1970 */
            failed_at: number | null;
            /** @description Seconds since 1970 */
            expired_at: number | null;
            /** @description Seconds since 1970 */
            cancelling_at: number | null;
            /** @description Seconds since 1970 */
            cancelled_at: number | null;
            /** @description The counts grow with each part of 50 requests */
            request_counts: {
                total: number;
                completed: number;
                failed: number;
            };
            metadata: {
                [key: string]: string;
            } | null;
        };
        BatchList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Batch"][];
            /** @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01 */
            first_id: string | null;
            /**
             * @description `after` of the next page
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            last_id: string | null;
            has_more: boolean;
        };
        ChatToolCall: {
            id: string;
            /** @constant */
            type: "function";
            function: {
                /** @example get_weather */
                name: string;
                /**
                 * @description The arguments, as JSON text
                 * @example {"city":"Cusco"}
                 */
                arguments: string;
            };
        };
        /** @description Tokens of the request */
        CompletionUsage: {
            prompt_tokens: number;
            completion_tokens: number;
            total_tokens: number;
        };
        ChatCompletion: {
            /** @description `chatcmpl-` and the id of the session */
            id: string;
            /** @constant */
            object: "chat.completion";
            /** @description Time of the request, seconds since 1970 */
            created: number;
            model: string;
            choices: {
                index: number;
                message: {
                    /** @constant */
                    role: "assistant";
                    /** @description Null for an answer that only asks for tools */
                    content: string | null;
                    /**
                     * @description Why moderation cut the answer; null for a whole one
                     * @example null
                     */
                    refusal: string | null;
                    /** @description Calls that the client is to make */
                    tool_calls?: components["schemas"]["ChatToolCall"][];
                };
                logprobs: null;
                /** @enum {string} */
                finish_reason: "stop" | "length" | "tool_calls" | "content_filter";
            }[];
            usage: components["schemas"]["CompletionUsage"];
        };
        /**
         * @description A message, a call of a tool, or the result of one
         * @example {
         *       "id": "msg_4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01",
         *       "type": "message",
         *       "status": "completed",
         *       "role": "user",
         *       "content": [
         *         {
         *           "type": "input_text",
         *           "text": "What is a khipu?"
         *         }
         *       ]
         *     }
         */
        ResponseItem: {
            id: string;
            /** @enum {string} */
            type: "message" | "function_call" | "function_call_output";
        } & {
            [key: string]: unknown;
        };
        ResponseItemList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["ResponseItem"][];
            /** @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01 */
            first_id: string | null;
            /**
             * @description `after` of the next page
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            last_id: string | null;
            has_more: boolean;
        };
        /**
         * @example {
         *       "id": "resp_4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01",
         *       "object": "response",
         *       "status": "completed",
         *       "created_at": 1795944600,
         *       "completed_at": 1795944601,
         *       "background": false,
         *       "error": null,
         *       "incomplete_details": null,
         *       "instructions": null,
         *       "max_output_tokens": null,
         *       "model": "default",
         *       "output": [
         *         {
         *           "id": "msg_4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01",
         *           "type": "message",
         *           "status": "completed",
         *           "role": "assistant",
         *           "content": [
         *             {
         *               "type": "output_text",
         *               "text": "A khipu is a record made of knotted cords.",
         *               "annotations": [],
         *               "logprobs": []
         *             }
         *           ]
         *         }
         *       ],
         *       "parallel_tool_calls": true,
         *       "previous_response_id": null,
         *       "conversation": null,
         *       "store": true,
         *       "reasoning": {
         *         "effort": null,
         *         "summary": null
         *       },
         *       "temperature": null,
         *       "text": {
         *         "format": {
         *           "type": "text"
         *         }
         *       },
         *       "tool_choice": "auto",
         *       "tools": [],
         *       "top_p": null,
         *       "truncation": "disabled",
         *       "user": null,
         *       "metadata": {},
         *       "usage": {
         *         "input_tokens": 5,
         *         "input_tokens_details": {
         *           "cached_tokens": 0
         *         },
         *         "output_tokens": 12,
         *         "output_tokens_details": {
         *           "reasoning_tokens": 0
         *         },
         *         "total_tokens": 17
         *       }
         *     }
         */
        Response: {
            /** @description `resp_` and the id of the turn */
            id: string;
            /** @constant */
            object: "response";
            created_at: number;
            completed_at: number | null;
            /** @enum {string} */
            status: "queued" | "in_progress" | "completed" | "incomplete" | "failed" | "cancelled";
            background: boolean;
            error: {
                code: string;
                message: string;
            } | null;
            incomplete_details: {
                reason: string;
            } | null;
            instructions: string | null;
            max_output_tokens: number | null;
            model: string;
            output: components["schemas"]["ResponseItem"][];
            parallel_tool_calls: boolean;
            previous_response_id: string | null;
            conversation: {
                id: string;
            } | null;
            reasoning: {
                effort: null;
                summary: null;
            };
            store: boolean;
            temperature: number | null;
            text: {
                [key: string]: unknown;
            };
            tool_choice: unknown;
            tools: {
                [key: string]: unknown;
            }[];
            top_p: number | null;
            /** @constant */
            truncation: "disabled";
            usage: {
                input_tokens: number;
                input_tokens_details: {
                    cached_tokens: number;
                };
                output_tokens: number;
                output_tokens_details: {
                    reasoning_tokens: number;
                };
                total_tokens: number;
            } | null;
            user: string | null;
            metadata: {
                [key: string]: string;
            };
        };
        Conversation: {
            /** @description `conv_` and the id of the session */
            id: string;
            /** @constant */
            object: "conversation";
            created_at: number;
            metadata: {
                [key: string]: string;
            };
        };
        EmbeddingList: {
            /** @constant */
            object: "list";
            data: {
                /** @constant */
                object: "embedding";
                index: number;
                embedding: number[] | string;
            }[];
            model: string;
            usage: {
                prompt_tokens: number;
                total_tokens: number;
            };
        };
        /**
         * @example {
         *       "id": "4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01",
         *       "object": "file",
         *       "bytes": 120,
         *       "created_at": 1795944600,
         *       "filename": "requests.jsonl",
         *       "purpose": "batch",
         *       "status": "processed"
         *     }
         */
        File: {
            id: string;
            /** @constant */
            object: "file";
            /** @description Size of the content */
            bytes: number;
            /** @description Seconds since 1970 */
            created_at: number;
            filename: string;
            /** @example batch */
            purpose: string;
            /** @constant */
            status: "processed";
        };
        FileDeleted: {
            /** @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01 */
            id: string;
            /** @constant */
            object: "file";
            /** @constant */
            deleted: true;
        };
        FileList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["File"][];
            /** @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01 */
            first_id: string | null;
            /**
             * @description `after` of the next page
             * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
             */
            last_id: string | null;
            has_more: boolean;
        };
        Model: {
            /** @description Name of the model */
            id: string;
            /** @constant */
            object: "model";
            /** @description Always 0: the registry keeps no dates */
            created: number;
            /** @description Provider of the model; the first of several */
            owned_by: string;
        };
        ModelList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Model"][];
        };
        ModerationResult: {
            /** @description True when a category is true: a prompt with this text would be refused */
            flagged: boolean;
            /** @description By id of the rule of the constitution: true when a moderation rule that forbids finds something */
            categories: {
                [key: string]: boolean;
            };
            /** @description The score of the finding, from 0 to 1: 1 for a pattern or a check digit. Half of it for a rule of caution, which lowers the score of a prompt; label rules are never flagged */
            category_scores: {
                [key: string]: number;
            };
            category_applied_input_types: {
                [key: string]: "text"[];
            };
        };
        Moderation: {
            /** @description `modr-` and the id of the request */
            id: string;
            /** @description `constitution-` and the version of the constitution whose rules were applied */
            model: string;
            /** @description One result per text, in the order of the input */
            results: components["schemas"]["ModerationResult"][];
        };
        /**
         * @example {
         *       "ok": true,
         *       "parts": {
         *         "kafka": {
         *           "ok": true,
         *           "detail": "answers"
         *         }
         *       }
         *     }
         */
        Ready: {
            /** @description True when all dependencies are ready */
            ok: boolean;
            /** @description Dependencies by name */
            parts: {
                [key: string]: {
                    ok: boolean;
                    detail: string;
                };
            };
        };
        ResponseDeleted: {
            id: string;
            /** @constant */
            object: "response";
            /** @constant */
            deleted: true;
        };
        ConversationDeleted: {
            id: string;
            /** @constant */
            object: "conversation.deleted";
            /** @constant */
            deleted: true;
        };
        JwkSet: {
            keys: ({
                kty: string;
                kid: string;
            } & {
                [key: string]: unknown;
            })[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    startSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartSession"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionStarted"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submitTurn: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Id of the session */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubmitTurn"];
            };
        };
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TurnAccepted"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    narrowToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the session */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NarrowToken"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createStreamTicket: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the session */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamTicket"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of the session */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    traceSession: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of the session */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionTrace"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    inferSync: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Infer"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inferred"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InferencePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    embed: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Embed"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Embedded"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbeddingPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSlmRequest: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the request */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inferred"] | components["schemas"]["Embedded"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    slmHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlmHealth"];
                };
            };
            /** @description Not ready; the body gives the reason */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlmHealth"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tryPolicy: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TryPolicy"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trial"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConstitutions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionList"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposeConstitution: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProposeConstitution"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConstitution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example 1.0.0 */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffConstitution: {
        parameters: {
            query?: {
                /** @description Version to compare with; default: the active one */
                against?: string;
            };
            header?: never;
            path: {
                /** @example 1.0.0 */
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionDiff"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listShadowDifferences: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShadowDifferences"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviewConstitution: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @example 1.0.0 */
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewConstitution"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signConstitution: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @example 1.0.0 */
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignConstitution"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignaturePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    activateConstitution: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivateConstitution"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveConstitution"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivationPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    shadowConstitution: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShadowConstitution"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShadowOfConstitution"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShadowPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKillSwitches: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitchList"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setKillSwitch: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetKillSwitch"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitch"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitchReleaseProposed"] | components["schemas"]["KillSwitchPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeTokens: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeTokens"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokensRevoked"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevocationPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTenants: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTenant"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example acme */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /** @example acme */
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeTenant"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRoles: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRole: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRole"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRole: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: never;
            path: {
                /** @example reader */
                role: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeRole: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /** @example reader */
                role: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeRole"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeRole: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /** @example reader */
                role: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Removed */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUser: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateUser"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUser: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: never;
            path: {
                /** @example ana */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeUser: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /** @example ana */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePrincipal"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeUser: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /** @example ana */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Removed */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listServiceAccounts: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccountPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createServiceAccount: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateServiceAccount"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getServiceAccount: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: never;
            path: {
                /** @example search */
                service_account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeServiceAccount: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /** @example search */
                service_account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePrincipal"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeServiceAccount: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /** @example search */
                service_account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Removed */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithText"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getApiKey: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description This gateway refuses the key */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateApiKey: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateApiKey"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithText"] | components["schemas"]["ApiKey"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotationPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPersonas: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the persona; the caller's own by default. Another one requires `personas:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
                /** @description `any`: the persona that the tenant uses by the name, its own or that of the platform. `tenant` or `platform`: of that one alone */
                scope?: "any" | "tenant" | "platform";
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonaPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPersona: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the persona; the caller's own by default. Another one requires `personas:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
                /** @description `any`: the persona that the tenant uses by the name, its own or that of the platform. `tenant` or `platform`: of that one alone */
                scope?: "any" | "tenant" | "platform";
            };
            header?: never;
            path: {
                /**
                 * @description Name of the persona
                 * @example clerk
                 */
                persona: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Persona"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putPersona: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the persona; the caller's own by default. Another one requires `personas:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
                /** @description Whose persona to write. `platform`, which every tenant may use, requires `personas:manage:*` */
                scope?: "tenant" | "platform";
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Name of the persona
                 * @example clerk
                 */
                persona: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutPersona"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Persona"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Persona"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removePersona: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the persona; the caller's own by default. Another one requires `personas:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
                /** @description Whose persona to write. `platform`, which every tenant may use, requires `personas:manage:*` */
                scope?: "tenant" | "platform";
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Name of the persona
                 * @example clerk
                 */
                persona: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Removed */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBudgets: {
        parameters: {
            query?: {
                /**
                 * @description Tenant of the resource; the caller's own by default. Another one requires `identity:manage:<tenant>`
                 * @example acme
                 */
                tenant?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budgets"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartJob"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStarted"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startJobAlias: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartJob"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStarted"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startJobs: {
        parameters: {
            query?: {
                /** @description Only with NDJSON, and required there: type of the jobs */
                type?: string;
                /** @description Only with NDJSON: lane of the jobs */
                lane?: "interactive" | "standard" | "batch";
                /** @description Only with NDJSON: labels of the data, comma-separated */
                labels?: string;
            };
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartJobs"];
            };
        };
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobsStarted"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    actOnJobs: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActOnJobs"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkDryRun"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobsActedOn"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forkJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForkJob"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStarted"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelJob"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobChanged"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseJob"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobChanged"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeJob"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobChanged"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RetryJob"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobChanged"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signalJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
                /** @description Name of the signal, as the handler gives it */
                signal: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignalJob"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobChanged"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: {
                /** @description Time of the state, RFC 3339, `id` of an event of its stream, or `Khipu-Position` of an answer about this job; now when omitted */
                as_of?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobAlias: {
        parameters: {
            query?: {
                /** @description Time of the state, RFC 3339, `id` of an event of its stream, or `Khipu-Position` of an answer about this job; now when omitted */
                as_of?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobSteps: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobStepPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamJob: {
        parameters: {
            query?: {
                /** @description As `Last-Event-ID`, which counts when both are sent */
                last_event_id?: string;
                /** @description Keep the stream open after the job has ended */
                follow?: string;
            };
            header?: {
                /** @description `id` of the last event that the client has */
                "last-event-id"?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The job has ended and the client has all of its events */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobResult: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
                /** @description `wait=<seconds>` waits for the end (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobResult"];
                };
            };
            /** @description Not ended yet */
            202: {
                headers: {
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobUnfinished"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobContent: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of the job */
                job_id: string;
                /** @description sha256 of the content, hex */
                content_digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The JSON */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description Only jobs with this status */
                status?: "queued" | "running" | "waiting" | "paused" | "suspended" | "completed" | "failed" | "dead" | "cancelled";
                /**
                 * @description Only jobs of this type
                 * @example inference.batch
                 */
                type?: string;
                /**
                 * @description Only jobs with this tag
                 * @example customer-42
                 */
                tag?: string;
                /** @description Only jobs of this schedule */
                schedule_id?: string;
                /** @description Only jobs started at this time or later, RFC 3339 */
                created_from?: string;
                /** @description Only jobs started before this time, RFC 3339 */
                created_before?: string;
                /** @description Only children of this job */
                parent_id?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobTypeList"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewSchedule"];
            };
        };
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePreview"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSchedule: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Name of the schedule
                 * @example nightly-report
                 */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Name of the schedule
                 * @example nightly-report
                 */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutSchedule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleDefined"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleDefined"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the schedule
                 * @example nightly-report
                 */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePending"];
                };
            };
            /** @description Removed */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the schedule
                 * @example nightly-report
                 */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PauseSchedule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleChanged"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the schedule
                 * @example nightly-report
                 */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResumeSchedule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleChanged"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    triggerSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the schedule
                 * @example nightly-report
                 */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TriggerSchedule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleTriggered"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    backfillSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the schedule
                 * @example nightly-report
                 */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BackfillSchedule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleBackfilled"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listScheduleRuns: {
        parameters: {
            query?: {
                /** @description Only runs with this status */
                status?: "buffered" | "running" | "skipped" | "completed" | "failed" | "cancelled" | "refused" | "ended";
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Name of the schedule
                 * @example nightly-report
                 */
                schedule_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleRunPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Only schedules that are paused, or are not: `active` has the finished ones, too */
                status?: "active" | "paused";
                /**
                 * @description Only schedules of this type of jobs
                 * @example inference.batch
                 */
                type?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTools: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the tool
                 * @example weather
                 */
                tool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putTool: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Name of the tool
                 * @example weather
                 */
                tool: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutTool"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeTool: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Name of the tool
                 * @example weather
                 */
                tool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolPending"];
                };
            };
            /** @description Removed */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listToolVersions: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Name of the tool
                 * @example weather
                 */
                tool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolVersionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    executeTool: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the tool
                 * @example weather
                 */
                tool: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExecuteTool"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolCallEnded"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolCallWaiting"] | components["schemas"]["ToolCallPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connectTools: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectTools"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolCallEnded"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolCallPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkTool: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the tool
                 * @example weather
                 */
                tool: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckTool"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolCallEnded"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolCallPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getToolHealth: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Name of the tool
                 * @example weather
                 */
                tool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolHealth"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    auditTool: {
        parameters: {
            query?: {
                /** @description Only calls with this status */
                status?: "waiting" | "requested" | "started" | "succeeded" | "failed" | "unknown" | "refused";
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Name of the tool
                 * @example weather
                 */
                tool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolCallPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getToolCall: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Id of the call
                 * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
                 */
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolCall"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getToolCallOutput: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Id of the call
                 * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
                 */
                call_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The JSON */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAgentRuns: {
        parameters: {
            query?: {
                /** @description Only runs with this status */
                status?: "running" | "completed" | "failed" | "cancelled" | "refused";
                /** @description Only runs of this agent */
                agent?: string;
                /** @description Only runs that this run handed off to */
                parent_id?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startAgentRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartAgentRun"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunStarted"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forkAgentRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Id of the run
                 * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
                 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForkAgentRun"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunStarted"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelAgentRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Id of the run
                 * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
                 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelAgentRun"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunCancelled"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAgentRun: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Id of the run
                 * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
                 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRun"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamAgentRun: {
        parameters: {
            query?: {
                /** @description As `Last-Event-ID`, which counts when both are sent */
                last_event_id?: string;
            };
            header?: {
                /** @description `id` of the last event that the client has */
                "last-event-id"?: string;
            };
            path: {
                /**
                 * @description Id of the run
                 * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
                 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The run has ended and the client has all of its events */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAgentRunResult: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
                /** @description `wait=<seconds>` waits for the end (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Id of the run
                 * @example 7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
                 */
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunResult"];
                };
            };
            /** @description Not ended yet */
            202: {
                headers: {
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunUnfinished"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description Only approvals with this status */
                status?: "waiting" | "granted" | "rejected" | "expired";
                /**
                 * @description Only approvals of calls of this tool
                 * @example pay
                 */
                tool?: string;
                /** @description Only approvals that the caller may decide on now */
                mine?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getApproval: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Id of the approval: that of its call
                 * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
                 */
                approval_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideApproval: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Id of the approval: that of its call
                 * @example 3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11
                 */
                approval_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideApproval"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalDecided"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApprovalGrants: {
        parameters: {
            query?: {
                /** @description Only grants with this status */
                status?: "active" | "ended";
                /**
                 * @description Only grants for this tool
                 * @example pay
                 */
                tool?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApprovalGrantPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApprovalGrant: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Id of the grant
                 * @example 8c0a7f52-1d0e-5b3a-9f5e-2b6d0c4e7a19
                 */
                grant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description Revoked */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remember: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Remember"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Remembered"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMemories: {
        parameters: {
            query?: {
                /**
                 * @description Space of memories, by a name in the tenant. Default: `session.<session id>` for a session, else `shared`
                 * @example shared
                 */
                space?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createMemory: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Remember"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Remembered"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recall: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Recall"];
            };
        };
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recalled"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retrieveMemories: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Retrieve"];
            };
        };
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retrieved"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    linkMemories: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkMemories"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryLink"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forgetMemory: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Id of the memory
                 * @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44
                 */
                memory_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgetMemory"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryForgotten"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMemory: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Id of the memory
                 * @example 6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44
                 */
                memory_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryDetail"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMemoryPersona: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the persona
                 * @example clerk
                 */
                persona: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryPersona"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUsage: {
        parameters: {
            query?: {
                /**
                 * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
                 * @example demo
                 */
                payer?: string;
                /** @description First day, in UTC; default: the first of the month */
                from?: string;
                /** @description Last day, in UTC; default: today */
                until?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    whatIfBilling: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BillingWhatIf"];
            };
        };
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BillingWhatIfResult"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPrices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prices"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setPrices: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPrices"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PriceVersion"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLedgerAccounts: {
        parameters: {
            query?: {
                /**
                 * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
                 * @example demo
                 */
                payer?: string;
                /** @description Time in the log, RFC 3339, or the `position` of a transaction; default: now */
                as_of?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerAccounts"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLedgerAccount: {
        parameters: {
            query?: {
                /**
                 * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
                 * @example demo
                 */
                payer?: string;
                /** @description Time in the log, RFC 3339, or the `position` of a transaction; default: now */
                as_of?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Account: `tenant:<id>:payable`, `platform:revenue` or `publisher:<id>:payable`
                 * @example platform:revenue
                 */
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerAccount"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLedgerTransactions: {
        parameters: {
            query?: {
                /**
                 * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
                 * @example demo
                 */
                payer?: string;
                /** @description Time in the log, RFC 3339, or the `position` of a transaction; default: now */
                as_of?: string;
                /**
                 * @description Account: `tenant:<id>:payable`, `platform:revenue` or `publisher:<id>:payable`
                 * @example platform:revenue
                 */
                account?: string;
                /** @description Only transactions of this charge */
                charge_id?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerTransactionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLedgerTransaction: {
        parameters: {
            query?: {
                /**
                 * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
                 * @example demo
                 */
                payer?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description The transaction */
                transaction_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LedgerTransaction"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    correctCharge: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectCharge"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorrectedCharge"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInvoice: {
        parameters: {
            query?: {
                /**
                 * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
                 * @example demo
                 */
                payer?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Month in UTC
                 * @example 2026-11
                 */
                period: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invoice"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInvoiceCsv: {
        parameters: {
            query?: {
                /**
                 * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
                 * @example demo
                 */
                payer?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Month in UTC
                 * @example 2026-11
                 */
                period: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInvoicePdf: {
        parameters: {
            query?: {
                /**
                 * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
                 * @example demo
                 */
                payer?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Month in UTC
                 * @example 2026-11
                 */
                period: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/pdf": unknown;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFocusCosts: {
        parameters: {
            query?: {
                /**
                 * @description Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`
                 * @example demo
                 */
                payer?: string;
                /**
                 * @description Month in UTC; default: this one
                 * @example 2026-11
                 */
                period?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPersonaAnalytics: {
        parameters: {
            query?: {
                /** @description Windows from this time on; default: a day before `until` */
                from?: string;
                /** @description Windows before this time; default: now */
                until?: string;
                /** @description Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one */
                window?: "1m" | "5m" | "1h" | "1d";
                /** @description Only this one */
                subject?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analytics"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getToolAnalytics: {
        parameters: {
            query?: {
                /** @description Windows from this time on; default: a day before `until` */
                from?: string;
                /** @description Windows before this time; default: now */
                until?: string;
                /** @description Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one */
                window?: "1m" | "5m" | "1h" | "1d";
                /** @description Only this one */
                subject?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analytics"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPolicyAnalytics: {
        parameters: {
            query?: {
                /** @description Windows from this time on; default: a day before `until` */
                from?: string;
                /** @description Windows before this time; default: now */
                until?: string;
                /** @description Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one */
                window?: "1m" | "5m" | "1h" | "1d";
                /** @description Only this one */
                subject?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analytics"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getModelAnalytics: {
        parameters: {
            query?: {
                /** @description Windows from this time on; default: a day before `until` */
                from?: string;
                /** @description Windows before this time; default: now */
                until?: string;
                /** @description Length of the windows, which begin at whole ones in UTC; omitted: the whole range as one */
                window?: "1m" | "5m" | "1h" | "1d";
                /** @description Only this one */
                subject?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analytics"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAnomalies: {
        parameters: {
            query?: {
                /** @description Only series of this metric */
                metric?: "tokens" | "calls" | "jobs" | "denials" | "mix" | "hosts";
                /**
                 * @description Only series of this subject; `*` for those of the whole tenant
                 * @example *
                 */
                subject?: string;
                /** @description Only anomalies of this rule */
                rule?: "level" | "drift" | "mix" | "host" | "denials";
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnomalyPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAnomalySeries: {
        parameters: {
            query?: {
                /** @description Hours from this time on; default: a week before `until` */
                from?: string;
                /** @description Hours before this time; default: now */
                until?: string;
                /** @description Only series of this metric */
                metric?: "tokens" | "calls" | "jobs" | "denials" | "mix" | "hosts";
                /**
                 * @description Only series of this subject; `*` for those of the whole tenant
                 * @example *
                 */
                subject?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnomalySeries"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAnomalySettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnomalySettingsList"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setAnomalySettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetAnomalySettings"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnomalySettings"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetAnomalySettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnomalySettings"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAnomaly: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description The anomaly
                 * @example 7f7c2a52-3c5e-5d0a-9a53-0c6a5f3c2b11
                 */
                anomaly_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Anomaly"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PublishCapsule"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishCapsuleAlias: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PublishCapsule"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCapsules: {
        parameters: {
            query?: {
                /**
                 * @description Words that the name, the description, the license or the keywords have
                 * @example research
                 */
                q?: string;
                /**
                 * @description State
                 * @example listed
                 */
                status?: "submitted" | "listed" | "rejected" | "yanked" | "revoked";
                /** @description Publishing tenant; default: the own one, for a state that is not public */
                publisher?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsulePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCapsulesAlias: {
        parameters: {
            query?: {
                /**
                 * @description Words that the name, the description, the license or the keywords have
                 * @example research
                 */
                q?: string;
                /**
                 * @description State
                 * @example listed
                 */
                status?: "submitted" | "listed" | "rejected" | "yanked" | "revoked";
                /** @description Publishing tenant; default: the own one, for a state that is not public */
                publisher?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsulePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCapsule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Publishing tenant
                 * @example demo
                 */
                publisher: string;
                /**
                 * @description Name of the capsule
                 * @example research-brief
                 */
                capsule: string;
                /**
                 * @description Version
                 * @example 1.0.0
                 */
                capsule_version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Publishing tenant
                 * @example demo
                 */
                publisher: string;
                /**
                 * @description Name of the capsule
                 * @example research-brief
                 */
                capsule: string;
                /**
                 * @description Version
                 * @example 1.0.0
                 */
                capsule_version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PublishCapsule"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    yankCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Publishing tenant
                 * @example demo
                 */
                publisher: string;
                /**
                 * @description Name of the capsule
                 * @example research-brief
                 */
                capsule: string;
                /**
                 * @description Version
                 * @example 1.0.0
                 */
                capsule_version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportCapsule: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Publishing tenant
                 * @example demo
                 */
                publisher: string;
                /**
                 * @description Name of the capsule
                 * @example research-brief
                 */
                capsule: string;
                /**
                 * @description Version
                 * @example 1.0.0
                 */
                capsule_version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleArchive"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reviewCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Publishing tenant
                 * @example demo
                 */
                publisher: string;
                /**
                 * @description Name of the capsule
                 * @example research-brief
                 */
                capsule: string;
                /**
                 * @description Version
                 * @example 1.0.0
                 */
                capsule_version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewCapsule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCapsuleAttestations: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Publishing tenant
                 * @example demo
                 */
                publisher: string;
                /**
                 * @description Name of the capsule
                 * @example research-brief
                 */
                capsule: string;
                /**
                 * @description Version
                 * @example 1.0.0
                 */
                capsule_version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleAttestationPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    attestCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Publishing tenant
                 * @example demo
                 */
                publisher: string;
                /**
                 * @description Name of the capsule
                 * @example research-brief
                 */
                capsule: string;
                /**
                 * @description Version
                 * @example 1.0.0
                 */
                capsule_version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AttestCapsule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Publishing tenant
                 * @example demo
                 */
                publisher: string;
                /**
                 * @description Name of the capsule
                 * @example research-brief
                 */
                capsule: string;
                /**
                 * @description Version
                 * @example 1.0.0
                 */
                capsule_version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeCapsule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsulePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCapsuleInstalls: {
        parameters: {
            query?: {
                /** @description Only installs with this status */
                status?: "installed" | "uninstalled";
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstallPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    installCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InstallCapsule"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstall"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstallPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCapsuleInstall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the install in the tenant
                 * @example research-brief
                 */
                install: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstall"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uninstallCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the install in the tenant
                 * @example research-brief
                 */
                install: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstall"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstallPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upgradeCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the install in the tenant
                 * @example research-brief
                 */
                install: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpgradeCapsule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstall"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstallPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollbackCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the install in the tenant
                 * @example research-brief
                 */
                install: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollbackCapsule"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstall"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CapsuleInstallPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runCapsule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the install in the tenant
                 * @example research-brief
                 */
                install: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunCapsule"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunStarted"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AgentRunPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGoldenSets: {
        parameters: {
            query?: {
                /**
                 * @description Only golden sets of this persona
                 * @example guide
                 */
                persona?: string;
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGoldenSet: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Name of the golden set
                 * @example clerk-basics
                 */
                golden_set: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSet"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putGoldenSet: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Name of the golden set
                 * @example clerk-basics
                 */
                golden_set: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutGoldenSet"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetSummary"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetSummary"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeGoldenSet: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
                /** @description ETag of the version to change, or `*` for any version; 412 when the resource has another version */
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Name of the golden set
                 * @example clerk-basics
                 */
                golden_set: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetPending"];
                };
            };
            /** @description Removed */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGoldenSetVersions: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Name of the golden set
                 * @example clerk-basics
                 */
                golden_set: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetVersionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getGoldenSetVersion: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Name of the golden set
                 * @example clerk-basics
                 */
                golden_set: string;
                /**
                 * @description Version of the golden set
                 * @example 1
                 */
                golden_version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetDocument"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addGoldenCase: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the golden set
                 * @example clerk-basics
                 */
                golden_set: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddGoldenCase"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    /** @description Version of the resource */
                    etag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetSummary"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setEvaluationBaseline: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /**
                 * @description Name of the golden set
                 * @example clerk-basics
                 */
                golden_set: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetBaseline"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetSummary"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GoldenSetPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvaluations: {
        parameters: {
            query?: {
                /**
                 * @description Only runs of this golden set
                 * @example clerk-basics
                 */
                golden_set?: string;
                /** @description Only runs with this verdict */
                verdict?: "pass" | "regress" | "improve" | "inconclusive";
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startEvaluation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartEvaluation"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationStarted"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvaluation: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Id of the run, which is a job
                 * @example 0b2f0e54-6d70-5b1c-9a3e-2f1d5c7a9b10
                 */
                evaluation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Evaluation"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importTemplate: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportTemplate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateImported"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplatePending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTemplates: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplatePage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTemplate: {
        parameters: {
            query?: {
                /** @description Version by its sha256; the current one when omitted */
                sha256?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Name of the template: `<namespace>.<name>` of its document */
                template: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeTemplate: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Name of the template: `<namespace>.<name>` of its document */
                template: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplatePending"];
                };
            };
            /** @description Removed */
            204: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTemplateVersions: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Name of the template: `<namespace>.<name>` of its document */
                template: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateVersionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    planTemplate: {
        parameters: {
            query?: {
                /** @description Version by its sha256; the current one when omitted */
                sha256?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Name of the template: `<namespace>.<name>` of its document */
                template: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowPlan"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startWorkflowRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Name of the template: `<namespace>.<name>` of its document */
                template: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartWorkflowRun"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    /** @description URL of the result */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowRunStarted"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowRunPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWorkflowRuns: {
        parameters: {
            query?: {
                /** @description Only runs of this template */
                template?: string;
                /** @description Only runs with this status */
                status?: "queued" | "running" | "waiting" | "paused" | "suspended" | "completed" | "failed" | "dead" | "cancelled";
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowRunPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWorkflowRun: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of the run, which is that of its job */
                workflow_run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowRun"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideWorkflowReview: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path: {
                /** @description Id of the run, which is that of its job */
                workflow_run_id: string;
                /** @description Id of the review: that of a node with its input */
                review_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecideWorkflowReview"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowReviewDecided"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowRunPending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessionEvents: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of the session */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Only records of this session */
                session_id?: string;
                /** @description Only records of the chain of this command, such as the `command_id` of a 202 */
                command_id?: string;
                /** @description Only records of events of these types, comma-separated: `TurnCompleted` or `khipu.conversation.TurnCompleted` */
                types?: string;
                /** @description `full` adds the event itself, with its fields, to each record */
                detail?: "summary" | "full";
                /** @description Maximum number of items */
                limit?: number;
                /** @description `next_cursor` of the previous page */
                cursor?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTopology: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Topology"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getActivity: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformActivity"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description Only letters of this topic */
                topic?: "sessions.commands" | "inference.commands" | "policy.decisions" | "policy.shadow" | "policy.questions" | "policy.answers" | "policy.classifier-questions" | "policy.classifier-answers" | "policy.trials" | "policy.simulations" | "policy.trial-results" | "sessions.events" | "conversation.events" | "conversation.deltas" | "conversation.commands" | "conversation.timers" | "inference.events" | "slm.requests" | "slm.responses" | "slm.metrics" | "constitution.events" | "constitution.commands" | "kill-switch.commands" | "kill-switch.events" | "revocations.commands" | "revocations.events" | "identity.commands" | "identity.events" | "budget.commands" | "budget.events" | "budget.leases" | "policy.memory" | "policy.timers" | "personas.commands" | "personas.events" | "audit.events" | "operations.commands" | "operations.events" | "operations.answers" | "jobs.commands" | "jobs.requests" | "jobs.controls" | "jobs.events" | "jobs.entries" | "jobs.journal" | "jobs.work" | "jobs.reports" | "jobs.timers" | "jobs.children" | "jobs.slots" | "jobs.admission" | "jobs.grants" | "jobs.slot-timers" | "schedules.commands" | "schedules.requests" | "schedules.controls" | "schedules.events" | "schedules.timers" | "schedules.ends" | "schedules.cancels" | "files.commands" | "files.outputs" | "files.workspaces" | "files.events" | "files.pieces" | "tools.commands" | "tools.events" | "tools.calls" | "tools.quarantines" | "tools.work" | "tools.revisions" | "approvals.commands" | "approvals.events" | "approvals.timers" | "approvals.notices" | "tools.results" | "capsules.commands" | "capsules.events" | "capsules.installs" | "evaluations.commands" | "evaluations.results" | "evaluations.changes" | "evaluations.events" | "workflows.commands" | "workflows.events" | "agents.commands" | "agents.requests" | "agents.controls" | "agents.events" | "agents.children" | "agents.timers" | "agents.programs" | "agents.segments" | "memory.commands" | "memory.outputs" | "memory.questions" | "memory.answers" | "memory.events" | "billing.commands" | "billing.events" | "billing.controls" | "billing.ledger" | "billing.timers" | "analytics.events" | "anomalies.measures" | "anomalies.timers" | "anomalies.events" | "anomalies.commands" | "anomalies.changes";
                /** @description Only letters of this reader */
                processor?: string;
                /** @description Only letters with this code */
                code?: string;
                /** @description Include letters that were redriven or dropped */
                all?: string;
                /** @description Maximum number of letters */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetters"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redriveDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettleDeadLetters"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLettersSettled"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dropDeadLetters: {
        parameters: {
            query?: never;
            header?: {
                /** @description A repeated request with the same key returns the outcome of the first one; 422 when the request differs */
                "idempotency-key"?: string;
                /** @description `respond-async` answers 202 without waiting for the outcome; `wait=<seconds>` limits the wait (RFC 7240) */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettleDeadLetters"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLettersSettled"];
                };
            };
            /** @description The command is in the log; `Location` is the URL of its result */
            202: {
                headers: {
                    /** @description URL of the result */
                    location?: string;
                    /** @description The preference of `Prefer` that was applied */
                    "preference-applied"?: string;
                    /** @description Position token of the outcome event. A query that carries it includes that event */
                    "khipu-position"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pending"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamTurn: {
        parameters: {
            query?: {
                /** @description Show only this turn */
                turn_id?: string;
                /** @description As `Last-Event-ID`, which counts when both are sent */
                last_event_id?: string;
                /** @description Keep the stream open after its turns have ended */
                follow?: string;
            };
            header?: {
                /** @description `id` of the last event that the client has */
                "last-event-id"?: string;
            };
            path: {
                /** @description Id of the session */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The turn has ended and the client has all of its events */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamTurns: {
        parameters: {
            query?: {
                /**
                 * @description End the stream after this time; it stays open without it
                 * @example 5
                 */
                seconds?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Name of the model; `default` for the default model
                 * @example default
                 */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createChatCompletion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatCompletionRequest"];
            };
        };
        responses: {
            /** @description The completion; with `"stream": true` its chunks */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatCompletion"];
                    "text/event-stream": {
                        data: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid. `REQUEST_MALFORMED`: The request cannot be parsed. `FORMAT_UNSUPPORTED`: The model cannot be held to this form of answer. `TOOLS_UNSUPPORTED`: The model cannot be offered tools */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type of the body is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `STREAMS_EXHAUSTED`: Too many open streams. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision. `SLM_FAILED`: The language model failed */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `SHUTTING_DOWN`: The gateway is shutting down. `SLM_UNAVAILABLE`: The language model is unavailable. `CONSTITUTION_UNVERIFIED`: No constitution could be verified, so no work may run */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `SLM_TIMEOUT`: The language model took too long */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createEmbedding: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmbeddingRequest"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbeddingList"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid. `REQUEST_MALFORMED`: The request cannot be parsed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type of the body is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision. `SLM_FAILED`: The language model failed */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `SLM_UNAVAILABLE`: The language model is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `SLM_TIMEOUT`: The language model took too long */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createModeration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModerationRequest"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Moderation"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid. `REQUEST_MALFORMED`: The request cannot be parsed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type of the body is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `SLM_TIMEOUT`: The language model took too long */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFiles: {
        parameters: {
            query?: {
                /** @description Maximum number of items; a page has at most 200 */
                limit?: number;
                /** @description `last_id` of the previous page */
                after?: string;
                /** @description Only files for this purpose */
                purpose?: string;
                order?: "desc";
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileList"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `FILE_NOT_FOUND`: The file does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createFile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["FileUpload"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid. `REQUEST_MALFORMED`: The request cannot be parsed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. `FILE_TOO_LARGE`: The file is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type of the body is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `FILE_INVALID`: The content of the file is not valid. `FILE_PURPOSE_UNKNOWN`: Files have no such purpose. `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFile: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Id of the file
                 * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
                 */
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["File"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `FILE_NOT_FOUND`: The file does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the file
                 * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
                 */
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileDeleted"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name. `FILE_NOT_FOUND`: The file does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFileContent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the file
                 * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
                 */
                file_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `FILE_NOT_FOUND`: The file does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createResponse: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResponseRequest"];
            };
        };
        responses: {
            /** @description The response; with `"stream": true` its events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Response"];
                    "text/event-stream": {
                        event: string;
                        data: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid. `REQUEST_MALFORMED`: The request cannot be parsed. `FORMAT_UNSUPPORTED`: The model cannot be held to this form of answer. `TOOLS_UNSUPPORTED`: The model cannot be offered tools */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name. `RESPONSE_NOT_FOUND`: The response does not exist. `CONVERSATION_NOT_FOUND`: The conversation does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `TURN_RUNNING`: A turn of the session runs */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type of the body is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `STREAMS_EXHAUSTED`: Too many open streams. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision. `SLM_FAILED`: The language model failed */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `SLM_UNAVAILABLE`: The language model is unavailable. `CONSTITUTION_UNVERIFIED`: No constitution could be verified, so no work may run. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `SHUTTING_DOWN`: The gateway is shutting down */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `SLM_TIMEOUT`: The language model took too long */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getResponse: {
        parameters: {
            query?: {
                /** @description True for Server-Sent Events */
                stream?: string;
                /** @description Only events after this number */
                starting_after?: number;
                /** @description Taken, and without effect */
                include?: unknown;
                include_obfuscation?: "false";
            };
            header?: never;
            path: {
                /** @description Id of a response */
                response_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The response; with `stream=true` its events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Response"];
                    "text/event-stream": {
                        event: string;
                        data: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RESPONSE_NOT_FOUND`: The response does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `STREAMS_EXHAUSTED`: Too many open streams. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `SHUTTING_DOWN`: The gateway is shutting down. `READ_MODEL_UNAVAILABLE`: The read model is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteResponse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a response */
                response_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseDeleted"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name. `RESPONSE_NOT_FOUND`: The response does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `READ_MODEL_UNAVAILABLE`: The read model is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelResponse: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a response */
                response_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Response"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RESPONSE_NOT_FOUND`: The response does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RESPONSE_NOT_IN_BACKGROUND`: The response does not run in the background */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `READ_MODEL_UNAVAILABLE`: The read model is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listResponseInputItems: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `last_id` of the previous page */
                after?: string;
                /** @description Newest first when omitted */
                order?: "asc" | "desc";
                /** @description Taken, and without effect */
                include?: unknown;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of a response */
                response_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseItemList"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RESPONSE_NOT_FOUND`: The response does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createConversation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationRequest"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid. `REQUEST_MALFORMED`: The request cannot be parsed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type of the body is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `READ_MODEL_UNAVAILABLE`: The read model is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConversation: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of a conversation */
                conversation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `CONVERSATION_NOT_FOUND`: The conversation does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a conversation */
                conversation_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationUpdate"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid. `REQUEST_MALFORMED`: The request cannot be parsed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name. `CONVERSATION_NOT_FOUND`: The conversation does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type of the body is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `READ_MODEL_UNAVAILABLE`: The read model is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a conversation */
                conversation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationDeleted"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name. `CONVERSATION_NOT_FOUND`: The conversation does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `READ_MODEL_UNAVAILABLE`: The read model is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConversationItems: {
        parameters: {
            query?: {
                /** @description Maximum number of items */
                limit?: number;
                /** @description `last_id` of the previous page */
                after?: string;
                /** @description Newest first when omitted */
                order?: "asc" | "desc";
                /** @description Taken, and without effect */
                include?: unknown;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of a conversation */
                conversation_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseItemList"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `CONVERSATION_NOT_FOUND`: The conversation does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createConversationItems: {
        parameters: {
            query?: {
                /** @description Taken, and without effect */
                include?: unknown;
            };
            header?: never;
            path: {
                /** @description Id of a conversation */
                conversation_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationItemsRequest"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseItemList"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid. `REQUEST_MALFORMED`: The request cannot be parsed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name. `CONVERSATION_NOT_FOUND`: The conversation does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type of the body is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `READ_MODEL_UNAVAILABLE`: The read model is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConversationItem: {
        parameters: {
            query?: {
                /** @description Taken, and without effect */
                include?: unknown;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /** @description Id of a conversation */
                conversation_id: string;
                /** @description Id of an item */
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResponseItem"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `CONVERSATION_NOT_FOUND`: The conversation does not exist. `ITEM_NOT_FOUND`: The conversation has no such item */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteConversationItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a conversation */
                conversation_id: string;
                /** @description Id of an item */
                item_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name. `CONVERSATION_NOT_FOUND`: The conversation does not exist. `ITEM_NOT_FOUND`: The conversation has no such item */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `READ_MODEL_UNAVAILABLE`: The read model is unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBatches: {
        parameters: {
            query?: {
                /** @description Maximum number of items; a page has at most 200 */
                limit?: number;
                /** @description `last_id` of the previous page */
                after?: string;
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchList"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createBatch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchRequest"];
            };
        };
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid. `REQUEST_MALFORMED`: The request cannot be parsed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `POLICY_DENIED`: The policy denies this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name. `FILE_NOT_FOUND`: The file does not exist. `JOB_TYPE_UNKNOWN`: No worker has registered this type of jobs. `RESOURCE_UNKNOWN`: The resource does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large. `JOB_INPUT_TOO_LARGE`: The input of the job is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MEDIA_TYPE_UNSUPPORTED`: The media type of the body is not supported */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `JOB_INPUT_INVALID`: The schema of the type refuses the input. `BUDGET_TOO_SMALL`: The request is larger than a whole budget of the tenant */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BUDGET_EXCEEDED`: A budget of the tenant would be exceeded. `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `POLICY_ENGINE_INVALID`: The external policy engine returned no decision */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `POLICY_ENGINE_UNAVAILABLE`: The external policy engine is unavailable. `MODERATION_UNAVAILABLE`: The outside classifier of texts is unavailable. `RECALL_UNAVAILABLE`: The memories of a turn cannot be read. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBatch: {
        parameters: {
            query?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                position?: string;
            };
            header?: {
                /** @description Position token of an earlier answer. The query waits until its read model has reached it */
                "khipu-position"?: string;
            };
            path: {
                /**
                 * @description Id of the batch, and of its job
                 * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
                 */
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RESOURCE_UNKNOWN`: The resource does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the batch, and of its job
                 * @example 4f1d5c1e-8a90-5b6e-9c77-0d2f6a1b3c01
                 */
                batch_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The outcome of the command */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batch"];
                };
            };
            /** @description `REQUEST_INVALID`: The request is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNAUTHENTICATED`: Credentials are missing. `TOKEN_INVALID`: The credentials are not valid. `TOKEN_EXPIRED`: The token has expired. `TOKEN_REVOKED`: The token was revoked */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `API_KEY_CROSS_ORIGIN`: A page of another origin sent an API key. `TENANT_SUSPENDED`: The tenant is suspended. `PRINCIPAL_DISABLED`: The user or service account is disabled. `CREDENTIAL_NOT_ALLOWED`: This route requires another kind of credentials. `CAPABILITY_MISSING`: A capability is missing */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `MODEL_UNKNOWN`: No provider has a model of this name. `RESOURCE_UNKNOWN`: The resource does not exist */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `NOT_ACCEPTABLE`: The route does not produce an accepted media type */
            406: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `JOB_ENDED`: The job has ended */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `BODY_TOO_LARGE`: The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `RATE_LIMITED`: Too many requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `UNEXPECTED`: An unexpected error occurred */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description `AUTH_BUSY`: Too many API keys are being verified. `IDENTITY_PROVIDER_UNAVAILABLE`: The identity provider is unavailable. `LOG_UNAVAILABLE`: The log is unavailable. `LOG_OVERLOADED`: Too many commands are in flight. `KILL_SWITCH`: New work is stopped. `READ_MODEL_UNAVAILABLE`: The read model is unavailable. `READ_MODEL_BEHIND`: The read model has not reached the position yet */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAiError"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        ok: true;
                    };
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            /** @description Not ready; the body gives the reason */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metrics */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    jwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JwkSet"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
