import { percentDecoded } from '../io/percent-decoded';

/** An address without what authenticates, and the header that says it instead: `fetch` takes no credentials in URLs. */
export interface Address {
  readonly url: string;
  readonly authorization: string | null;
  /** What must not be shown. */
  readonly secrets: readonly string[];
}

/** @param text a URL with its variables resolved; null where it is none. */
export function parseAddress(text: string): Address | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const { username, password } = url;
  if (username === '' && password === '') return { url: text, authorization: null, secrets: [] };
  const [user, secret] = [percentDecoded(username), percentDecoded(password)];
  url.username = '';
  url.password = '';
  const authorization = basic(user, secret);
  const secrets = [username, password, user, secret, authorization.slice('Basic '.length)];
  return {
    url: url.href,
    authorization,
    secrets: secrets.filter((value) => value.length >= SHORTEST_SECRET),
  };
}

const SHORTEST_SECRET = 4;

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Names of parameters whose values are not shown. */
const SECRET_PARAMETER = /([?&][^=&#]*(?:pass|secret|token|key|auth|sig|credential)[^=&#]*=)[^&#\s]*/gi;

/** A URL, or a command that holds some, as it is configured, fit to be shown: variables by their names, and without credentials that were written out. */
export function showAddress(text: string): string {
  // Variables stay: they tell nothing, and a person finds the place by them.
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, '$1***@').replace(SECRET_PARAMETER, '$1***');
}
