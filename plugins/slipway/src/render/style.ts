/** How output may look. Passed in, never read from globals. */
export interface RenderOptions {
  readonly color: boolean;
  /** Columns of the terminal; default 100. */
  readonly width?: number;
}

export const DEFAULT_WIDTH = 100;

/** Whether to colour, by the customs of NO_COLOR and FORCE_COLOR. */
export function wantsColor(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTTY && env['TERM'] !== 'dumb';
}

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;
export type Style = keyof typeof CODES;
export type Paint = (style: Style, text: string) => string;

export function painter({ color }: RenderOptions): Paint {
  return (style, text) => {
    const [on, off] = CODES[style];
    return color && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
}
