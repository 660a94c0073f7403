import { anyMatch, ODD_NUMBERS, replaceAt, type Mutation } from './mutation';
import type { Random } from './random';

const NOISE = [
  ...'<>{}[]",:&;/\\\'=- \n\r\t\0%#@0',
  '\ufeff',
  '\ud800',
  '😀',
  '<!--',
  '-->',
  ']]>',
  '<![CDATA[',
  '/*',
  '&amp;',
  '&x;',
  '\u2028',
];
/** Words that say how something ended, so that one stands where another was. */
const WORDS = [
  'passed',
  'failed',
  'skipped',
  'pending',
  'todo',
  'error',
  'true',
  'false',
  'null',
  'critical',
  'high',
  'low',
  'info',
  'violations',
  'passes',
  'incomplete',
  '0',
  '200',
  '500',
];

const place = (text: string, random: Random): number => random.between(0, text.length - 1);

export const textMutations: readonly Mutation[] = [
  {
    name: 'noise put in',
    change: (text, random) => replaceAt(text, place(text, random), 0, random.pick(NOISE).repeat(random.between(1, 3))),
  },
  {
    name: 'characters taken out',
    change: (text, random) => replaceAt(text, place(text, random), random.between(1, 12), ''),
  },
  {
    name: 'a character changed',
    change: (text, random) => replaceAt(text, place(text, random), 1, String.fromCharCode(random.between(1, 126))),
  },
  {
    name: 'an odd number',
    change: (text, random) => {
      const match = anyMatch(text, /\d+(\.\d+)?/g, random);
      return match && replaceAt(text, match.index, match[0].length, random.pick(ODD_NUMBERS));
    },
  },
  {
    name: 'a digit changed',
    change: (text, random) => {
      const match = anyMatch(text, /\d/g, random);
      return match && replaceAt(text, match.index, 1, String(random.between(0, 9)));
    },
  },
  {
    name: 'a word for another',
    change: (text, random) => {
      const match = anyMatch(text, new RegExp(`\\b(?:${WORDS.slice(0, -3).join('|')})\\b`, 'g'), random);
      return match && replaceAt(text, match.index, match[0].length, random.pick(WORDS));
    },
  },
  {
    name: 'a piece twice',
    change: (text, random) => {
      const start = place(text, random);
      return replaceAt(text, start, 0, text.slice(start, start + random.between(1, 400)));
    },
  },
  {
    name: 'a piece missing',
    change: (text, random) => replaceAt(text, place(text, random), random.between(10, 600), ''),
  },
  {
    name: 'two pieces swapped',
    change: (text, random) => {
      const [a = 0, b = 0, c = 0, d = 0] = [0, 0, 0, 0].map(() => place(text, random)).sort((x, y) => x - y);
      return text.slice(0, a) + text.slice(c, d) + text.slice(b, c) + text.slice(a, b) + text.slice(d);
    },
  },
  { name: 'a line missing', change: (text, random) => changeLine(text, random, () => []) },
  { name: 'a line twice', change: (text, random) => changeLine(text, random, (line) => [line, line]) },
  {
    name: 'a line cut',
    change: (text, random) => changeLine(text, random, (line) => [line.slice(0, random.between(0, line.length))]),
  },
  { name: 'lines in another order', change: (text, random) => shuffle(text, random) },
  { name: 'the whole twice', change: (text) => `${text}\n${text}` },
  { name: 'the end missing', change: (text, random) => text.slice(0, -random.between(1, Math.min(80, text.length))) },
  { name: 'other line ends', change: (text) => text.replaceAll('\n', '\r\n') },
  {
    name: 'deep nesting put in',
    change: (text, random) => replaceAt(text, place(text, random), 0, random.pick(['[', '{"a":', '<a>']).repeat(300)),
  },
];

function changeLine(text: string, random: Random, change: (line: string) => string[]): string | null {
  const lines = text.split('\n');
  if (lines.length < 3) return null;
  const at = random.between(0, lines.length - 1);
  lines.splice(at, 1, ...change(lines[at] ?? ''));
  return lines.join('\n');
}

function shuffle(text: string, random: Random): string | null {
  const lines = text.split('\n');
  if (lines.length < 3) return null;
  const [from, to] = [random.between(0, lines.length - 1), random.between(0, lines.length - 1)];
  lines.splice(to, 0, ...lines.splice(from, random.between(1, 5)));
  return lines.join('\n');
}
