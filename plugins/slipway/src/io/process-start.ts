import { readFileSync } from 'node:fs';
import type { World } from './world';

/** Ticks a second in which Linux tells programs of time, on every platform that Node runs on. */
const TICKS = 100;

/** When a process started, in milliseconds since 1970, not later than it did; null where the system does not tell. */
export async function processStart({ run }: Pick<World, 'run'>, pid: number, now = Date.now()): Promise<number | null> {
  const fromKernel = startOnLinux(pid, now);
  if (fromKernel !== null || process.platform === 'linux' || process.platform === 'win32') return fromKernel;
  const { exitCode, stdout } = await run(['ps', '-o', 'etime=', '-p', String(pid)]);
  const seconds = exitCode === 0 ? parseElapsed(stdout.trim()) : null;
  return seconds === null ? null : now - (seconds + 1) * 1000;
}

/** Field 22 of /proc/<pid>/stat; the second field is the program's name in parentheses, which may hold anything. */
function startOnLinux(pid: number, now: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    const start = now - (uptime - started / TICKS) * 1000;
    return Number.isNaN(start) ? null : Math.floor(start);
  } catch {
    // No such process, or no such system: nobody tells.
    return null;
  }
}

/** `[[days-]hours:]minutes:seconds` in seconds. */
function parseElapsed(text: string): number | null {
  const match = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+)$/.exec(text);
  if (match === null) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
