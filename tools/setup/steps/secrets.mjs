// The test stack needs passwords, as every stack does; its own are made on each machine.
import { makeSecrets } from '../../secrets.mjs';

/**
 * @param {string} root absolute path of the workspace
 * @returns {Promise<import('../lib/report.mjs').Outcome>}
 */
export async function ensureTestSecrets(root) {
  const [{ file, made }] = makeSecrets(root, ['test']);
  return { changed: made, detail: made ? `${file} made` : file };
}
