// One measured pass over history, in a process of its own: `node pass.mjs <request as JSON>` prints `{ milliseconds, … }`.
// The clock runs from the call to its result; Node's start and the loading of modules are in neither contestant's time.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

const request = JSON.parse(process.argv[2]);
const passes = { raw, ours, core };
process.stdout.write(`${JSON.stringify(await passes[request.pass](request))}\n`);

/** `git log` with the arguments and the input of our own pass, piped and drained. */
async function raw({ root, argv, input }) {
  const start = performance.now();
  const child = spawn(argv[0], argv.slice(1), { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input ?? '');
  let bytes = 0;
  child.stdout.on('data', (chunk) => (bytes += chunk.length));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`git log ended with ${code}`);
  return { milliseconds: performance.now() - start, bytes };
}

/** Our pass: every line's last release and commits, for the whole workspace. */
async function ours({ root, dist, head, lines, cache }) {
  const require = createRequire(import.meta.url);
  const { createRun } = require(`${dist}/io/exec.js`);
  const { createGit } = require(`${dist}/io/git.js`);
  const { readReleaseHistory } = require(`${dist}/history/release-history.js`);
  const { createHistoryCache } = require(`${dist}/history/history-cache.js`);
  await import(require.resolve('execa', { paths: [dist] }));
  const git = createGit(createRun({ cwd: root }), root);
  const start = performance.now();
  const history = await readReleaseHistory(git, {
    head,
    lines,
    cache: cache === null ? null : createHistoryCache(cache),
  });
  const milliseconds = performance.now() - start;
  const read = lines.map(({ name }) => history.line(name));
  return {
    milliseconds,
    released: read.filter(({ stable }) => stable !== null).length,
    commits: read.reduce((most, { commits }) => Math.max(most, commits.length), 0),
  };
}

/** conventional-changelog-core over one project's whole history, as monorepos run it for each package. */
async function core({ root, project }) {
  const { default: conventionalChangelog } = await import('conventional-changelog-core');
  const start = performance.now();
  const stream = conventionalChangelog(
    {
      cwd: root,
      releaseCount: 0,
      lernaPackage: project.name,
      pkg: { path: `${root}/${project.root}/package.json` },
      warn: () => {},
    },
    {},
    { path: `${root}/${project.root}` },
  );
  let characters = 0;
  for await (const chunk of stream) characters += String(chunk).length;
  return { milliseconds: performance.now() - start, characters };
}
