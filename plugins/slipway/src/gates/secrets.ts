import { createHash } from 'node:crypto';
import type { Severity } from '../reports/report';
import type { CheckResult, Finding } from './check';
import { isPlaceholder, SECRET_RULES } from './secret-rules';

const CHECK = 'secrets';
/** What is beyond is counted, and can't be waived. */
const MAX_FINDINGS = 200;
/** Lines are looked at in pieces of this many characters, each with the end of the one before. */
const PIECE = 4000;
const OVERLAP = 600;
/** Behind it stands why it is no secret; it counts for its own line and the next. */
const MARK = /slipway:allow-secret(?<reason>.*)$/;

/** A line that was added since the last release. */
export interface AddedText {
  /** Relative to the workspace. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
}

interface Secret {
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity;
  /** What can be shown of it. */
  readonly shown: string;
  /** Hex; the same for the same secret. */
  readonly hash: string;
}

/**
 * Whether lines hold secrets: well-known tokens, private keys, passwords in URLs, and random values under a telling name. No
 * secret is part of the result: of each one four characters at most, its length, and a hash.
 * @param added lines of the changes since the last release, in the order of their files
 * @param unread files of which nobody has lines, because they are binary
 */
export function judgeSecrets(added: readonly AddedText[], unread: readonly string[] = []): CheckResult {
  const found: (Secret & AddedText)[] = [];
  const allowed: string[] = [];
  added.forEach((one, index) => {
    const secrets = secretsIn(
      one,
      added.slice(index + 1, index + 3).filter(({ path }) => path === one.path),
    );
    if (secrets.length === 0) return;
    const before = added[index - 1];
    const reason = reasonIn(one.text) ?? (before && isNext(before, one) ? reasonIn(before.text) : null);
    if (reason === null) found.push(...secrets.map((secret) => ({ ...one, ...secret })));
    else allowed.push(`${one.path}:${one.line} (${reason})`);
  });
  const lines = added.length === 1 ? '1 added line' : `${added.length} added lines`;
  const count = found.length;
  return {
    check: CHECK,
    verdict: count === 0 ? 'pass' : 'fail',
    reason:
      added.length === 0
        ? 'no lines were added'
        : count === 0
          ? `no secret found in ${lines}`
          : `${count} ${count === 1 ? 'secret' : 'secrets'} in ${lines}`,
    measured: count,
    limit: 0,
    unit: 'count',
    findings: [
      ...found.slice(0, MAX_FINDINGS).map(findingOf),
      ...(count > MAX_FINDINGS ? [{ title: `and ${count - MAX_FINDINGS} more` }] : []),
    ],
    ...(count > MAX_FINDINGS ? { blocking: count } : {}),
    warnings: [
      ...listed(allowed, 'is marked as no secret', 'are marked as no secrets'),
      ...listed(unread, 'is binary, and was not looked at', 'are binary, and were not looked at'),
    ],
  };
}

function listed(all: readonly string[], one: string, several: string): string[] {
  if (all.length === 0) return [];
  const more = all.length > 10 ? ` and ${all.length - 10} more` : '';
  return [`${all.slice(0, 10).join(', ')}${more} ${all.length === 1 ? one : several}`];
}

function isNext(before: AddedText, one: AddedText): boolean {
  return before.path === one.path && before.line === one.line - 1;
}

/** A mark without a reason does not count. */
function reasonIn(text: string): string | null {
  const reason =
    MARK.exec(text.slice(-PIECE))
      ?.groups?.reason?.replace(/(?:\*\/|-->|\*\))\s*$/, '')
      .trim() ?? '';
  return /\p{L}{2}/u.test(reason) ? reason.slice(0, 200) : null;
}

function secretsIn({ text }: AddedText, following: readonly AddedText[]): Secret[] {
  const secrets = new Map<string, Secret>();
  const key = privateKeyIn(
    text,
    following.map((one) => one.text),
  );
  if (key) secrets.set(key.hash, key);
  for (let at = 0; at < text.length; at += PIECE - OVERLAP) {
    for (const secret of secretsInPiece(text.slice(at, at + PIECE))) secrets.set(secret.hash, secret);
    if (at + PIECE >= text.length) break;
  }
  return [...secrets.values()];
}

function secretsInPiece(piece: string): Secret[] {
  const taken: { readonly from: number; readonly to: number }[] = [];
  const secrets: Secret[] = [];
  for (const { id, title, severity, pattern, holds } of SECRET_RULES) {
    for (const match of piece.matchAll(pattern)) {
      const secret = match.groups?.secret ?? match[0];
      const from = match.index + match[0].lastIndexOf(secret);
      const to = from + secret.length;
      if (taken.some((one) => from < one.to && one.from < to)) continue;
      if (!(holds?.(secret, match) ?? !isPlaceholder(secret))) continue;
      taken.push({ from, to });
      secrets.push({ rule: id, title, severity, shown: mask(secret), hash: hashOf(secret) });
    }
  }
  return secrets;
}

const KEY = /-----BEGIN (?<kind>(?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY)(?: BLOCK)?-----(?<rest>.{0,4000})/;
const KEY_BODY = /[A-Za-z0-9+/=]{24}|Proc-Type:|^Version:/;

/** Its first line alone stands in many a text about keys; what follows it tells. */
function privateKeyIn(text: string, following: readonly string[]): Secret | null {
  const match = KEY.exec(text);
  if (!match) return null;
  const body = [match.groups?.rest ?? '', ...following].join('\n');
  if (!KEY_BODY.test(body)) return null;
  const kind = match.groups?.kind ?? 'PRIVATE KEY';
  return { rule: 'private-key', title: 'private key', severity: 'critical', shown: kind, hash: hashOf(body) };
}

function mask(secret: string): string {
  return `${secret.slice(0, Math.min(4, Math.floor(secret.length / 4)))}… (${secret.length} characters)`;
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 16);
}

function findingOf({ path, line, rule, title, severity, shown, hash }: Secret & AddedText): Finding {
  return {
    title: `${title}: ${shown}`,
    file: path,
    line,
    severity,
    fix: 'revoke it, and keep its successor outside of the repository; if it is no secret, write "slipway:allow-secret <why>" in its line',
    fingerprint: `${CHECK}:${rule}:${path}:${hash}`,
  };
}
