/** One step of a build, as the classic builder or BuildKit announces it. */
export interface BuildStep {
  readonly step: number;
  readonly of: number;
  readonly instruction: string;
}

const CLASSIC = /^Step (\d+)\/(\d+) ?: (.+)$/;
const BUILDKIT = /^#\d+ \[(?:\S+ )?(\d+)\/(\d+)\] (.+)$/;
const WIDTH = 80;

/** Reads one line of a build's output; null where it announces no step. */
export function readBuildStep(line: string): BuildStep | null {
  const [, step, of, text] = CLASSIC.exec(line) ?? BUILDKIT.exec(line) ?? [];
  if (step === undefined || of === undefined || text === undefined) return null;
  const instruction = text.replace(/\s+/g, ' ').trim();
  return {
    step: Number(step),
    of: Number(of),
    instruction: instruction.length > WIDTH ? `${instruction.slice(0, WIDTH - 1)}…` : instruction,
  };
}
