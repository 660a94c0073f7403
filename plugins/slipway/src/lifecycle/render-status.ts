import { oneLine, painter, renderTable, type RenderOptions } from '../render';
import { policyNotes } from './render-policy';
import { tellSignOffs } from './sign-offs';
import type { EnvironmentStatus, Status } from './steps/status';

export interface StatusRendering extends RenderOptions {
  readonly now: Date;
}

/** The status for a terminal: the environments as a table, then what holds and the next step. */
export function renderStatus(status: Status, options: StatusRendering): string[] {
  const paint = painter(options);
  const columns = [
    { title: 'Environment', shrink: false },
    { title: 'Version', shrink: false },
    { title: 'Health', shrink: false },
    { title: 'Images' },
    { title: 'Since', shrink: false },
    { title: 'By' },
  ];
  const rows = status.environments.map((environment) => [
    environment.environment,
    environment.version === null ? '-' : oneLine(environment.version),
    healthOf(environment, paint),
    imagesOf(environment) || '-',
    environment.since === null ? '-' : ago(environment.since, options.now),
    environment.by === null ? '-' : oneLine(environment.by.replace(/ <.*/, '')),
  ]);
  const lines =
    rows.length > 0 ? renderTable(columns, rows, { width: 110, ...options }) : ['No environment is configured.'];
  for (const environment of status.environments) {
    lines.push(...notesOf(environment));
    lines.push(...policyNotes(environment.environment, environment.policy, paint));
  }
  if (status.release !== null) {
    const { version, commit, steps, distTag, signOffs } = status.release;
    const path = steps.map(({ target, done }) =>
      done ? paint('green', target.replace('release-', '')) : paint('dim', `(${target.replace('release-', '')})`),
    );
    const channel = distTag === null || distTag === 'latest' ? '' : ` (${oneLine(distTag)})`;
    lines.push('', `Release ${oneLine(version)}${channel} at ${oneLine(commit.slice(0, 8))}: ${path.join(' → ')}`);
    if (signOffs.length > 0) lines.push(`Signed off by ${oneLine(tellSignOffs(signOffs))}`);
  } else lines.push('', 'No release is under way.');
  for (const { version, type, branch, tagged } of status.open) {
    if (version === status.release?.version || tagged) continue;
    lines.push(`Also open: ${type === 'hotfix' ? 'hotfix' : 'release'} ${oneLine(version)} on ${oneLine(branch)}`);
  }
  for (const { version, missing, branch, command } of status.forwardPorts) {
    const commits = missing.length === 1 ? 'a commit' : `${missing.length} commits`;
    lines.push(
      `Forward-port of hotfix ${oneLine(version)} is open: ${oneLine(branch)} lacks ${commits}`,
      `  mend it: ${oneLine(command)}`,
    );
  }
  if (status.next !== null) {
    lines.push(`Next: ${status.next.command}`);
    for (const { reason, remedy } of status.next.blockedBy)
      lines.push(`  blocked: ${oneLine(reason)}`, `  mend it: ${oneLine(remedy)}`);
  }
  return lines;
}

function notesOf({ environment, url, trouble, lastFailure, lock }: EnvironmentStatus): string[] {
  const notes: string[] = [];
  if (url !== null) notes.push(`  ${environment} is at ${oneLine(url)}`);
  if (trouble !== null) notes.push(`  ${environment}: ${oneLine(trouble)}`);
  if (lastFailure !== null) notes.push(`  ${environment} was rolled back or failed last with: ${oneLine(lastFailure)}`);
  if (lock !== null)
    notes.push(
      `  ${environment} is locked by ${oneLine(lock.holder)} since ${oneLine(lock.since)} for ${oneLine(lock.reason)}`,
    );
  return notes;
}

function healthOf({ health }: EnvironmentStatus, paint: ReturnType<typeof painter>): string {
  if (health === null) return '-';
  return health === 'healthy' ? paint('green', health) : paint(health === 'unhealthy' ? 'red' : 'yellow', health);
}

function imagesOf({ services }: EnvironmentStatus): string {
  return Object.entries(services)
    .map(([service, image]) => oneLine(`${service}@${image.replace('sha256:', '').slice(0, 8)}`))
    .join(' ');
}

/** `3 min ago`; the exact time is in `--json`. */
export function ago(at: string, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - new Date(at).getTime()) / 1000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}
