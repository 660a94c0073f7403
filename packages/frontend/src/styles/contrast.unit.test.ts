/** Holds the colours of tokens.css to WCAG 2.1 AA: 1.4.3 (text, 4.5:1) and 1.4.11 (controls and focus, 3:1). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const css = readFileSync(join(__dirname, 'tokens.css'), 'utf8');

/** The custom properties of the n-th `:root` block that are colours: 0 is light, 1 is dark. */
function palette(nth: number): Map<string, string> {
  const block = [...css.matchAll(/:root\s*\{([^}]*)\}/g)][nth]?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name ?? '', value ?? '']),
  );
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const text: [string, string][] = [
  ['ink', 'page'],
  ['ink', 'surface'],
  ['ink', 'accent-tint'],
  ['ink-soft', 'page'],
  ['ink-soft', 'surface'],
  ['accent', 'surface'],
  ['accent', 'accent-tint'],
  ['accent-strong', 'accent-tint'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['danger', 'page'],
  ['danger', 'surface'],
  ['danger', 'danger-tint'],
  ['low', 'low-tint'],
  ['normal', 'normal-tint'],
  ['high', 'high-tint'],
  ['urgent', 'urgent-tint'],
];

const nonText: [string, string][] = [
  ['control', 'page'],
  ['control', 'surface'],
  ['accent', 'page'],
  ['danger', 'surface'],
  ['focus', 'page'],
  ['focus', 'surface'],
];

it('computes contrast as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each([
  ['light', 0],
  ['dark', 1],
])('the %s colours', (_scheme, nth) => {
  const colours = palette(nth);
  const of = (name: string): string => {
    const colour = colours.get(name);
    if (colour === undefined) throw new Error(`tokens.css has no colour --${name} in :root block ${nth}.`);
    return colour;
  };

  it.each(text)('keep %s readable on %s', (ink, ground) => {
    expect(contrast(of(ink), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(nonText)('keep %s visible on %s', (mark, ground) => {
    expect(contrast(of(mark), of(ground))).toBeGreaterThanOrEqual(3);
  });
});
