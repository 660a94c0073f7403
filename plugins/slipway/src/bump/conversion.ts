import type { Git } from '../io/git';

const ATTRIBUTES = ['text', 'crlf', 'eol', 'ident', 'filter', 'working-tree-encoding'];

/**
 * Of these paths, those whose content git stores and checks out as it is: no line ends, filters or encodings between.
 * One look at the attributes, so that only the others cost a process each.
 */
export async function unconverted(git: Git, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  const { stdout } = await git.run(['config', '--get', 'core.autocrlf']);
  if (!['', 'false', '0', 'no', 'off'].includes(stdout.trim().toLowerCase())) return new Set();
  const fields = (
    await git.text(['check-attr', '-z', '--stdin', ...ATTRIBUTES], { input: paths.map((path) => `${path}\0`).join('') })
  ).split('\0');
  const plain = new Set(paths);
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', , value = ''] = fields.slice(at, at + 3);
    if (value !== 'unspecified' && value !== 'unset') plain.delete(path);
  }
  return plain;
}
