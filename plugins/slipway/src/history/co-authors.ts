/** Somebody as a commit names them; text of others, as it was written. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

const TOKEN = 'co-authored-by:';

/** Who a commit message says had a part in it (`Co-authored-by: name <address>`), each address once. */
export function coAuthorsOf(message: string): readonly Person[] {
  // Most messages name nobody.
  if (!/co-authored-by:/i.test(message)) return [];
  const people = new Map<string, Person>();
  // By hand, not by an expression: a line of a stranger's message may be long.
  for (const line of message.split(/\r?\n/)) {
    if (line.slice(0, TOKEN.length).toLowerCase() !== TOKEN) continue;
    const person = line.slice(TOKEN.length).trim();
    const open = person.indexOf('<');
    if (open <= 0 || person.indexOf('>') !== person.length - 1) continue;
    const name = person.slice(0, open).trim();
    const email = person.slice(open + 1, -1).trim();
    const key = email.toLowerCase();
    if (name !== '' && !people.has(key)) people.set(key, { name, email });
  }
  return [...people.values()];
}
