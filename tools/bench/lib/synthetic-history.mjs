// A repository's history as a stream for `git fast-import`: the same for the same sizes and seed.
import { createRandom } from './random.mjs';
import { message } from './words.mjs';

const FILES = ['index', 'client', 'errors', 'format', 'queue', 'store', 'util/dates', 'util/text'];
const FIRST_DAY = Date.UTC(2019, 0, 7) / 1_000;
/** Seconds between commits. */
const PACE = 1_200;

/**
 * @typedef {object} Sizes
 * @property {number} commits of all branches, merges and releases included
 * @property {number} projects
 * @property {number} tags `<project>@<version>`, annotated
 * @property {number} seed
 *
 * @typedef {object} Project
 * @property {string} name
 * @property {string} root
 * @property {string} version
 * @property {boolean} released whether it ever is
 */

/** @param {Sizes} sizes @returns {Project[]} one of ten is never released, the first always is */
export function makeProjects({ projects }) {
  return Array.from({ length: projects }, (_, index) => {
    const name = `p${String(index).padStart(3, '0')}`;
    return { name, root: `packages/${name}`, version: '1.0.0', released: index % 10 !== 7 };
  });
}

/**
 * Writes the whole history, and asks fast-import for the ids that reverts name.
 * @param {Sizes} sizes
 * @param {Project[]} projects their versions are advanced
 * @param {ReadonlyMap<string, string>} files of the first commit, besides the projects' sources
 * @param {(project: Project) => string} manifest the text of a project's package.json
 * @param {{ write: (text: string) => Promise<void>, ask: (mark: number) => Promise<string>, onCommit: (number: number) => void }} importer
 */
export async function writeHistory(sizes, projects, files, manifest, importer) {
  const random = createRandom(sizes.seed);
  const released = projects.filter((project) => project.released);
  const releases = planReleases(sizes, released, random);
  const revertible = [];
  let made = 0;

  /** One commit; its number is its mark too. */
  const commit = async ({ ref = 'refs/heads/main', from = made, merge = null, text, changes }) => {
    made += 1;
    const author = `Ada Author ${random.between(1, 40)} <ada@acme.example> ${FIRST_DAY + made * PACE} +0000`;
    const head = `commit ${ref}\nmark :${made}\nauthor ${author}\ncommitter ${author}\n${data(text)}`;
    const parents = `${from === 0 ? '' : `from :${from}\n`}${merge === null ? '' : `merge :${merge}\n`}`;
    await importer.write(
      head + parents + changes.map(([path, content]) => `M 100644 inline ${path}\n${data(content)}`).join('') + '\n',
    );
    importer.onCommit(made);
    return made;
  };
  const source = (path) => [path, `export const revision = ${made + 1};\n// ${random.next()}\n`];
  const change = () => {
    const [main, ...others] = random.some(projects, random.chance(0.1) ? random.between(2, 3) : 1);
    const touched = [main, ...others].flatMap(({ root }) =>
      random.some(FILES, random.between(1, 4)).map((file) => `${root}/src/${file}.js`),
    );
    if (random.chance(0.05)) touched.push(random.pick(['README.md', 'docs/operations.md', 'tools/ci/run.sh']));
    return { text: message(random, main.name, made + 1), changes: touched.map(source) };
  };

  let tip = await commit({
    text: 'chore: begin\n',
    changes: [
      ...files,
      ...projects.flatMap((project) => [
        [`${project.root}/package.json`, manifest(project)],
        ...FILES.map((file) => source(`${project.root}/src/${file}.js`)),
      ]),
    ],
  });
  for (const at of releases) {
    while (made < at.commit - 1) {
      const room = at.commit - 1 - made;
      if (room >= 5 && random.chance(0.04)) tip = await merge(tip);
      else if (revertible.length > 0 && random.chance(0.012)) tip = await revert(tip);
      else {
        const own = change();
        tip = await commit({ from: tip, ...own });
        if (random.chance(0.05)) revertible.push({ mark: tip, ...own });
      }
    }
    tip = at.projects.length > 0 ? await release(tip, at.projects) : await commit({ from: tip, ...change() });
  }

  async function merge(from) {
    const branch = [];
    let end = from;
    for (let left = random.between(1, 3); left > 0; left -= 1) {
      const own = change();
      end = await commit({ ref: 'refs/heads/topic', from: end, ...own });
      branch.push(...own.changes);
    }
    const beside = await commit({ from, ...change() });
    // fast-import takes the first parent's tree: what the branch changed is said again.
    return commit({ from: beside, merge: end, text: `Merge branch 'topic-${made}'\n`, changes: branch });
  }
  async function revert(from) {
    const { mark, text, changes } = revertible.splice(random.between(0, revertible.length - 1), 1)[0];
    const id = await importer.ask(mark);
    const header = text.slice(0, text.indexOf('\n'));
    return commit({
      from,
      text: `Revert "${header}"\n\nThis reverts commit ${id}.\n`,
      changes: changes.map(([path]) => source(path)),
    });
  }
  async function release(from, due) {
    for (const project of due) project.version = nextVersion(project.version, random);
    const list = due.map(({ name, version }) => `- ${name}@${version}`).join('\n');
    const mark = await commit({
      from,
      text: `chore(release): publish\n\n${list}\n`,
      changes: due.map((project) => [`${project.root}/package.json`, manifest(project)]),
    });
    for (const { name, version } of due) {
      const tagger = `Robin Release <robin@acme.example> ${FIRST_DAY + mark * PACE} +0000`;
      await importer.write(`tag ${name}@${version}\nfrom :${mark}\ntagger ${tagger}\n${data(`${name}@${version}\n`)}`);
    }
    return mark;
  }
}

/**
 * Which commits release which projects, oldest first; the last entry releases nothing, so that there is something to release.
 * Ten projects at a time, evenly through all of history but its first and last bit.
 */
function planReleases({ commits, tags }, released, random) {
  const each = Math.min(10, released.length);
  const events = Math.min(Math.ceil(tags / each), Math.max(1, Math.floor((commits - 3) / 2)));
  const plan = Array.from({ length: events }, (_, index) => ({
    commit: 3 + Math.floor(((index + 0.6) * (commits - 3)) / (events + 0.4)),
    projects: random.some(released, Math.floor(((index + 1) * tags) / events) - Math.floor((index * tags) / events)),
  }));
  return [...plan, { commit: commits, projects: [] }];
}

function nextVersion(version, random) {
  const [major, minor, patch] = version.split('.').map(Number);
  if (random.chance(0.05)) return `${major + 1}.0.0`;
  return random.chance(0.5) ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`;
}

/** @param {string} text */
function data(text) {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
