/**
 * The environment that a person's terminal would have, without what the runners around these tests (npm, Nx, Jest, a git hook)
 * added to it: an inner Nx would take it for its own.
 */
export function cleanEnvironment(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!FOREIGN.test(name)) env[name] = value;
  }
  return { ...env, NO_COLOR: '1', NO_UPDATE_NOTIFIER: '1', ...own };
}

const FOREIGN =
  /^(NX_|JEST_|GIT_|SLIPWAY_|npm_(lifecycle|package|command)|npm_config_(workspace|local_prefix|prefix|include)|INIT_CWD$|NODE_ENV$|NODE_OPTIONS$|FORCE_COLOR$)/i;

/** Nobody's git settings play a part, and Nx's cache belongs to one workspace. */
export function workspaceEnvironment(folder: string): Record<string, string> {
  return {
    ...identity('Dana Developer'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: '2',
    GIT_CONFIG_KEY_0: 'commit.gpgsign',
    GIT_CONFIG_VALUE_0: 'false',
    GIT_CONFIG_KEY_1: 'init.defaultBranch',
    GIT_CONFIG_VALUE_1: 'main',
    NX_CACHE_DIRECTORY: `${folder}/nx/cache`,
    NX_WORKSPACE_DATA_DIRECTORY: `${folder}/nx/workspace-data`,
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_NO_CLOUD: 'true',
    NX_DEFAULT_OUTPUT_STYLE: 'static',
  };
}

/** Who git says it is. */
export function identity(name: string): Record<string, string> {
  const email = `${name.split(' ')[0]?.toLowerCase() ?? 'someone'}@acme.example`;
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
