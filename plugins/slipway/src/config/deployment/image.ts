import { z } from 'zod';
import { workspacePath } from '../values';

/** How one image of the release is built, and by which name it goes. */
export const image = z.strictObject({
  dockerfile: workspacePath.describe('Dockerfile, relative to the workspace.'),
  context: z
    .array(workspacePath)
    .min(1)
    .describe(
      'Files and folders of the build context, relative to the workspace; taken from the commit, never from the tree.',
    ),
  repository: z.string().min(1).describe('Name the image is tagged with, e.g. helpdesk/backend.'),
  variable: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .describe('Variable by which the compose file takes the image, e.g. BACKEND_IMAGE.'),
  base: z.array(z.string()).default([]).describe('Base images; their local ids are part of the digest.'),
});
