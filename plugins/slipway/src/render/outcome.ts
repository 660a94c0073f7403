import { sentence, type Outcome } from '../ledger/outcome';
import { oneLine } from './neutralise';
import { painter, type RenderOptions, type Style } from './style';

/**
 * Lines that end a step: its one sentence; below a refusal each reason with what mends it.
 * Nothing is cut, because commands are there to be copied.
 */
export function renderOutcome(outcome: Outcome, options: RenderOptions): string[] {
  const paint = painter(options);
  const { symbol, style } = look(outcome);
  const lines = [`${paint(style, symbol)} ${paint('bold', oneLine(sentence(outcome)))}`];
  if (outcome.kind === 'refused') {
    // The sentence above holds the reasons; several are told apart below, each with what mends it.
    const several = outcome.refusals.length > 1;
    for (const { reason, remedy } of outcome.refusals) {
      if (several) lines.push(`  ${paint(style, '·')} ${oneLine(reason)}`);
      lines.push(`  ${several ? '  ' : ''}${paint('dim', 'next:')} ${paint('cyan', oneLine(remedy))}`);
    }
  } else if (outcome.kind === 'failed') {
    lines.push(`  ${paint('dim', 'next:')} ${paint('cyan', oneLine(outcome.remedy))}`);
  }
  return lines;
}

function look({ kind }: Outcome): { readonly symbol: string; readonly style: Style } {
  switch (kind) {
    case 'done':
    case 'alreadyDone':
    case 'wouldDo':
      return { symbol: '✔', style: 'green' };
    case 'waiting':
      return { symbol: '…', style: 'yellow' };
    case 'unknown':
      return { symbol: '?', style: 'yellow' };
    case 'refused':
    case 'failed':
    case 'rolledBack':
    case 'mixed':
      return { symbol: '✖', style: 'red' };
  }
}
