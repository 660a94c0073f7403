/** Names of variables whose values are never shown. */
const SECRET_NAME = /PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|DSN|PRIVATE|AUTH|_UR[IL]$/i;
/** Shorter values would blot out ordinary words. */
const SHORTEST_SECRET = 4;

/** Terminal sequences are what is taken out. */
const TERMINAL_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-_])/g;
/** Control characters other than tab and newline. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Values of variables that look secret by their name, longest first. */
export function secretsOf(variables: ReadonlyMap<string, string>): readonly string[] {
  return [...variables]
    .filter(([name, value]) => SECRET_NAME.test(name) && value.trim().length >= SHORTEST_SECRET)
    .map(([, value]) => value)
    .sort((a, b) => b.length - a.length);
}

/** Text of a service or a tool, made fit to be shown: no terminal sequences, no secrets. */
export function sanitise(text: string, secrets: readonly string[] = []): string {
  const clean = text.replace(TERMINAL_SEQUENCES, '').replace(/\r\n?/g, '\n').replace(CONTROL, '');
  return secrets.reduce((result, secret) => result.split(secret).join('***'), clean);
}

/** The last lines that say something, each at most `width` characters. */
export function lastLines(text: string, count: number, width = 200): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
}
