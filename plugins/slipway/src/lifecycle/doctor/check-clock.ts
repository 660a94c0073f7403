import { docker, EngineError } from '../../image/engine';
import { errorMessage } from '../../io/error-message';
import { LedgerError } from '../../ledger/ledger';
import { RELEASE_STREAM } from '../../ledger/events';
import { dockerContexts, inContext, named, PATIENCE, type Check, type Examined } from './check';
import { bad, good, unknown, type Diagnosis } from './diagnosis';

/** Seconds that clocks may differ: freezes, expiries and the order of events are read in minutes. */
const TOLERANCE = 30;
const REMEDY = 'set the clock, and let it be kept: timedatectl set-ntp true';

/**
 * The time here against whatever else tells it: the web server that holds the remote, the engines, and the newest event of the ledger,
 * which can't be of tomorrow. Two clocks that agree may both be wrong; where nothing outside of this machine tells, it is unknown.
 */
export const checkClock: Check = {
  name: 'clock',
  async examine(examined) {
    const found = [await againstServer(examined), await againstLedger(examined), ...(await againstEngines(examined))];
    return found.flatMap((diagnosis) => (diagnosis === null ? [] : [diagnosis]));
  },
};

async function againstServer({ context: { world, config } }: Examined): Promise<Diagnosis> {
  const { stdout } = await world.git.run(['remote', 'get-url', config.release.remote]);
  const url = /^https?:/.test(stdout) ? new URL(stdout.trim()) : null;
  if (url === null)
    return unknown('clock', 'nothing near tells the right time: the remote is no web server', 'compare: date -u');
  const begun = world.clock.now().getTime();
  try {
    const response = await fetch(url.origin, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const date = Date.parse(response.headers.get('date') ?? '');
    const now = (begun + world.clock.now().getTime()) / 2;
    if (Number.isNaN(date)) return unknown('clock', `${url.host} does not tell the time`, 'compare: date -u');
    return judge('clock', now - date, `the web server ${url.host}`);
  } catch (error) {
    return unknown('clock', `${url.host} did not answer: ${errorMessage(error)}`, 'compare: date -u');
  }
}

/** Null where there is nothing to be said against it. */
async function againstLedger({ context: { world, ledger, config } }: Examined): Promise<Diagnosis | null> {
  try {
    const streams = [RELEASE_STREAM, ...Object.keys(config.environments)];
    const newest = (await Promise.all(streams.map((stream) => ledger.read(stream))))
      .flatMap((events) => events.slice(-1))
      .sort((a, b) => (a.at < b.at ? 1 : -1))[0];
    if (newest === undefined) return null;
    const ahead = (Date.parse(newest.at) - world.clock.now().getTime()) / 1_000;
    if (ahead <= TOLERANCE) return null;
    return bad(
      'clock against ledger',
      `the newest event, of ${newest.by}, is ${Math.round(ahead)} s in the future: this clock or theirs is wrong`,
      REMEDY,
    );
  } catch (error) {
    // That the ledger can't be read is told where its locks are.
    if (error instanceof LedgerError) return null;
    throw error;
  }
}

async function againstEngines(examined: Examined): Promise<readonly Diagnosis[]> {
  const { world } = examined.context;
  const found: Diagnosis[] = [];
  for (const context of dockerContexts(examined)) {
    const name = named('clock of docker', context);
    try {
      const begun = world.clock.now().getTime();
      const { exitCode, stdout } = await docker(
        world.run,
        [...inContext(context), 'info', '--format', '{{.SystemTime}}'],
        {
          timeout: PATIENCE,
        },
      );
      const now = (begun + world.clock.now().getTime()) / 2;
      const date = Date.parse(stdout.trim());
      found.push(
        exitCode !== 0 || Number.isNaN(date)
          ? unknown(name, 'the engine does not tell the time')
          : judge(name, now - date, 'the engine'),
      );
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      found.push(unknown(name, error.message, error.remedy));
    }
  }
  return found;
}

function judge(name: string, difference: number, whose: string): Diagnosis {
  const seconds = Math.round(difference / 1_000);
  const told =
    seconds === 0 ? `agrees with ${whose}` : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ${whose}`;
  return Math.abs(seconds) <= TOLERANCE ? good(name, told) : bad(name, told, REMEDY);
}
