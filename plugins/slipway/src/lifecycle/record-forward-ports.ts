import { RELEASE_STREAM, type LedgerEventBody, type StoredEvent } from '../ledger/events';
import { LedgerError } from '../ledger/ledger';
import type { StepContext } from './context';
import { readForwardPorts } from './forward-ports';
import type { Situation } from './situation';

type Context = Pick<StepContext, 'world' | 'ledger' | 'config'>;

/** Records that main lacks these commits of a hotfix; once, whoever runs it again. */
export async function openForwardPort(
  { ledger }: Context,
  { version, commits }: { readonly version: string; readonly commits: readonly string[] },
): Promise<void> {
  if (commits.length === 0) return;
  await ledger.append(
    RELEASE_STREAM,
    { kind: 'forwardport.opened', version, commits },
    { unless: (events) => said(events, version, 'forwardport.opened') },
  );
}

/**
 * Records of each open forward-port whose commits main holds by now that it is closed. For steps that write anyway; where the ledger
 * can't be told, the next one does it.
 * @param main full id of main's commit where the step knows it better than this clone.
 */
export async function closeForwardPorts(
  context: Context,
  { release }: Pick<Situation, 'release'>,
  main?: string | null,
): Promise<void> {
  if (release.forwardPorts.length === 0) return;
  const { git, log } = context.world;
  const commit = main ?? (await mainHere(context));
  if (commit === null) return;
  for (const { version, missing } of await readForwardPorts(git, release, commit)) {
    if (missing.length > 0) continue;
    try {
      await context.ledger.append(
        RELEASE_STREAM,
        { kind: 'forwardport.closed', version, commit },
        { unless: (events) => said(events, version, 'forwardport.closed') },
      );
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      log.warn(`The ledger could not be told that the forward-port of ${version} is closed: ${error.message}`);
      return;
    }
    log.info(`${context.config.release.main} holds what hotfix ${version} mended: its forward-port is closed`);
  }
}

function said(events: readonly StoredEvent[], version: string, kind: LedgerEventBody['kind']): StoredEvent | null {
  return events.find(({ body }) => body.kind === kind && body.version === version) ?? null;
}

/** Main as the remote had it when it was asked last, else the local one; null where this clone knows of none. */
export async function mainHere(context: Pick<Context, 'world' | 'config'>): Promise<string | null> {
  return (await mainsHere(context))[0] ?? null;
}

/** Commits of main as the remote had it when it was asked last, and as it is here: one of them, both or none. */
export async function mainsHere({
  world: { git },
  config,
}: Pick<Context, 'world' | 'config'>): Promise<readonly string[]> {
  const { remote, main } = config.release;
  const found: string[] = [];
  for (const ref of [`refs/remotes/${remote}/${main}`, `refs/heads/${main}`]) {
    const { exitCode, stdout } = await git.run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    if (exitCode === 0) found.push(stdout.trim());
  }
  return found;
}
