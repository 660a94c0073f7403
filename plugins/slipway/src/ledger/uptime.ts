import { uptime } from 'node:os';

/**
 * Milliseconds since this machine started, sleep included. Unlike the time of day nobody sets it, so it measures how long a lock was
 * held, also across processes of one boot.
 */
export type Uptime = () => number;

export const sinceBoot: Uptime = () => Math.round(uptime() * 1_000);
