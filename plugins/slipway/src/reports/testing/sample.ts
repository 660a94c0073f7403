import type { ProjectCheckId } from '../../config/gates/gates';
import type { ReportFormat } from '../registry';

/**
 * A valid report, and what its check says of it by the default policy. Unit tests read them; the fuzz run changes them and
 * holds the new verdict against what is said here.
 */
export interface ReportSample {
  readonly format: ReportFormat;
  readonly check: ProjectCheckId;
  readonly verdict: 'pass' | 'fail';
  readonly content: string;
  /** Further reports, of any format, without which the check can't come to this verdict. They are never changed. */
  readonly beside?: readonly string[];
  /**
   * Of a failing one: at least two pieces of the content, far from each other, each of which alone is a reason to fail, written
   * with enough around it to be unmistakable (`"violations":[{"id":"image-alt"`). While one of them is left, it must not pass.
   */
  readonly evidence?: readonly string[];
  /** Pieces with one number each that the rest has to agree with (`tests="3"`): with another number it must not pass. */
  readonly claims?: readonly string[];
  /** Pieces that can't go missing unnoticed (one test case of several, where a header counts them): without one it must not pass. */
  readonly parts?: readonly string[];
  /**
   * Only of formats that have no end of their own (LCOV, CSV): what a whole record ends with. A file that breaks off right behind
   * one is a valid, shorter report, which nobody can tell from a whole one.
   */
  readonly recordEnd?: string;
}
