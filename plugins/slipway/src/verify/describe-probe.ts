import type { Probe } from '../config/schema';
import type { ProbeKind } from '../ledger/events';
import { showAddress } from './address';

export function kindOf(probe: Probe): ProbeKind {
  if ('http' in probe) return 'http';
  if ('tcp' in probe) return 'tcp';
  if ('command' in probe) return 'command';
  if ('log' in probe) return 'log';
  if ('restarts' in probe) return 'restarts';
  return 'prometheus';
}

/** What a probe asks, as it is configured: variables by their names, without credentials. For ledger, report and terminal. */
export function queryOf(probe: Probe): string {
  if ('http' in probe) return showAddress(probe.http);
  if ('tcp' in probe) return probe.tcp;
  if ('command' in probe) return showAddress(probe.command.join(' '));
  if ('log' in probe) return `log of ${names(probe.log.services)}: ${probe.log.errors.join(' | ')}`;
  if ('restarts' in probe) return `restarts of ${names(probe.restarts.services)}`;
  const { query, range } = probe.prometheus;
  return range === undefined ? query : `${range.aggregate ?? 'each point'} of ${query} [${range.window}:${range.step}]`;
}

function names(services: readonly string[] | undefined): string {
  return services?.join(', ') ?? 'all services';
}
