import type { ProjectCheckId } from '../../config/gates/gates';
import { CONFIG_FILE } from '../../config/load';
import { writeVerdict, type ProjectVerdict } from '../../gates';
import { checkOf } from '../../gates/judge';
import { explain, renderVerdict, verdictFiles } from '../../render';
import { result, type Step, type StepContext, type StepResult } from '../context';
import { gateOutcome } from '../gate-outcome';
import { readGateOptions, type GateOptions, type GateWish } from '../gate-options';
import { judgeIn, prepareJudging } from '../judge-member';
import { writeReceipt } from '../receipts';
import { addToStepSummary } from '../step-summary';

/** Judges one project's reports against policy. Pure but for the verdict it writes, so Nx may cache it. */
export const gate: Step<GateOptions> = async (context, options) => {
  const { world, project } = context;
  const wish = await readGateOptions(world.root, options);
  if ('refusals' in wish) return result({ kind: 'refused', refusals: wish.refusals });
  const { verdict } = await judgeIn(await prepareJudging(context, wish), project);
  return gateResult(context, wish, verdict);
};

/** What comes of a verdict: its files, unless it only says what would be, and what is told. */
export async function gateResult(context: StepContext, wish: GateWish, verdict: ProjectVerdict): Promise<StepResult> {
  const { color, dryRun } = context;
  const path = dryRun || wish.whatIf !== null ? null : await keepVerdict(context, verdict);
  return result(
    gateOutcome(verdict, { ...wish, written: path !== null }),
    { verdict, path },
    wish.explain === null ? renderVerdict(verdict, { color }) : explained(context, verdict, wish.explain),
  );
}

function explained(
  { config, project, projects, color }: StepContext,
  verdict: ProjectVerdict,
  check: ProjectCheckId,
): readonly string[] {
  const targets = projects.find(({ name }) => name === project)?.targets ?? [];
  const inferred = checkOf(check).producers.filter((target) => targets.includes(target));
  return explain(verdict, check, {
    color,
    producers: [...inferred, ...(config.projects[project]?.producers ?? ['test'])],
    waivers: typeof config.waivers === 'string' ? config.waivers : CONFIG_FILE,
  });
}

/** Writes a verdict with what people and other tools read of it. @returns its path relative to the workspace */
async function keepVerdict(
  {
    world,
    projects,
  }: Pick<StepContext, 'projects'> & {
    readonly world: Pick<StepContext['world'], 'root' | 'env' | 'log' | 'git' | 'run'>;
  },
  verdict: ProjectVerdict,
): Promise<string> {
  const root = projects.find(({ name }) => name === verdict.project)?.root ?? '.';
  const files = verdictFiles(verdict, { root, workspace: world.root });
  const path = await writeVerdict(world.root, verdict, files);
  await writeReceipt(world, verdict);
  await addToStepSummary(world, files['summary.md'] ?? '');
  return path;
}
