import type { Git } from '../io/git';

/** Who acts here, `Name <email>`, as the ledger will record it. */
export async function personOf(git: Git): Promise<string> {
  const ident = await git.text(['var', 'GIT_AUTHOR_IDENT']);
  return ident.replace(/ \d+ [+-]\d{4}$/, '');
}
