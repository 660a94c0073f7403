import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readPoints, seamVariables, type Point } from './points';
import type { Scene, Stage } from './stage';

export const DEPLOY = ['release-deploy', 'platform', '--env=staging'] as const;
export const ROLLBACK = ['release-rollback', 'platform', '--env=staging'] as const;
export const VERIFY = ['release-verify', 'platform', '--env=staging'] as const;

/** The step that is disturbed, and where it begins. */
export interface Scenario {
  readonly name: string;
  readonly scene: Scene;
  readonly command: readonly string[];
  /** The other way on, which somebody else tries at the same time. */
  readonly other: { readonly as: string; readonly command: readonly string[] };
}

/** The next release is deployed. */
export function deployment(stage: Stage): Scenario {
  const name = stage.schema === null ? 'deploy' : 'deploy with a database';
  return { name, scene: stage.ready, command: DEPLOY, other: { as: 'roll back', command: ROLLBACK } };
}

/** The next release serves and is verified, and is rolled back. */
export async function rollback(stage: Stage): Promise<Scenario> {
  const name = stage.schema === null ? 'rollback' : 'rollback with a database';
  const scene = await deployedScene(stage);
  return { name, scene, command: ROLLBACK, other: { as: 'deploy', command: DEPLOY } };
}

/** The next release serves in staging, and was verified there. */
export async function deployedScene(stage: Stage): Promise<Scene> {
  await stage.reset(stage.ready);
  for (const command of [DEPLOY, VERIFY]) await mustStep(stage, command);
  return stage.save('deployed', stage.after);
}

/** The side effects of a scenario that nobody disturbs. @throws where it fails, or the seam sees none */
export async function pointsOf(stage: Stage, { name, scene, command }: Scenario): Promise<readonly Point[]> {
  const log = join(dirname(stage.workspace.root), 'seam.log');
  await stage.reset(scene);
  await rm(log, { force: true });
  await mustStep(stage, command, seamVariables(log, null));
  const points = await readPoints(log);
  if (points.length === 0) throw new Error(`the seam saw no side effect of: ${name}`);
  return points;
}

/** Runs a step that has to succeed. */
export async function mustStep(
  stage: Stage,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { code, output } = await stage.step(command, join(dirname(stage.workspace.root), 'undisturbed.json'), env);
  if (code !== 0) throw new Error(`${command.join(' ')} failed although nobody disturbs it:\n${output}`);
}
