import { z } from 'zod';

export const accessibility = z.strictObject({
  signOffs: z
    .string()
    .default('accessibility.json')
    .describe(
      'File of the project, relative to it, with what persons judged: criteria that no tool can test, and incomplete results.',
    ),
  maxAge: z.number().int().min(1).default(365).describe('Days after which a sign-off has to be given anew.'),
});
