import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCode } from '../io/error-code';

/** Which process holds a lock, exactly enough to tell later whether it still lives. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Start time in clock ticks since boot, so that a reused pid is not taken for the same process; null where the system doesn't tell. */
  readonly started: string | null;
  /** Id of this boot of the machine; null where the system doesn't tell. */
  readonly boot: string | null;
  /** The namespace that pids count in: containers of one machine may share everything else. */
  readonly namespace: string | null;
}

export function currentProcess(): ProcessIdentity {
  return {
    host: hostname(),
    pid: process.pid,
    started: readStat(process.pid)?.started ?? null,
    boot: tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: tryRead(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/**
 * Whether a process is known to be gone. Only what `me` can see counts: on another host, boot or pid namespace it is not known.
 */
export function isKnownDead(other: ProcessIdentity, me: ProcessIdentity): boolean {
  if (other.host !== me.host || other.boot !== me.boot || other.namespace !== me.namespace) return false;
  if (!exists(other.pid)) return true;
  const stat = readStat(other.pid);
  // A zombie has ended; only its parent has not taken note.
  if (stat?.state === 'Z' || stat?.state === 'X') return true;
  const started = stat?.started ?? null;
  return other.started !== null && started !== null && started !== other.started;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return errorCode(error) !== 'ESRCH';
  }
}

/** Fields 3 and 22 of /proc/<pid>/stat. The second field is the program's name in parentheses, which may hold anything. */
function readStat(pid: number): { readonly state: string; readonly started: string } | null {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? null : { state, started };
}

/** Systems without /proc don't tell: null stands for that. */
function tryRead(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
