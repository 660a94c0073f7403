import type { ExecutorContext } from '@nx/devkit';
import type { Step } from '../lifecycle/context';
import { runStep } from '../lifecycle/run-step';
import { workspaceOf } from './workspace';

/** What every executor takes. */
export interface CommonOptions {
  readonly dryRun?: boolean;
  readonly json?: string;
}

/**
 * An executor from a step: options → one call → outcome. The step is loaded when it runs, so that each process loads
 * only what it needs.
 */
export function stepExecutor<Options>(
  load: () => Step<Options>,
): (options: Options & CommonOptions, context: ExecutorContext) => Promise<{ success: boolean }> {
  return async (options, context) => ({
    success: await runStep({
      ...workspaceOf(context),
      load,
      options,
      dryRun: options.dryRun ?? false,
      json: options.json ?? null,
    }),
  });
}
