/** The next step after an error, by its code: a command to type, or what to change. */
export const steps: Readonly<Record<string, string>> = {
  BUDGET_EXCEEDED: 'see what is left: khipu budgets show',
  CAPABILITY_MISSING: 'use a key with this capability, or extend a role: khipu roles change --help',
  CONFIG_INVALID: 'start the platform with npm start, or name an env file: khipu context add --help',
  CONTEXT_UNKNOWN: 'add it: khipu context add --help',
  CREDIT_SPENT: 'see what is left: khipu credit show',
  KEY_FILE_UNREADABLE: 'name a file with a key: khipu context add --help',
  KILL_SWITCH: 'see who engaged it, and why: khipu kill-switch list',
  OUTCOME_PENDING: 'run the same command again in a moment',
  PLATFORM_DOWN: 'start it with npm start, or choose another platform: khipu context list',
  POLICY_DENIED: 'see what would change the decision: khipu policy explain --help',
  PRECONDITION_FAILED: 'it was changed in the meantime: show it, then run the command again',
  SESSION_UNKNOWN: 'list the sessions: khipu sessions list',
  TOKEN_INVALID: 'check the key of the platform: khipu context list',
  TOKEN_REVOKED: 'use another key: khipu context list',
  USAGE: 'see the arguments and options with --help',
};

/** Returns the next step after an error; undefined where its message names it. */
export const nextStep = (code: string): string | undefined => steps[code];
