import { z } from 'zod';

export const acceptance = z.strictObject({
  roles: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes, starting with a letter'))
    .default([])
    .describe('Roles that must have signed off the release (release-approve --as=…) before it is deployed anywhere.'),
});
