import { z } from 'zod';

/** Kinds of values that several parts of the schema share. */
export const percent = z.number().min(0).max(100);
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, 'a duration such as 500ms, 30s, 5m, 1h or 30d')
  .describe('A duration such as 500ms, 30s, 5m, 1h or 30d.');
export const workspacePath = z
  .string()
  .min(1)
  .refine(
    (path) => !path.startsWith('/') && !path.split('/').includes('..'),
    'a path inside the workspace, relative to its root',
  );
export const argv = z.array(z.string().min(1)).min(1).describe('Program and arguments; never run through a shell.');
export const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export const environmentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes, starting with a letter');
/** Name of a Compose service. */
export const serviceName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'the name of a Compose service');
