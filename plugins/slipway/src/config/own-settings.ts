import { z } from 'zod';

type Undefaulted<S extends z.core.$ZodType> =
  S extends z.ZodDefault<infer T> ? T : S extends z.ZodPrefault<infer T> ? T : S;
type OwnShape<S extends z.core.$ZodShape> = { [K in keyof S]: z.ZodOptional<Undefaulted<S[K]>> };

/**
 * The same settings without defaults: what a project leaves out is the workspace's, not the default.
 * zod's own `partial()` would fill the defaults in.
 */
export function ownSettings<S extends z.core.$ZodShape>(
  settings: z.ZodObject<S, z.core.$strict>,
): z.ZodObject<OwnShape<S>, z.core.$strict> {
  const entries = Object.entries(settings.shape).map(([key, schema]) => {
    const bare = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
    return [key, z.optional(bare)];
  });
  return z.strictObject(Object.fromEntries(entries) as OwnShape<S>);
}
