import { posix } from 'node:path';
import type { GatesConfig } from '../config/schema';
import {
  inconclusive,
  unreadableFindings,
  type CheckResult,
  type Finding,
  type JudgedProject,
  type ProjectCheck,
  type ProjectDocuments,
  type UnreadableReport,
} from './check';
import { count } from './count';
import { schemaDifference, SchemaError } from './documents/api-schema';
import { composeVariables, DocumentError, isComposeFile, type VariableRead } from './documents/compose-variables';
import { documentedVariables, ENV_EXAMPLE, examplePlaces } from './documents/env-example';
import { deadLinks, parseMarkdownFiles } from './documents/links';
import type { MarkdownDocument } from './documents/markdown';
import { pythonVariables } from './documents/python-variables';

type Policy = GatesConfig['documentation'];
type Markdown = ReadonlyMap<string, MarkdownDocument>;

const CHECK = 'documentation';
const MAX_FINDINGS = 200;
/** Set by deployments, by Compose itself, or by every system. */
const GIVEN = /^(?:SLIPWAY_(?:VERSION|COMMIT)|COMPOSE_[A-Z_]+|HOME|PATH|PWD|USER|TMPDIR|TZ|LANG|HOSTNAME)$/;

export const documentationCheck: ProjectCheck<Policy> = {
  id: CHECK,
  title: 'Documentation',
  kinds: [],
  producers: [],
  exempt: () => null,
  judge: (_evidence, policy, project) => judgeDocumentation(policy, project),
};

/** Whether what is written about a project is there, leads somewhere, and names every variable that has to be set. */
function judgeDocumentation(policy: Policy, project: JudgedProject): CheckResult {
  const { documents } = project;
  const seen = documents === null ? 0 : documents.files.length + (documents.unreadable ?? []).length;
  if (documents === null || seen === 0) {
    const where = project.root === '.' ? 'the workspace' : project.root;
    return inconclusive(CHECK, 0, `no document was found in ${where}; begin with a README.md`, 'count');
  }
  const markdown = parseMarkdownFiles(documents.files);
  const unreadable: UnreadableReport[] = [...(documents.unreadable ?? [])];
  const problems = [
    ...(policy.readme ? readmeProblems(project.root, documents, markdown) : []),
    ...(policy.links ? linkProblems(documents, markdown) : []),
    ...(policy.environment ? environmentProblems(project, documents, unreadable) : []),
    ...(policy.apiSchema === undefined ? [] : schemaProblems(project.root, policy.apiSchema, documents, unreadable)),
  ];
  const findings = [...shown(problems), ...unreadableFindings(unreadable)];
  const base = { check: CHECK, limit: 0, unit: 'count', findings } as const;
  const [first] = unreadable;
  if (problems.length > 0) {
    return {
      ...base,
      verdict: 'fail',
      reason: summary(problems),
      measured: problems.length,
      blocking: problems.length,
      ...(first === undefined ? {} : { unsettled: `${first.path} can't be judged: ${first.reason}` }),
    };
  }
  if (first !== undefined)
    return {
      ...base,
      verdict: 'inconclusive',
      reason: `${first.path} can't be judged: ${first.reason}`,
      measured: null,
    };
  return {
    ...base,
    verdict: 'pass',
    reason: `nothing missing in ${count(documents.files.length, 'file')}`,
    measured: 0,
  };
}

function summary(problems: readonly Finding[]): string {
  const [first] = problems;
  const more = problems.length === 1 ? '' : `, and ${count(problems.length - 1, 'more problem')}`;
  return `${first?.title ?? ''}${more}`;
}

function shown(problems: readonly Finding[]): Finding[] {
  if (problems.length <= MAX_FINDINGS) return [...problems];
  return [...problems.slice(0, MAX_FINDINGS), { title: `and ${problems.length - MAX_FINDINGS} more` }];
}

