import { count } from '../gates/count';
import { auditLedger, type StreamAudit } from '../ledger/audit';
import { oneLine, painter } from '../render';
import { result, type StepContext, type StepResult } from './context';

/** `release-status --audit`: whether the ledger is whole. */
export async function auditStatus({ world, config, color }: StepContext): Promise<StepResult> {
  const { remote, ledger: store } = config.release;
  const streams = await auditLedger(world, { remote, store });
  const data = { streams };
  if (streams.length === 0) {
    const reason = 'the ledger holds no events, so there is nothing to verify';
    return result({ kind: 'refused', refusals: [{ id: 'ledgerEmpty', reason, remedy: 'plan a release first' }] }, data);
  }
  const lines = streams.flatMap((stream) => linesOf(stream, color));
  const broken = streams.filter(({ problems }) => problems.length > 0);
  const events = streams.reduce((sum, stream) => sum + stream.events, 0);
  if (broken.length === 0) {
    const signed = streams.reduce((sum, stream) => sum + stream.signed, 0);
    const summary = `the ledger is whole: ${events} events in ${count(streams.length, 'stream')}, ${signed} of them signed`;
    return result({ kind: 'done', summary }, data, lines);
  }
  return result(
    {
      kind: 'failed',
      reason: `the ledger is not to be relied on: ${broken.map(({ stream, problems }) => `${stream} has ${count(problems.length, 'problem')}`).join(', ')}`,
      remedy:
        'compare it with the clone of someone else (git log refs/slipway/ledger/<stream>) before anything is deployed',
    },
    data,
    lines,
  );
}

function linesOf({ stream, events, first, last, head, problems }: StreamAudit, color: boolean): string[] {
  const paint = painter({ color });
  const mark = problems.length === 0 ? paint('green', '✓') : paint('red', '✗');
  const span = first === null ? '' : `, first ${first}, last ${last ?? ''}`;
  return [
    `${mark} ${oneLine(stream)}: ${events} events${span}, head ${head.slice(0, 12)}`,
    ...problems.map((problem) => `    ${oneLine(problem)}`),
  ];
}
