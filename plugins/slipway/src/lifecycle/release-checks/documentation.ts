import { posix } from 'node:path';
import { releaseFolder } from '../../bump/record';
import { inScope, scopeOf } from '../../evidence/scope';
import { mergePolicy } from '../../gates';
import { deadLinks, isMarkdown, linkedPath, parseMarkdownFiles } from '../../gates/documents/links';
import type { Finding } from '../../gates/check';
import { GitError, type Git } from '../../io/git';
import { changelogSection } from '../../notes/changelog';
import { CHANGELOG, RELEASES } from '../manifests';
import type { ReleaseCheck, ReleaseSubject } from './release-check';

/** Git processes at a time. */
const READERS = 8;

/** The release is told of, and what the workspace says of itself leads somewhere: all as it stands in the commit. */
export const documentationCheck: ReleaseCheck = {
  id: 'documentation',
  title: 'Changelog, notes and links',
  run: async (subject) => {
    const { context, release, commit } = subject;
    const { git } = context.world;
    const notes = `${releaseFolder(RELEASES, release.version)}/NOTES.md`;
    const findings = [
      ...changelogFindings(await textAt(git, commit, CHANGELOG), release.version),
      ...notesFindings(await textAt(git, commit, notes), notes),
      ...(context.config.gates.documentation.links ? await linkFindings(subject) : []),
    ];
    const [first] = findings;
    const base = { check: 'documentation', limit: 0, unit: 'count', measured: findings.length, findings } as const;
    if (first === undefined)
      return { ...base, verdict: 'pass', reason: `changelog and notes tell of ${release.version}, no link is dead` };
    const more = findings.length === 1 ? '' : `, and ${findings.length - 1} more`;
    return { ...base, verdict: 'fail', reason: `${first.title}${more}` };
  },
};

function changelogFindings(content: string | null, version: string): Finding[] {
  const fix = `write what changed below a heading ## [${version}]; npx nx g nx-slipway:changelog makes it of the commits`;
  const problem = (title: string, what: string): Finding[] => [
    { title, file: CHANGELOG, fix, fingerprint: `documentation:changelog:${CHANGELOG}:${what}` },
  ];
  if (content === null) return problem(`${CHANGELOG} does not exist in the commit`, 'missing');
  const section = changelogSection(content, version);
  if (section === null) return problem(`${CHANGELOG} says nothing of ${version}`, version);
  return saysSomething(section) ? [] : problem(`${CHANGELOG} has an empty section for ${version}`, version);
}

function notesFindings(content: string | null, path: string): Finding[] {
  if (content !== null && saysSomething(content)) return [];
  const title = content === null ? `${path} does not exist in the commit` : `${path} is empty`;
  const fix = 'npx nx g nx-slipway:release-notes';
  return [
    { title, file: path, fix, fingerprint: `documentation:notes:${path}:${content === null ? 'missing' : 'empty'}` },
  ];
}

/** Headings alone tell nothing. */
function saysSomething(markdown: string): boolean {
  return markdown.split('\n').some((line) => /[\p{L}\p{N}]/u.test(line) && !/^\s*#/.test(line));
}

/**
 * Dead links of files that belong to no project, and those of projects that lead out of them: a project's own gate sees its own files
 * alone, and whatever else lies on that disk.
 */
async function linkFindings({ context, commit }: ReleaseSubject): Promise<Finding[]> {
  const { world, config, projects } = context;
  const listed = await world.git.text(['ls-tree', '-r', '-z', commit]);
  const entries = listed.split('\0').flatMap((line) => /^(\d{6}) \S+ \S+\t(.+)$/s.exec(line)?.slice(1, 3) ?? []);
  const modes = new Map<string, string>();
  for (let at = 0; at < entries.length; at += 2) modes.set(entries[at + 1] ?? '', entries[at] ?? '');
  const paths = withFolders(modes.keys());
  const files: { path: string; content: string }[] = [];
  const wanted = [...modes].filter(([path, mode]) => mode.startsWith('100') && isMarkdown(path)).map(([path]) => path);
  for (let at = 0; at < wanted.length; at += READERS) {
    const batch = wanted.slice(at, at + READERS);
    const texts = await Promise.all(batch.map((path) => textAt(world.git, commit, path)));
    texts.forEach((content, index) => files.push({ path: batch[index] ?? '', content: content ?? '' }));
  }
  const documents = parseMarkdownFiles(files);
  const scopes = projects.map((project) => ({ ...project, scope: scopeOf(project, projects) }));
  return [...documents].flatMap(([path, document]) => {
    const owner = scopes.find(({ scope }) => inScope(path, scope));
    const policy = owner === undefined ? null : mergePolicy(config.gates, config.projects[owner.name]).documentation;
    if (policy !== null && ('notApplicable' in policy || !policy.links)) return [];
    const dead = deadLinks(path, document, { documents, exists: (other) => paths.has(other) });
    const outward = dead.filter(({ target }) => {
      const other = linkedPath(path, target);
      return owner === undefined || (other !== null && !inScope(other, owner.scope));
    });
    return outward.map(({ line, target, problem }) => ({
      title: `dead link in ${path}: ${problem}`,
      file: path,
      line,
      fix: `correct or remove the link to ${target}`,
      fingerprint: `documentation:link:${path}:${target}`.replaceAll('@', '%40'),
    }));
  });
}

/** The paths of files, and of every folder that they lie in. */
function withFolders(files: Iterable<string>): ReadonlySet<string> {
  const all = new Set<string>();
  for (const file of files)
    for (let path = file; path !== '.' && !all.has(path); path = posix.dirname(path)) all.add(path);
  return all;
}

/** Text of a file in a commit; null where it has none. Relative to the workspace, which may be a folder of its repository. */
async function textAt(git: Git, commit: string, path: string): Promise<string | null> {
  const object = `${commit}:./${path}`;
  const found = await git.run(['cat-file', '-e', object]);
  if (found.exitCode !== 0) return null;
  const args = ['cat-file', 'blob', object];
  const result = await git.run(args);
  if (result.exitCode !== 0) throw new GitError(args, result);
  return result.stdout;
}
