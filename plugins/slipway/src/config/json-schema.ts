import { z } from 'zod';
import { slipwaySchema } from './schema';

/** JSON Schema, with the two keywords of the JSON language service that editors share. */
export type SlipwayJsonSchema = z.core.JSONSchema.BaseSchema & {
  readonly allowComments: true;
  readonly allowTrailingCommas: true;
};

/**
 * The schema of `slipway.json` for editors: what a person may write, so keys with a default are optional.
 * Draft 7, which editors know best. Published as `nx-slipway/schema.json`.
 */
export function slipwayJsonSchema(): SlipwayJsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(slipwaySchema, {
    io: 'input',
    target: 'draft-7',
    override: dropUnknownFormat,
  });
  return {
    $schema,
    title: 'slipway.json',
    description: 'Configuration of Slipway. Everything is optional; comments and trailing commas are allowed.',
    allowComments: true,
    allowTrailingCommas: true,
    ...schema,
  };
}

/** zod names its own text checks as formats, which validators don't know; the pattern beside it says the same. */
function dropUnknownFormat({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === 'includes' || jsonSchema.format === 'starts_with') delete jsonSchema.format;
}
