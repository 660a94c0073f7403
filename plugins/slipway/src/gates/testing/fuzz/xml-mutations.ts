import { anyMatch, ODD_NUMBERS, replaceAt, type Mutation } from './mutation';

const START_TAG = /<[A-Za-z][\w.-]*(?:\s+[\w:.-]+="[^"<]*")*\s*\/?>/g;
const ATTRIBUTE = /\s[\w:.-]+="[^"<]*"/g;
const ELEMENT = /<([A-Za-z][\w.-]*)\b[^<>]*(?:\/>|>[^<]*<\/\1>)/g;
const ANY_TAG = /<\/?[A-Za-z][^<>]*>/g;

export const xmlMutations: readonly Mutation[] = [
  replace('an element missing', ELEMENT, () => ''),
  replace('an element twice', ELEMENT, (match) => match + match),
  replace('an element emptied', ELEMENT, (match) => match.replace(/>[^<]*<\//, '></').replace(/\s[^<>]*(\/?>)/, '$1')),
  replace('an element commented out', ELEMENT, (match) => `<!--${match}-->`),
  replace('an unknown element', START_TAG, (match) => `<surprise/>${match}`),
  replace('a tag missing', ANY_TAG, () => ''),
  replace('a tag renamed', ANY_TAG, (match) => match.replace(/[A-Za-z]\w*/, 'other')),
  replace('an attribute missing', ATTRIBUTE, () => ''),
  replace('an attribute twice', ATTRIBUTE, (match) => match + match),
  replace('an attribute emptied', ATTRIBUTE, (match) => match.replace(/"[^"]*"/, '""')),
  replace('an attribute of markup', ATTRIBUTE, (match) => match.replace(/="/, '="&lt;&#0;')),
  {
    name: 'an odd number in an attribute',
    change: (text, random) => {
      const match = anyMatch(text, /="(\d+)"/g, random);
      const odd = random.pick(ODD_NUMBERS).replaceAll('"', '');
      return match && replaceAt(text, match.index, match[0].length, `="${odd}"`);
    },
  },
  {
    name: 'entities of its own',
    change: (text) =>
      isXml(text) ? `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${withoutProlog(text)}` : null,
  },
  { name: 'a root around it', change: (text) => (isXml(text) ? `<root>${withoutProlog(text)}</root>` : null) },
  { name: 'two roots', change: (text) => (isXml(text) ? `${text}${withoutProlog(text)}` : null) },
];

function replace(name: string, pattern: RegExp, by: (match: string) => string): Mutation {
  return {
    name,
    change: (text, random) => {
      const match = isXml(text) ? anyMatch(text, pattern, random) : null;
      return match && replaceAt(text, match.index, match[0].length, by(match[0]));
    },
  };
}

function isXml(text: string): boolean {
  return /^\ufeff?\s*</.test(text);
}

function withoutProlog(text: string): string {
  return text.replace(/^\ufeff?\s*<\?xml[^>]*\?>/, '').replace(/<!DOCTYPE[^>[]*>/, '');
}