function readmeProblems(root: string, documents: ProjectDocuments, markdown: Markdown): Finding[] {
  const own = documents.files.filter(
    ({ path }) => posix.dirname(path) === root && /^readme(?:\.[a-z]+)?$/i.test(posix.basename(path)),
  );
  const wanted = posix.join(root, 'README.md');
  const fix = 'begin with a heading and a sentence on what it is for';
  const problem = (what: string, file: string, title: string): Finding[] => [
    { title, file, fix, fingerprint: fingerprint('readme', file, what) },
  ];
  if (own.length === 0) return problem('missing', wanted, `${wanted} does not exist`);
  const says = own.some(({ path, content }) => {
    const document = markdown.get(path);
    // Of other formats only the words are known.
    return document === undefined
      ? content.trim().split(/\s+/).length > 3
      : document.headings.length > 0 && document.hasText;
  });
  const file = own[0]?.path ?? wanted;
  return says ? [] : problem('empty', file, `${file} has no heading with a sentence below it`);
}

function linkProblems(documents: ProjectDocuments, markdown: Markdown): Finding[] {
  const linked = { documents: markdown, exists: documents.exists };
  return [...markdown].flatMap(([path, document]) =>
    deadLinks(path, document, linked).map(({ file, line, target, problem }) => ({
      title: `dead link in ${file}: ${problem}`,
      file,
      line,
      fix: `correct or remove the link to ${target}`,
      fingerprint: fingerprint('link', file, target),
    })),
  );
}

function environmentProblems(
  { root, variables = [] }: JudgedProject,
  { files }: ProjectDocuments,
  unreadable: UnreadableReport[],
): Finding[] {
  const given = new Set(variables);
  const examples = new Map(
    files
      .filter(({ path }) => posix.basename(path) === ENV_EXAMPLE)
      .map(({ path, content }) => [path, documentedVariables(content)]),
  );
  const reads = new Map(pythonVariables(files.filter(({ path }) => path.endsWith('.py'))));
  for (const { path, content } of files.filter((file) => isComposeFile(file.path))) {
    try {
      reads.set(path, composeVariables(content));
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      unreadable.push({ path, reason: `line ${error.line} is ${error.message}` });
    }
  }
  return [...reads].flatMap(([file, names]) => undocumented(file, names, root, examples, given));
}

function undocumented(
  file: string,
  reads: readonly VariableRead[],
  root: string,
  examples: ReadonlyMap<string, ReadonlySet<string>>,
  given: ReadonlySet<string>,
): Finding[] {
  const places = examplePlaces(file, root);
  const known = places.filter((place) => examples.has(place));
  const best = known[0] ?? (isComposeFile(file) ? places[0] : posix.join(root, ENV_EXAMPLE)) ?? ENV_EXAMPLE;
  return reads
    .filter(
      ({ name }) => !GIVEN.test(name) && !given.has(name) && !known.some((place) => examples.get(place)?.has(name)),
    )
    .map(({ name, line }) => ({
      title: `${name} is read by ${file} and not in ${best}`,
      file,
      line,
      fix: `add ${name}= with an example to ${best}`,
      fingerprint: fingerprint('environment', file, name),
    }));
}

function schemaProblems(
  root: string,
  schema: NonNullable<Policy['apiSchema']>,
  { files }: ProjectDocuments,
  unreadable: UnreadableReport[],
): Finding[] {
  const [committed, generated] = [schema.file, schema.generated].map((name) => {
    const path = posix.join(root, name);
    return { path, content: files.find((file) => file.path === path)?.content ?? null };
  });
  if (committed === undefined || generated === undefined) return [];
  const problem = (what: string, title: string): Finding[] => [
    {
      title,
      file: committed.path,
      fix: `copy ${generated.path} to ${committed.path} and commit it`,
      fingerprint: fingerprint('apiSchema', committed.path, what),
    },
  ];
  if (generated.content === null) {
    unreadable.push({ path: generated.path, reason: 'it does not exist; run the target that makes it first' });
    return [];
  }
  if (committed.content === null) return problem('missing', `${committed.path} does not exist`);
  try {
    const place = schemaDifference(
      { path: committed.path, content: committed.content },
      { path: generated.path, content: generated.content },
    );
    if (place === null) return [];
    const at = place === '' ? '' : ` at ${place}`;
    return problem('outdated', `${committed.path} is not what the code says${at} (${generated.path})`);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    unreadable.push({ path: error.path, reason: error.message });
    return [];
  }
}

/** `@` would begin the state that a waiver relies on, and there is none here. */
function fingerprint(kind: string, file: string, what: string): string {
  return `${CHECK}:${kind}:${file}:${what}`.replaceAll('@', '%40');
}
