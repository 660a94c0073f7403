import { z } from 'zod';

const declared = z.record(z.string(), z.string().min(3)).default({});

export const migrations = z.strictObject({
  irreversible: declared.describe(
    'Migrations that can not be reversed, as app.0001_name, each with the reason why that is fine.',
  ),
  incompatible: declared.describe(
    'Migrations that the running release can not work with, as app.0001_name, each with the reason why that is fine.',
  ),
});
