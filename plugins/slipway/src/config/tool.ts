interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** This tool's own name and version, for records. The manifest lies two folders up from here, compiled or not. */
export function tool(): Manifest {
  const { name, version } = require('../../package.json') as Manifest;
  return { name, version };
}
