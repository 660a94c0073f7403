import type { DeployedRelease } from './events';

/** What of an event, or of anything larger, names a release and its images. */
export function deployedRelease({ version, commit, services, references }: DeployedRelease): DeployedRelease {
  return { version, commit, services, ...(references === undefined ? {} : { references }) };
}
