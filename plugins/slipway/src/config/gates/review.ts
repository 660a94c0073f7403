import { z } from 'zod';

export const review = z.strictObject({
  approvals: z
    .number()
    .int()
    .min(0)
    .default(2)
    .describe('Persons who must have approved each change, besides its author and committer.'),
  source: z
    .enum(['auto', 'github', 'offline'])
    .default('auto')
    .describe(
      'auto: GitHub where the remote is there and a token is given, else Reviewed-by trailers and approvals in the ledger.',
    ),
  role: z
    .string()
    .default('reviewer')
    .describe('Role whose sign-offs (release-approve --as=…) count as approvals of the whole release.'),
  api: z.string().optional().describe("GitHub's API, for an own host: https://github.example.org/api/v3."),
});
