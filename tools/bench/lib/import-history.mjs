import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { must } from './run.mjs';
import { makeProjects, writeHistory } from './synthetic-history.mjs';
import { count } from './table.mjs';
import { workspaceFiles } from './workspace.mjs';

/** Commits on top of the head, for the runs that find something new. */
const LATER = 10;

/**
 * Makes the repository of a workspace, packed as a clone would be, with its head checked out.
 * @param {string} root does not exist yet
 * @param {import('./synthetic-history.mjs').Sizes} sizes
 * @param {string} owner of the releases
 * @returns what was made; `later` is ten commits after `head`
 */
export async function importHistory(root, sizes, owner, { env, signal, progress }) {
  const start = performance.now();
  const git = (...args) => must(['git', ...args], { cwd: root, env, signal });
  mkdirSync(root, { recursive: true });
  await git('init', '--quiet', '--initial-branch=main');
  const projects = makeProjects(sizes);
  const uses = dependencies(projects);
  const manifest = ({ name, version }) =>
    `${JSON.stringify({ name, version, dependencies: uses.get(name) }, null, 2)}\n`;
  const files = workspaceFiles({
    owner,
    versioning: 'independent',
    tagPattern: '{projectName}@{version}',
  });
  await must(['git', 'fast-import', '--quiet'], {
    cwd: root,
    env,
    signal,
    feed: (child) =>
      feed(child, (importer) => writeHistory(sizes, projects, files, manifest, importer), sizes, progress),
  });
  progress('packing');
  await git('gc', '--quiet');
  const head = (await git('rev-parse', 'main')).stdout.trim();
  progress('checking out');
  await git('reset', '--quiet', '--hard', 'main');
  const later = await commitLater(root, head, projects, { env, signal });
  await git('update-ref', '-d', 'refs/heads/topic');
  const commits = Number((await git('rev-list', '--count', head)).stdout);
  const tags = (await git('tag', '--list')).stdout.split('\n').filter(Boolean).length;
  rmSync(join(root, '.git/hooks'), { recursive: true, force: true });
  return { projects, head, later, commits, tags, milliseconds: performance.now() - start };
}

/** Each project uses up to three others, as a workspace's own packages do; no cycles. */
function dependencies(projects) {
  return new Map(
    projects.map(({ name }, index) => {
      const used = [index - 1, index - 7, Math.floor(index / 3)].filter((other) => other >= 0 && other < index);
      return [name, Object.fromEntries([...new Set(used)].map((other) => [projects[other].name, '*']))];
    }),
  );
}

async function feed(child, write, sizes, progress) {
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let waiting = [];
  let size = 0;
  const flush = async () => {
    const text = waiting.join('');
    waiting = [];
    size = 0;
    // fast-import reads as fast as it can; a full pipe is waited for.
    if (!child.stdin.write(text)) await once(child.stdin, 'drain');
  };
  child.stdin.on('error', () => child.stdin.destroy());
  await write({
    async write(text) {
      waiting.push(text);
      size += text.length;
      if (size > 256 * 1024) await flush();
    },
    async ask(mark) {
      waiting.push(`get-mark :${mark}\n`);
      await flush();
      const { value } = await answers.next();
      return value;
    },
    onCommit(number) {
      if (number % 1_000 === 0) progress(`${count(number)} of ${count(sizes.commits)} commits`);
    },
  });
  await flush();
  child.stdin.end();
}

/** Commits on a branch of their own, so that the head stays. @returns {Promise<string>} the last one's id */
async function commitLater(root, head, projects, options) {
  const person = 'Ada Author <ada@acme.example> 1900000000 +0000';
  const text = Array.from({ length: LATER }, (_, index) => {
    const project = projects[index % projects.length];
    const message = `fix(${project.name}): mend number ${index}\n`;
    const content = `export const later = ${index};\n`;
    const from = index === 0 ? `from ${head}\n` : '';
    return `commit refs/heads/later\nauthor ${person}\ncommitter ${person}\ndata ${message.length}\n${message}\n${from}M 100644 inline ${project.root}/src/index.js\ndata ${content.length}\n${content}\n`;
  });
  await must(['git', 'fast-import', '--quiet'], {
    ...options,
    cwd: root,
    feed: async (child) => {
      child.stdin.end(text.join(''));
      child.stdout.resume();
    },
  });
  return (await must(['git', 'rev-parse', 'later'], { ...options, cwd: root })).stdout.trim();
}
