import { freezeProblems } from '../freeze-problems';
import type { ReleaseCheck } from './release-check';
import { problemsResult } from './verdict-result';

/** What came after the bump is allowed there, and the notes tell of it. */
export const freezeCheck: ReleaseCheck = {
  id: 'freeze',
  title: 'Feature freeze',
  run: async ({ context, situation, release, bumped, commit }) => {
    const problems = await freezeProblems(context, situation.release, { release, bumped, commit });
    const passed =
      bumped === commit
        ? 'nothing came after the bump'
        : 'only what may be added came after the bump, and the notes tell';
    return problemsResult('freeze', problems, passed);
  },
};
