// What a command line or a path comes to, in words that are the same in each run; null where it changes nothing.

const GIT_WRITES = new Set([
  ...['push', 'fetch', 'update-ref', 'commit-tree', 'hash-object', 'commit', 'tag', 'merge', 'checkout', 'switch'],
  ...['branch', 'add', 'worktree', 'reset', 'mktree', 'read-tree', 'write-tree', 'symbolic-ref'],
]);

const DOCKER_READS = new Set([
  ...[
    'ps',
    'inspect',
    'version',
    'info',
    'logs',
    'images',
    'config',
    'context',
    'ls',
    'top',
    'stats',
    'events',
    'port',
  ],
]);

/** @param {readonly string[]} argv */
function classify([file, ...args]) {
  const name = file.split('/').at(-1);
  if (name === 'git') {
    const verb = verbOf(args, ['-c', '-C', '--git-dir', '--work-tree']);
    if (!GIT_WRITES.has(verb)) return null;
    // A branch or tag that is only listed.
    if ((verb === 'branch' || verb === 'tag') && args.some((arg) => /^(--list|-l|--contains|--points-at)$/.test(arg)))
      return null;
    return `git ${verb}`;
  }
  if (name === 'docker') {
    const words = args.filter((arg) => !arg.startsWith('-'));
    const verb = verbOf(args, ['--context', '--host', '-H', '--config']);
    if (verb === 'compose') {
      const rest = args.slice(args.indexOf('compose') + 1);
      const command = verbOf(rest, [
        '-p',
        '-f',
        '--project-directory',
        '--env-file',
        '--ansi',
        '--progress',
        '--profile',
        '--project-name',
        '--file',
      ]);
      return DOCKER_READS.has(command) ? null : `docker compose ${command}`;
    }
    if (['image', 'container', 'network', 'volume', 'service', 'stack', 'node', 'system', 'manifest'].includes(verb)) {
      const command = words[words.indexOf(verb) + 1] ?? '';
      return DOCKER_READS.has(command) || command === 'df' ? null : `docker ${verb} ${command}`;
    }
    return DOCKER_READS.has(verb) ? null : `docker ${verb}`;
  }
  return null;
}

/** The first argument that is neither an option nor the value of one. */
function verbOf(args, withValue) {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    if (withValue.includes(arg)) index++;
    else if (!arg.startsWith('-')) return arg;
  }
  return '';
}

/** Of files, only what belongs to the release: Nx's own and temporary ones are passed over. Random parts become `*`. */
function describePath(operation, path) {
  const text = String(path);
  const own = /(?:^|\/)(\.slipway\/.*)$/.exec(text)?.[1];
  if (own === undefined || own.startsWith('.slipway/gates')) return null;
  const shape = own
    .replace(/\.\d+(?:\.[0-9a-z]+)?\.tmp$/, '.tmp')
    .replace(/\.[0-9a-f]{8}$/, '.*')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f-]+)?(?=[/.-]|$)/g, '*')
    .replace(/\d+\.\d+\.\d+/g, '*');
  return `file ${operation} ${shape}`;
}

module.exports = { classify, describePath };
