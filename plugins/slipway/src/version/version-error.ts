/** A version that can't be what was asked of it. The message names the version and why. */
export class VersionError extends Error {
  override readonly name = 'VersionError';
  constructor(
    /** As it was given. */
    readonly version: string,
    why: string,
  ) {
    super(`${JSON.stringify(version)} ${why}`);
  }
}
