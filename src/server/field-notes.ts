/**
 * What the reference says of fields that explain themselves to nobody, by the name of their schema. Short: the guide to the
 * library says more of each.
 */
export const FIELD_NOTES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  RunSpec: {
    instructions:
      'The task, in words: with autoStart the first message, without it ahead of every message. {{name}} becomes what the launch gives as params.name.',
    autoStart: 'Begin by itself. POST /api/runs sets it unless told otherwise; a task does not.',
    images:
      'Pictures to go with the first message: files of the workspace, or others on the machine of the server by their absolute paths.',
    outputSchema: 'A JSON schema that the answer to the first message has to follow.',
    endRule:
      'When it is over: after its first turn, when somebody says so, or after so many milliseconds at the latest.',
    workspace: 'Where Codex works: a directory that is there, a fresh one, or a git worktree of a repository.',
    model: 'Which model is to work; the default of the provider unless given.',
    reasoningEffort: 'How hard the model is to think.',
    sandbox: 'How commands are confined (workspace-write). Full access needs an admin.',
    isolation: 'strict: for commands only the system, the workspace and the listed directories exist.',
    networkAccess:
      'The network for commands: none (false), all of it, or these hosts only; *.example.org for subdomains.',
    allowedDirs: 'More directories for commands: ro and rox to read, rw and rwx to write too.',
    deniedPaths: 'More paths that no command may read; logins and keys are denied anyway.',
    permissionGate: 'Somebody is there to approve.',
    approvalPolicy: 'When Codex asks (on-request with a gate, never without).',
    env: 'More variables for commands, and for nothing else.',
    scrubEnv: 'Patterns of variables that neither Codex nor its commands get.',
    provider:
      'A provider other than OpenAI: anything that speaks the Responses API. Its keyVariable, which is one of the server, needs an admin.',
    seedId: 'The saved login that it is to have; what is found in the environment of the server unless given.',
    seedPool: 'Any saved login of this pool: the one that is healthy, open and used least.',
    seedFallback: 'Where those have none that is free: other seeds and pools, in this order.',
    whenNoSeed: 'Where none is free: wait for one, or refuse, and say when one may be (wait).',
    seedMode:
      'How it gets a ChatGPT login: short-lived tokens, or the login in a file of its home, without its refresh token (broker where that can be).',
    useConfig: "What it takes over of the user's own config.toml: model, effort, or mcp:NAME, which needs an admin.",
    exposeLogin:
      'Insist on full access for a run that holds a login, or where logins are saved, which the agent can read then. Needs an admin.',
    codexBinary: 'Another codex than the pinned one. Needs an admin.',
    deadlines: 'After how many milliseconds it gives something up.',
    mode: 'How one watches it.',
  },
  RunOptions: {
    name: 'What to call it; it may be found by that.',
    params: 'What it is given; instructions may name parts of it.',
    metadata: 'Tags to find it by, and to limit or to block its like.',
    budget: 'How much it may use.',
    priority: 'Higher ones begin first (0).',
    notBefore: 'It does not begin before this time.',
    whenFull: 'refuse: an error instead of a wait when a limit is reached.',
    rules: 'They answer requests in the place of a person; the first that matches decides.',
    requests: 'What becomes of a request that no rule answers. Its notify needs an admin.',
    retry: 'How often it is tried when it fails, and how long it waits before that, in milliseconds.',
    ttlMs: 'How long it is kept after its end, in milliseconds (for ever).',
  },
  TaskDefinition: {
    id: 'Names the task for ever; the same as in the address.',
    name: 'What people call it (its id).',
    metadata: 'Tags to find it by.',
    config: 'What Codex is to do.',
    params: 'What its runs are given, unless a launch gives something else.',
    schedule: 'When runs of it are launched by themselves: a cron text, or one with its rules.',
    budget: 'How much each of its runs may use.',
    maxRunning: 'How many of its runs may be under way at a time; others wait.',
    ttlMs: 'How long its runs are kept after their end, in milliseconds (for ever).',
  },
  Budget: {
    turns: 'Turns with messages of ours.',
    tokens: 'Of all its threads; input and output together.',
    wallMs: 'How long it may be under way, in milliseconds, without pauses.',
    onReached: 'It is paused until somebody allows more, or it has failed.',
  },
  NewToken: {
    name: 'Stands in the record of what is done with it.',
    ttlMs: 'For how long it holds, in milliseconds (for ever).',
  },
  NewSeed: {
    id: 'What to call it; the same as in the address.',
    pool: 'Which pool it belongs to (none).',
    auth: 'The content of an auth.json. Use that login nowhere else from then on: its refresh token works once.',
    apiKey: 'A key of OpenAI, in the place of auth.',
    config: 'A config.toml to go with it, of which the harmless settings are kept.',
    again:
      'Give a seed that is there a new login of the same account, or a new key. Its config stays, unless one is given.',
  },
  NewSeedLogin: {
    id: 'What to call the seed.',
    pool: 'Which pool it belongs to (none).',
    config: 'A config.toml to go with it, of which the harmless settings are kept.',
    method:
      'deviceCode: with a code, on any device; browser: in one on the machine of the server, to which it comes back (deviceCode).',
    again: 'Give a seed that is there a new login, of the same account. Its config stays, unless one is given.',
  },
  SeedLogin: {
    seed: 'The seed that it becomes.',
    state: 'Under way are starting, waiting and saving.',
    url: 'Where somebody logs in; null until it waits for that.',
    userCode: 'What to enter there; null for a browser.',
    expiresAt: 'When it is given up.',
    error: 'Why it has failed.',
    keptIn:
      'The file on the machine of the server in which a login lies that could not be saved: it can be saved by hand, or discarded. Null where there is none.',
  },
  SeedSummary: {
    mode: 'How runs are given it: short-lived tokens, the login in a file of their own, or the key in memory.',
    state: 'dead: the provider has definitely refused it; unknown: nobody has asked yet, or could find out.',
    reason: 'Why it is in that state.',
    version: 'The number of its current content.',
    account: 'Null for a key, which does not say whose it is.',
    lease: 'Who uses it now; null when nobody does.',
    runs: 'The runs that use it now.',
    refreshedAt: 'When its tokens were made.',
    accessExpiresAt: 'When its access token ends; it is renewed by then.',
  },
  SeedVerification: {
    verdict: 'dead: its provider said so by name; unknown: it did not say, and nothing was changed.',
    reason: 'Why, for people; null where nothing is to be said.',
    isRefreshed: 'Its tokens were renewed.',
  },
  CreatedToken: { secret: 'Told this once, and kept nowhere.' },
  StopReport: {
    left: 'They are under way, and live on.',
    waiting: 'They wait for their begin.',
    openRequests: 'How many requests wait for an answer.',
    drainMs: 'For how long what is under way may still end by itself, in milliseconds.',
    cancel: 'Whether what is under way is cancelled then.',
  },
  StopServer: {
    drainMs: 'How long what is under way may take to end by itself, in milliseconds (0).',
    cancel: 'Cancel what is under way then; otherwise it lives on, and the next server takes it up.',
  },
};
