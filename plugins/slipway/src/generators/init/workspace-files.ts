import type { Tree } from '@nx/devkit';
import { asRecord } from '../../config/is-record';
import { tool } from '../../config/tool';
import { parseJson, setInJson } from './json-edit';

/** Puts the plugin into `nx.json`, unless it stands there in either of Nx's forms: a name, or an object with options. */
export function addPlugin(tree: Tree): void {
  const text = tree.read('nx.json', 'utf-8') ?? '{}\n';
  const { plugins } = asRecord(parseJson(text));
  if (plugins === undefined) return tree.write('nx.json', setInJson(text, ['plugins'], [tool().name]));
  if (!Array.isArray(plugins)) throw new TypeError('nx.json: "plugins" is not a list');
  const entries: readonly unknown[] = plugins;
  if (entries.some((entry) => entry === tool().name || asRecord(entry)['plugin'] === tool().name)) return;
  tree.write('nx.json', setInJson(text, ['plugins', entries.length], tool().name, { insert: true }));
}

/** What steps leave on disk belongs to no commit. */
export function ignoreState(tree: Tree): void {
  const text = tree.read('.gitignore', 'utf-8') ?? '';
  if (text.split(/\r?\n/).some((line) => /^(\*\*)?\/?\.slipway\/?(\*\*?)?$/.test(line.trim()))) return;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : eol;
  tree.write('.gitignore', `${text}${gap}.slipway/${eol}`);
}

/**
 * Names the package in the devDependencies, unless a dependency or the workspace itself provides it.
 * @returns whether something is to be installed.
 */
export function addDependency(tree: Tree, workspacePackages: ReadonlySet<string>): boolean {
  const text = tree.read('package.json', 'utf-8');
  // Nx can live in a workspace without package.json; `nx add` then notes the plugin in nx.json itself.
  if (text === null) return false;
  const { name, version } = tool();
  const manifest = asRecord(parseJson(text));
  const named = ['dependencies', 'devDependencies', 'optionalDependencies'].some(
    (key) => name in asRecord(manifest[key]),
  );
  if (named || workspacePackages.has(name)) return false;
  tree.write('package.json', setInJson(text, ['devDependencies', name], `^${version}`));
  return true;
}
