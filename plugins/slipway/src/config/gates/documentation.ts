import { z } from 'zod';

const insideProject = z
  .string()
  .min(1)
  .refine(
    (path) => !path.startsWith('/') && !path.split('/').includes('..'),
    'a path inside the project, relative to its folder',
  );

export const documentation = z.strictObject({
  readme: z.boolean().default(true).describe('Whether the project must have a README that is not empty.'),
  links: z.boolean().default(true).describe('Whether relative links in Markdown files must lead somewhere.'),
  environment: z
    .boolean()
    .default(true)
    .describe('Whether each variable that Compose files and Django settings read must be in .env.example.'),
  apiSchema: z
    .strictObject({
      file: insideProject.describe('The committed description of the API (JSON or YAML), relative to the project.'),
      generated: insideProject.describe('The one that a producer makes of the code, e.g. reports/openapi.json.'),
    })
    .optional()
    .describe('Whether the committed description of the API must say the same as the code. Default: not asked for.'),
});
