import { slipwayJsonSchema } from './json-schema';
import { slipwaySchema } from './schema';

/** The part of JSON Schema that the configuration's schema uses. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly description?: string;
}

const published = JSON.parse(JSON.stringify(slipwayJsonSchema())) as Schema & Record<string, unknown>;

const EXAMPLE = {
  $schema: './node_modules/nx-slipway/schema.json',
  release: {
    owner: 'platform',
    projects: ['web', 'platform'],
    tagPattern: 'v{version}',
    groups: { libs: { projects: ['libs/*'], versioning: 'independent' } },
  },
  commits: { types: { docs: 'patch', perf: 'none' }, strict: true, ignore: ['docs/**'] },
  gates: { coverage: { lines: 85 } },
  projects: { platform: { gates: { coverage: { notApplicable: 'nothing to cover' } } } },
  images: { web: { dockerfile: 'web/Dockerfile', context: ['web'], repository: 'shop/web', variable: 'WEB_IMAGE' } },
  environments: {
    staging: {
      compose: 'compose.staging.yml',
      project: 'shop-staging',
      verify: { probes: [{ name: 'web', http: 'http://127.0.0.1:3100/' }] },
    },
    prod: {
      compose: 'compose.prod.yml',
      project: 'shop-prod',
      requires: { verifiedIn: 'staging', tag: true, approvals: ['qa'] },
    },
  },
  notes: { issues: 'https://example.org/issues' },
};

describe('slipwayJsonSchema', () => {
  it('accepts what the configuration accepts, and refuses a wrong key and a wrong value', () => {
    expect(slipwaySchema.safeParse(EXAMPLE).success).toBe(true);
    expect(violations(published, EXAMPLE)).toEqual([]);
    expect(violations(published, {})).toEqual([]);
    expect(violations(published, { gatez: {} })).toEqual(['gatez: unknown']);
    expect(violations(published, { ...EXAMPLE, release: { tagPattern: 'v1' } })).toEqual([
      'release.tagPattern: pattern',
    ]);
    expect(violations(published, { images: { web: { dockerfile: 'Dockerfile' } } })).toContain(
      'images.web.context: missing',
    );
  });

  it('describes every top-level key', () => {
    const keys = Object.entries(published.properties ?? {});
    expect(keys.map(([key]) => key).sort()).toEqual(Object.keys(slipwaySchema.shape).sort());
    expect(keys.filter(([, schema]) => !schema.description).map(([key]) => key)).toEqual([]);
  });

  it('tells editors that comments are fine, and names no format that they do not know', () => {
    expect(published).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'slipway.json',
      allowComments: true,
      allowTrailingCommas: true,
    });
    expect(JSON.stringify(published)).not.toContain('"format"');
  });
});

/** A validator of just those keywords, strict about anything else: a new one must be looked at here. */
function violations(schema: Schema, value: unknown, path = ''): string[] {
  if (schema.anyOf)
    return schema.anyOf.some((option) => violations(option, value, path).length === 0)
      ? []
      : [`${path}: none of the options`];
  const at = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
  switch (schema.type) {
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: object`];
      const missing = (schema.required ?? []).filter((key) => !(key in value)).map((key) => `${at(key)}: missing`);
      return missing.concat(
        Object.entries(value).flatMap(([key, child]) => {
          const wrongName = schema.propertyNames ? violations(schema.propertyNames, key, at(key)) : [];
          const inner = schema.properties?.[key] ?? schema.additionalProperties;
          if (inner === false || inner === undefined) return [`${at(key)}: unknown`];
          return inner === true ? wrongName : [...wrongName, ...violations(inner, child, at(key))];
        }),
      );
    }
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => (schema.items ? violations(schema.items, item, at(index)) : []))
        : [`${path}: array`];
    case 'string':
      if (typeof value !== 'string') return [`${path}: string`];
      if (schema.enum && !schema.enum.includes(value)) return [`${path}: enum`];
      return schema.pattern === undefined || new RegExp(schema.pattern).test(value) ? [] : [`${path}: pattern`];
    case 'number':
    case 'integer':
      return typeof value === 'number' ? [] : [`${path}: number`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${path}: boolean`];
    default:
      throw new Error(`${path}: the test does not know ${JSON.stringify(schema)}`);
  }
}
