import type { EnvironmentConfig } from '../../config/schema';
import { createAssets, type Assets } from '../../deploy/assets';
import { createDriver } from '../../deploy/drivers/create-driver';
import type { Driver } from '../../deploy/drivers/driver';
import type { StepCommands } from '../../deploy/session';
import { command, type StepContext } from '../context';
import { atomisedTarget, environmentOfTarget } from '../chain';

/** What deployment, verification and rollback need of one environment. */
export interface EnvironmentStep {
  readonly config: EnvironmentConfig;
  readonly driver: Driver;
  readonly commands: StepCommands;
  readonly assets: Assets;
}

export function environmentStep(context: StepContext, environment: string): EnvironmentStep {
  const config = context.config.environments[environment];
  if (!config) throw new Error(`there is no environment "${environment}"`);
  const { images, registry } = context.config;
  const env = `--env=${environment}`;
  const { world } = context;
  const driver = createDriver({ world, environment, config, images, registry });
  const commands = {
    deploy: command(context, 'release-deploy', env),
    verify: command(context, 'release-verify', env),
    rollback: command(context, 'release-rollback', env),
    status: command(context, 'release-status'),
  };
  return {
    config,
    driver,
    commands,
    assets: createAssets({ world, driver, environment, config, retry: commands.deploy }),
  };
}

/** The environment of an atomised target: its name says it, no option can change it. */
export function ownEnvironment(context: StepContext, step: 'deploy' | 'verify'): string {
  const environment = environmentOfTarget(context.target);
  if (environment !== null) return environment;
  throw new Error(`${context.target} is not named like ${atomisedTarget(step, '<environment>')}`);
}
