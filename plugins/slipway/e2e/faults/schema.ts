import { start } from '../support/processes';
import { cleanEnvironment } from '../support/environment';
import type { Configuration } from '../support/files';
import type { Workspace } from '../support/workspace';

/** The database of a stage: a file on a volume, moved by a program of the service's own image, as any other database is. */
export interface Schema {
  /** Names of the migrations that are applied. */
  applied(): Promise<readonly string[]>;
  set(names: readonly string[]): Promise<void>;
  cleanUp(): Promise<void>;
}

/** What each release brings. The second one's can not stay when the first one serves again. */
export const MIGRATIONS = {
  first: ['0001_tickets EXPAND'],
  second: ['0001_tickets EXPAND', '0002_priority EXPAND', '0003_without_notes CONTRACT'],
} as const;

export const LIST = 'packages/api/migrations';
const MIGRATE = ['perl', '/srv/migrate.pl'];

/** Takes its time for each migration, holds a lock as a database does, and goes on when the client that started it is killed. */
const PROGRAM = `use strict;
use Fcntl ':flock';
my ($verb) = @ARGV;
my $file = '/data/schema';
open(my $lock, '>>', '/data/lock') or die "no lock: $!\\n";
flock($lock, LOCK_EX) or die "no lock: $!\\n";
sub lines { open(my $in, '<', $_[0]) or return (); chomp(my @lines = <$in>); return @lines }
sub name { my ($line) = @_; $line =~ s/ (?:EXPAND|CONTRACT|IRREVERSIBLE)$//; return $line }
sub store {
  open(my $out, '>', "$file.new") or die "can't write: $!\\n";
  print $out map { "$_\\n" } @_;
  close($out) or die "can't write: $!\\n";
  rename("$file.new", $file) or die "can't write: $!\\n";
}
my @known = lines('/srv/migrations');
my @applied = lines($file);
my %applied = map { $_ => 1 } @applied;
my %wanted = map { $_ => 1 } split(/\\n/, $ENV{SLIPWAY_MIGRATIONS} // '');
my @pending = grep { !$applied{name($_)} } @known;
my @leaving = reverse grep { !$wanted{$_} } @applied;
if ($verb eq 'state') { print map { "$_\\n" } @applied }
elsif ($verb eq 'plan') { print map { "$_\\n" } @pending }
elsif ($verb eq 'plan-down') { print map { "$_\\n" } @leaving }
elsif ($verb eq 'up') { for my $next (@pending) { select(undef, undef, undef, 0.3); push @applied, name($next); store(@applied) } }
elsif ($verb eq 'down') { for my $last (@leaving) { select(undef, undef, undef, 0.3); @applied = grep { $_ ne $last } @applied; store(@applied) } }
else { die "no such verb\\n" }
`;

/** Holds the volume. It is mounted over a folder that anybody may write to, and takes that over. */
const SERVICE = `  db:
    image: debian:bookworm-slim
    user: '65534'
    command: ['sleep', 'infinity']
    volumes: ['data:/tmp']
    stop_grace_period: 1s
    healthcheck: { test: ['CMD', 'test', '-w', '/tmp'], interval: 1s, timeout: 5s, retries: 30 }
volumes: { data: {} }
`;

/** For `slipway.json`. */
export function configureSchema(configuration: Configuration): void {
  const command = (verb: string): readonly string[] => [...MIGRATE, verb];
  configuration.environments.staging['database'] = {
    migrations: {
      ...{ preset: 'commands', service: 'api', state: command('state'), plan: command('plan') },
      ...{ migrate: command('up'), reverse: command('down'), planReverse: command('plan-down') },
    },
    backup: {
      ...{ preset: 'commands', service: 'db', keep: 3 },
      ...{ dump: ['cat', '/tmp/schema'], restore: ['tee', '/tmp/schema'], prove: ['grep', '-q', '.'] },
    },
    timeout: '30s',
  };
}

/** Gives the workspace's service its data and what migrates them; written, not committed. */
export async function addSchema(workspace: Workspace): Promise<Schema> {
  const compose = 'packages/platform/docker-compose.staging.yml';
  const services = await workspace.read(compose);
  const own = "    volumes: ['data:/data']\n    depends_on: { db: { condition: service_healthy } }\n";
  await workspace.write({
    [compose]: `${services.replace('  api:\n', `  api:\n${own}`)}${SERVICE}`,
    'packages/platform/service/migrate.pl': PROGRAM,
    [LIST]: list(MIGRATIONS.first),
  });
  const project = workspace.composeProject('staging');
  const volume = `${project}_data`;
  const inside = async (...argv: readonly string[]): Promise<string> => {
    // In whatever image is there: the service itself may be stopped.
    const args = ['run', '--rm', '--network', 'none', '--volume', `${volume}:/data`, 'debian:bookworm-slim', ...argv];
    const { code, output } = await start(['docker', ...args], { cwd: '/', env: cleanEnvironment() }).ended;
    if (code !== 0) throw new Error(`the database of the stage can't be read: ${output}`);
    return output.trim();
  };
  return {
    applied: async () => (await inside('cat', '/data/schema')).split('\n').filter((line) => line !== ''),
    set: async (names) => {
      // Of the service's own user, who writes it later.
      await inside('sh', '-c', 'printf "%s\\n" "$@" > /data/schema && chown 65534:65534 /data/*', 'sh', ...names);
    },
    cleanUp: async () => {
      await start(['docker', 'volume', 'rm', '--force', volume], { cwd: '/', env: cleanEnvironment() }).ended;
    },
  };
}

export function list(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

export function names(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.split(' ')[0] ?? line);
}
