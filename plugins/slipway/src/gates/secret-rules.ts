import { percentDecoded } from '../io/percent-decoded';
import type { Severity } from '../reports/report';

/** A form in which secrets are written. */
export interface SecretRule {
  readonly id: string;
  /** For people, e.g. `GitHub token`. */
  readonly title: string;
  readonly severity: Severity;
  /** Global. Its group `secret`, else the whole match, is the secret. No part of it may repeat without bound inside another. */
  readonly pattern: RegExp;
  /** Whether what was matched is one for sure; default: it is no placeholder. */
  readonly holds?: (secret: string, match: RegExpExecArray) => boolean;
}

/** Words of which documentation and templates make values that are no secret. */
const PLACEHOLDER =
  /example|sample|changeme|change[-_]me|placeholder|dummy|redacted|replace|your[-_]|insert[-_]|x{5,}|0{8,}|12345678|abcdefgh|\*{3,}|\.{3}|…/i;
/** A value that is worked out elsewhere: `${NAME}`, `{{ name }}`, `<name>`, `%(name)s`, `$(command)`. */
const TEMPLATE = /\$\{|\{\{|\$\(|<[^>]*>|%\(|%[A-Z_]+%|^\$[A-Za-z_]/;
/** Passwords that everybody has on a machine of their own; nobody keeps them secret. */
const COMMON =
  /^(?:postgres|postgresql|mysql|mariadb|redis|guest|root|admin|user|pass|passw(?:or)?d|secret|test|testing|dev|local)$/i;

export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || TEMPLATE.test(value) || COMMON.test(value) || new Set(value).size < 4;
}

/** Shannon entropy, in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const total = [...text].length;
  return [...counts.values()].reduce((sum, count) => sum - (count / total) * Math.log2(count / total), 0);
}

/** Words, paths and names score as much, so a value must also mix letters with digits or signs. */
const MIN_ENTROPY = 3;

function looksRandom(value: string): boolean {
  if (isPlaceholder(value) || /:\/\/|^\.{0,2}\/|\s/.test(value)) return false;
  // Names, also dotted ones, and calls: `settings.API_KEY`, `get_token(`.
  if (/^[A-Za-z_][A-Za-z_.\-]*(?:\(.*)?$/.test(value) || /[()[\]{};]/.test(value)) return false;
  return /[A-Za-z]/.test(value) && /[\d!#$%^&*+=~?|]/.test(value) && entropyOf(value) >= MIN_ENTROPY;
}

const NAME =
  '[\\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|signing[_-]?key|credentials?)[\\w-]{0,20}';

/** Specific ones first: what one of them matched is not told again by a general one. */
export const SECRET_RULES: readonly SecretRule[] = [
  rule('aws-access-key', 'AWS access key', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g),
  rule(
    'github-token',
    'GitHub token',
    /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g,
  ),
  rule('gitlab-token', 'GitLab token', /\bgl(?:pat|dt|rt|ptt|ft|soat|imt|agent|cbt)-[\w-]{20,300}/g),
  rule('slack-token', 'Slack token', /\bxox[abeoprs]-[\w-]{10,300}/g),
  rule(
    'slack-webhook',
    'Slack webhook',
    /https:\/\/hooks\.slack\.com\/services\/T\w{6,20}\/B\w{6,20}\/(?<secret>\w{16,40})/g,
  ),
  rule('npm-token', 'npm token', /\bnpm_[A-Za-z0-9]{36}\b/g),
  rule('pypi-token', 'PyPI token', /\bpypi-AgEI[\w-]{50,500}/g),
  rule('google-api-key', 'Google API key', /\bAIza[\w-]{35}(?![\w-])/g),
  rule('stripe-key', 'Stripe live key', /\b[sr]k_live_[A-Za-z0-9]{16,200}\b/g),
  rule('sendgrid-key', 'SendGrid key', /\bSG\.[\w-]{22}\.[\w-]{43}(?![\w-])/g),
  rule('ai-api-key', 'API key of an AI service', /\bsk-(?:proj|svcacct|ant-[a-z]{2,10}\d{2})-[\w-]{20,300}/g),
  {
    ...rule('jwt', 'JSON web token', /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{16,2000}/g),
    severity: 'high',
  },
  {
    ...rule(
      'url-password',
      'password in a URL',
      /\b[a-z][a-z0-9+]{1,20}:\/\/(?<user>[^\s:/@'"`]{0,100}):(?<secret>[^\s@'"`/]{3,200})@[^\s'"`]/gi,
    ),
    severity: 'high',
    holds: (secret, match) => !isPlaceholder(percentDecoded(secret)) && secret !== match.groups?.user,
  },
  {
    ...rule(
      'assigned-secret',
      'secret that is assigned',
      new RegExp(`(?<![\\w.-])${NAME}["']?\\s{0,5}(?::=|=>|[:=])\\s{0,5}(["'\`])(?<secret>[^"'\`\\s]{8,200})\\1`, 'gi'),
    ),
    severity: 'high',
    holds: looksRandom,
  },
  {
    ...rule(
      'assigned-secret',
      'secret that is assigned',
      // Environment files, YAML and INI: the rest of the line is the value.
      new RegExp(
        `^\\s{0,40}(?:export\\s{1,5}|-\\s{1,5})?${NAME}\\s{0,5}[:=]\\s{0,5}(?<secret>[^"'\`\\s#]{8,200})\\s{0,5}(?:#.*)?$`,
        'gi',
      ),
    ),
    severity: 'high',
    holds: looksRandom,
  },
];

function rule(id: string, title: string, pattern: RegExp): SecretRule {
  return { id, title, severity: 'critical', pattern };
}
