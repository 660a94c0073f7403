import { createHash, randomBytes } from 'node:crypto';

/** SQL texts for PostgreSQL 10 and newer. */

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Databases that Slipway makes beside the application's own, by what they are for. */
const SCRATCH = { proof: 'slipway_proof_', restore: 'slipway_restore_', replaced: 'slipway_replaced_' } as const;
export type Scratch = keyof typeof SCRATCH;

/** A name for a database beside `database`: whose it is can be told from it, since a server may serve several environments. */
export function scratchName(kind: Scratch, database: string): string {
  return `${SCRATCH[kind]}${tagOf(database)}_${randomBytes(4).toString('hex')}`;
}

function tagOf(database: string): string {
  return createHash('sha256').update(database).digest('hex').slice(0, 8);
}

/** One name a line: what earlier runs left behind beside `database`. */
export function leftOver(kinds: readonly Scratch[], database: string): string {
  const patterns = kinds.map((kind) => `datname ~ ${literal(`^${SCRATCH[kind]}${tagOf(database)}_[0-9a-f]{8}$`)}`);
  return `SELECT datname FROM pg_database WHERE ${patterns.join(' OR ')};`;
}

export function isScratch(name: string, kind: Scratch): boolean {
  return name.startsWith(SCRATCH[kind]);
}

/** Ends what other sessions do in a database; what may not be ended is left to the next statement to complain of. */
export function endSessions(database: string): string {
  return end(`datname = ${literal(database)}`);
}

/** Ends the sessions of what was cut off: a dump's locks would hold migrations up. */
export function endApplication(name: string): string {
  return end(`application_name = ${literal(name)}`);
}

/** Prints nothing. */
function end(whose: string): string {
  const sessions = `FROM pg_stat_activity WHERE ${whose} AND pid <> pg_backend_pid()`;
  return `DO ${literal(`BEGIN PERFORM pg_terminate_backend(pid) ${sessions}; END`)};`;
}

export function drop(database: string): string {
  return `${endSessions(database)}\nDROP DATABASE IF EXISTS ${identifier(database)};`;
}

/** One JSON object: what a copy of the current database has to have in common with it. */
export const DESCRIBE = `SELECT to_jsonb(d) || jsonb_build_object('owner', pg_get_userbyid(d.datdba), 'encodingName', pg_encoding_to_char(d.encoding),
  'bytes', pg_database_size(d.oid), 'mayCreate', (SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user))
FROM pg_database d WHERE d.datname = current_database();`;

/** What {@link DESCRIBE} tells. Columns that an older PostgreSQL lacks are absent. */
export interface Description {
  readonly owner: string;
  readonly encodingName: string;
  readonly datcollate: string;
  readonly datctype: string;
  /** `c`: of the C library; `i`: of ICU; `b`: built in. */
  readonly datlocprovider?: string | undefined;
  /** PostgreSQL 15 and 16. */
  readonly daticulocale?: string | null | undefined;
  /** PostgreSQL 17 and newer. */
  readonly datlocale?: string | null | undefined;
}

/** An empty database that sorts and encodes as the described one, with its owner. */
export function createLike(name: string, of: Description): string {
  const options = [
    `OWNER ${identifier(of.owner)}`,
    'TEMPLATE template0',
    `ENCODING ${literal(of.encodingName)}`,
    `LC_COLLATE ${literal(of.datcollate)}`,
    `LC_CTYPE ${literal(of.datctype)}`,
  ];
  const locale = of.datlocale ?? of.daticulocale;
  if (of.datlocprovider === 'i' && locale != null) options.push('LOCALE_PROVIDER icu', `ICU_LOCALE ${literal(locale)}`);
  if (of.datlocprovider === 'b' && locale != null)
    options.push('LOCALE_PROVIDER builtin', `BUILTIN_LOCALE ${literal(locale)}`);
  return `CREATE DATABASE ${identifier(name)} ${options.join(' ')};`;
}

/**
 * Rows of every table that a dump holds, as `["schema.table", rows]`, one JSON array a line. What belongs to an extension comes with the
 * extension, and no table of one counts twice.
 */
export const COUNT_ROWS = `SELECT format('SELECT json_build_array(%L, (SELECT count(*) FROM ONLY %I.%I))', n.nspname || '.' || c.relname, n.nspname, c.relname)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
\\gexec
`;

/** Settings and rights that belong to a database and to no dump of it. They are printed as statements, and run by \\gexec. */
export function copySettings(from: string, to: string): string {
  const database = `(SELECT oid FROM pg_database WHERE datname = ${literal(from)})`;
  // Values of these are lists of quoted names already.
  const lists = `('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')`;
  return `SELECT CASE WHEN s.setrole = 0 THEN format('ALTER DATABASE %I', ${literal(to)})
  ELSE format('ALTER ROLE %I IN DATABASE %I', pg_get_userbyid(s.setrole), ${literal(to)}) END
  || format(' SET %I TO ', split_part(c, '=', 1))
  || CASE WHEN split_part(c, '=', 1) IN ${lists} THEN substr(c, strpos(c, '=') + 1) ELSE quote_literal(substr(c, strpos(c, '=') + 1)) END
FROM pg_db_role_setting s, unnest(s.setconfig) c WHERE s.setdatabase = ${database}
\\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', ${literal(to)}) FROM pg_database
WHERE oid = ${database} AND datacl IS NOT NULL
\\gexec
SELECT format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, ${literal(to)},
  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END,
  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM pg_database d, aclexplode(d.datacl) a WHERE d.oid = ${database}
\\gexec
`;
}

/** Puts one database in the place of another: both names change, or none. */
export function swap(current: string, next: string, aside: string): string {
  return [
    endSessions(current),
    endSessions(next),
    'BEGIN;',
    `ALTER DATABASE ${identifier(current)} RENAME TO ${identifier(aside)};`,
    `ALTER DATABASE ${identifier(next)} RENAME TO ${identifier(current)};`,
    'COMMIT;',
  ].join('\n');
}
