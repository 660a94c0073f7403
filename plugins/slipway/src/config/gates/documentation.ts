import { z } from 'zod';

export const documentation = z.strictObject({
  readme: z.boolean().default(true).describe('Whether the project must have a README that is not empty.'),
  links: z.boolean().default(true).describe('Whether relative links in Markdown files must lead somewhere.'),
  environment: z
    .boolean()
    .default(true)
    .describe('Whether each variable that Compose files and Django settings read must be in .env.example.'),
});
