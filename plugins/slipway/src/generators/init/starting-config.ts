import type { Deployment } from './compose-proposal';

export interface StartingPoint {
  /** Null where a release would have no members yet. */
  readonly owner: string | null;
  /** Null where `nx.json` names them already. */
  readonly members: readonly string[] | null;
  readonly deployment: Deployment | null;
}

/** A commented `slipway.json` to start from. Deployment is only proposed: nothing is deployed that nobody decided on. */
export function startingConfig({ owner, members, deployment }: StartingPoint): string {
  const blocks = [
    key('$schema', './node_modules/nx-slipway/schema.json'),
    ...(owner === null
      ? []
      : [
          comment('Projects that share one version; the owner carries the release targets.'),
          key('release', { owner, ...(members === null ? {} : { projects: members }) }),
        ]),
    ...(deployment === null
      ? []
      : [
          comment('Where releases are deployed, by what the Compose files tell. Check it, complete what stands in'),
          comment('<angle brackets>, and take the slashes away: each environment then gets its release targets.'),
          comment(key('images', deployment.images)),
          comment(key('environments', deployment.environments)),
        ]),
    comment('What every project has to reach before a release, in percent.'),
    key('gates', { tests: { passRate: 100 }, coverage: { lines: 80 } }, { last: true }),
  ];
  const lines = blocks.flatMap((block) => block.split('\n')).map((line) => `  ${line}`);
  return `{\n${lines.join('\n')}\n}\n`;
}

function key(name: string, value: unknown, { last = false } = {}): string {
  return `${JSON.stringify(name)}: ${format(value)}${last ? '' : ','}`;
}

/** As Prettier would: two spaces, and on one line what holds nothing nested. */
function format(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const list = Array.isArray(value);
  const entries = Object.entries(value).map(([name, child]: [string, unknown]) => ({ name, child }));
  const inner = (by: string): string[] =>
    entries.map(({ name, child }) => (list ? '' : `${JSON.stringify(name)}: `) + format(child, by));
  const [open, close] = list ? ['[', ']'] : ['{ ', ' }'];
  const line = `${open}${inner('').join(', ')}${close}`;
  const flat = entries.every(({ child }) => typeof child !== 'object' || child === null);
  if (flat && line.length <= 80) return line;
  const deeper = `${indent}  `;
  return `${open.trim()}\n${inner(deeper)
    .map((text) => deeper + text)
    .join(',\n')}\n${indent}${close.trim()}`;
}

function comment(text: string): string {
  return text
    .split('\n')
    .map((line) => `// ${line}`)
    .join('\n');
}
