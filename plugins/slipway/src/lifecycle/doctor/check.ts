import type { EnvironmentConfig } from '../../config/schema';
import type { StepContext } from '../context';
import type { Diagnosis } from './diagnosis';

/** What is examined. */
export interface Examined {
  readonly context: StepContext;
  /** The environments that were asked for. */
  readonly environments: readonly { readonly name: string; readonly config: EnvironmentConfig }[];
}

/** One thing to look at; it may tell several findings. What it throws is told as not known. */
export interface Check {
  readonly name: string;
  readonly examine: (examined: Examined) => Promise<readonly Diagnosis[]>;
}

/** Docker contexts of the environments, each once; null: the one in force. */
export function dockerContexts({ environments }: Examined): readonly (string | null)[] {
  return [...new Set(environments.map(({ config }) => config.context ?? null))];
}

/** Arguments that choose a Docker context. */
export function inContext(context: string | null): readonly string[] {
  return context === null ? [] : ['--context', context];
}

/** A finding's name, with the Docker context where it is not the one in force. */
export function named(name: string, context: string | null): string {
  return context === null ? name : `${name} (${context})`;
}

/** Milliseconds that one question may take. */
export const PATIENCE = 15_000;
