// One measured pass over history, in a process of its own: `node pass.mjs <request as JSON>` prints `{ milliseconds, … }`.
// The clock runs from the call to its result; Node's start and the loading of modules are in neither contestant's time.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const request = JSON.parse(process.argv[2]);
const passes = { raw, ours, core };
process.stdout.write(`${JSON.stringify(await passes[request.pass](request))}\n`);

/** `git log` with the arguments, the input and the environment of our own pass, piped and drained. */
async function raw({ root, log: { args, input, env } }) {
  const start = performance.now();
  const child = spawn('git', args, { cwd: root, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  let bytes = 0;
  child.stdout.on('data', (chunk) => (bytes += chunk.length));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`git log ended with ${code}`);
  return { milliseconds: performance.now() - start, bytes };
}

/** Our pass: the last release of every line, and every commit that is new in one. With `watch` it also tells which git commands it ran. */
async function ours({ root, dist, head, lines, watch = false }) {
  const require = createRequire(import.meta.url);
  const { createRun } = require(`${dist}/io/exec.js`);
  const { createGit } = require(`${dist}/io/git.js`);
  const { readReleaseHistory } = require(`${dist}/history/release-history.js`);
  const { repositoryCache } = require(`${dist}/history/cache.js`);
  await import(require.resolve('execa', { paths: [dist] }));
  const commands = [];
  const run = createRun({ cwd: root });
  const watched = (argv, options) => {
    commands.push({ args: argv.slice(1), input: options?.input ?? '', env: options?.env ?? {} });
    return run(argv, options);
  };
  const git = createGit(watch ? watched : run, root);
  const cache = repositoryCache({ write: true });
  const start = performance.now();
  const history = await readReleaseHistory(git, { head, lines, cache });
  const read = performance.now() - start;
  const commits = history.commits.length;
  const ranges = lines.map(({ name }) => history.line(name));
  const longest = ranges.reduce((most, line) => Math.max(most, line.commits.length), 0);
  const milliseconds = performance.now() - start;
  const released = ranges.filter(({ stable }) => stable !== null).length;
  return {
    milliseconds,
    read,
    released,
    commits,
    longest,
    memory: process.memoryUsage().rss,
    ...(watch ? { commands } : {}),
  };
}

/**
 * conventional-changelog-core, as it comes: over a project's whole history, as monorepos run it for each package, or with
 * `project: null` over the whole repository's, which gives one changelog of all commits.
 */
async function core({ root, project }) {
  const { default: conventionalChangelog } = await import('conventional-changelog-core');
  const start = performance.now();
  const stream = conventionalChangelog(
    {
      cwd: root,
      releaseCount: 0,
      warn: () => {},
      pkg: { path: `${root}/${project === null ? '' : `${project.root}/`}package.json` },
      ...(project === null ? {} : { lernaPackage: project.name }),
    },
    {},
    project === null ? {} : { path: `${root}/${project.root}` },
  );
  let characters = 0;
  for await (const chunk of stream) characters += String(chunk).length;
  return { milliseconds: performance.now() - start, characters };
}
