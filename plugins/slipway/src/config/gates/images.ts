import { z } from 'zod';

export const images = z.strictObject({
  healthcheck: z
    .boolean()
    .default(true)
    .describe('Whether each image, or its service in every Compose file, must have a health check.'),
  nonRoot: z.boolean().default(true).describe('Whether each image must name a user other than root.'),
});
