import type { LedgerEventBody, Stream } from './events';

const LENGTH = 100;

/** The subject line of an event's commit: what `git log --oneline refs/slipway/ledger/prod` shows. One line, whatever the texts hold. */
export function eventSubject(stream: Stream, body: LedgerEventBody): string {
  return oneLine(describe(stream, body));
}

/** Control characters and line breaks of every kind become spaces; long texts are cut. */
export function oneLine(text: string): string {
  const flat = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return flat.length > LENGTH ? `${flat.slice(0, LENGTH - 1)}…` : flat;
}

function describe(stream: Stream, body: LedgerEventBody): string {
  const { version } = body;
  switch (body.kind) {
    case 'planned':
      return `plan ${version}: ${body.type}, ${body.projects.length} project(s)`;
    case 'abandoned':
      return `abandon ${version}: ${body.reason}`;
    case 'forwardport.opened':
      return `forward-port ${version}: open, ${body.commits.length} commit(s)`;
    case 'forwardport.closed':
      return `forward-port ${version}: closed by ${short(body.commit)}`;
    case 'bump.intent':
      return `bump ${version}: begins`;
    case 'bump.outcome':
      return `bump ${version}: ${body.outcome}`;
    case 'check':
      return `check ${version}: ${body.passed ? 'passed' : 'failed'} at ${short(body.commit)}`;
    case 'images':
      return `images ${version}: ${Object.keys(body.services).length} service(s), ${body.built.length} built`;
    case 'approval':
      return `approve ${version}: as ${body.role}`;
    case 'tag.intent':
      return `tag ${version}: begins, ${body.tag} at ${short(body.commit)}`;
    case 'tag.outcome':
      return `tag ${version}: ${body.outcome}, ${body.tag} at ${short(body.commit)}`;
    case 'deploy.intent':
      return `deploy ${stream} ${version}: begins`;
    case 'deploy.outcome':
      return `deploy ${stream} ${version}: ${body.outcome}`;
    case 'verify.outcome':
      return `verify ${stream} ${version}: ${body.health}`;
    case 'rollback.intent':
      return `rollback ${stream} ${version}: begins, to ${body.to.version}`;
    case 'rollback.outcome':
      return `rollback ${stream} ${version}: ${body.outcome}, to ${body.to}`;
    case 'step.intent':
      return `${body.step} ${stream} ${version}: begins`;
    case 'step.outcome':
      return `${body.step} ${stream} ${version}: ${body.outcome}`;
    case 'lock.taken':
      return `lock ${stream}: ${body.stolen === undefined ? 'taken' : 'stolen'} from ${body.from}`;
    case 'bypass.requested':
      return `bypass ${stream} ${version}: asked for, ${body.reason}`;
    case 'debt.opened':
      return `debts ${stream} ${version}: ${body.debts.length} opened`;
    case 'debt.settled':
      return `debts ${stream} ${version}: ${body.id} settled`;
    case 'other':
      return `${body.name} ${version}`;
  }
}

function short(commit: string): string {
  return commit.slice(0, 8);
}
