import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const platformRoot = join(__dirname, '..');

export interface ComposeService {
  readonly image?: string;
  readonly build?: unknown;
  readonly pull_policy?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly restart?: string;
  readonly privileged?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly healthcheck?: {
    readonly test: readonly string[];
    readonly interval?: string;
    readonly timeout?: string;
    readonly retries?: number;
    readonly disable?: boolean;
  };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

export const environments = ['test', 'staging', 'prod'] as const;
export type Environment = (typeof environments)[number];

export function composeText(environment: Environment): string {
  return read(`docker-compose.${environment}.yml`);
}

/** The compose file with its anchors resolved and its variables as they are written. */
export function composeFile(environment: Environment): ComposeFile {
  return parse(composeText(environment), { merge: true }) as ComposeFile;
}

/** Every compose file's services: [file, service name, service]. */
export function everyService(): [Environment, string, ComposeService][] {
  return environments.flatMap((environment) =>
    Object.entries(composeFile(environment).services).map(([name, service]): [Environment, string, ComposeService] => [
      environment,
      name,
      service,
    ]),
  );
}

/** Services that have a Dockerfile: one folder each. */
export function dockerfileServices(): string[] {
  return readdirSync(platformRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(platformRoot, entry.name)).includes('Dockerfile'))
    .map((entry) => entry.name)
    .sort();
}

/** Instructions of a Dockerfile in order, continued lines joined, comments left out: [keyword, rest]. */
export function instructions(service: string): [string, string][] {
  const text = read(`${service}/Dockerfile`)
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ');
  return [...text.matchAll(/^([A-Z]+)\s+(.*)$/gm)].map(([, keyword = '', rest = '']) => [keyword, rest.trim()]);
}

/** `NAME=value` lines. */
export function envFile(path: string): Map<string, string> {
  return new Map(
    [...read(path).matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Variables that Compose takes from outside: name → whether the file gives a default or refuses to go without. */
export function composeVariables(text: string): Map<string, 'default' | 'required' | 'bare'> {
  // What `:+` puts in place of a value is nothing where there is none.
  const kinds = { '-': 'default', '+': 'default', '?': 'required' } as const;
  return new Map(
    [...text.matchAll(/(?<!\$)\$(?:\{([A-Z][A-Z0-9_]*)(?::([-?+]))?|([A-Z][A-Z0-9_]*))/g)].map(
      ([, braced, operator, plain]) => [
        braced ?? plain ?? '',
        operator === '-' || operator === '+' || operator === '?' ? kinds[operator] : 'bare',
      ],
    ),
  );
}

export function read(path: string): string {
  return readFileSync(join(platformRoot, path), 'utf8');
}
