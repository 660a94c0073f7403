import { inconclusive, notApplicable } from '../../gates/check';
import { judgeSecrets, type AddedText } from '../../gates/secrets';
import { DIFF_OPTIONS, parseAddedLines } from '../../history/diff-lines';
import { TRUE_HISTORY } from '../../history/read-log';
import type { ReleaseCheck } from './release-check';

/** A diff that is larger is not looked through: all of it is held in memory. */
const MAX_DIFF = 64 * 1024 * 1024;

/** No secret is among the lines that the release adds; in a first release that is all there is. */
export const secretsCheck: ReleaseCheck = {
  id: 'secrets',
  title: 'Secrets',
  run: async ({ context, last, commit }) => {
    if (!context.config.gates.security.secrets)
      return notApplicable('secrets', { notApplicable: 'gates.security.secrets is false' }, 'count');
    const { git } = context.world;
    const from = last?.commit ?? (await git.text(['hash-object', '-t', 'tree', '--stdin'], { input: '' }));
    const args = ['diff', ...DIFF_OPTIONS, '--relative', '--no-renames', from, commit, '--'];
    const diff = await git.text(args, { env: TRUE_HISTORY });
    if (diff.length > MAX_DIFF) {
      const size = Math.round(diff.length / 1024 / 1024);
      return inconclusive(
        'secrets',
        0,
        `the changes since the last release are too large to look through (${size} MB)`,
        'count',
      );
    }
    const { files, binary } = parseAddedLines(diff === '' ? '' : `${diff}\n`);
    const added = files.flatMap(({ path, lines }) => lines.map(({ line, text }): AddedText => ({ path, line, text })));
    const found = judgeSecrets(added, binary);
    return last === null ? { ...found, reason: `${found.reason} (all files: no release came before)` } : found;
  },
};
