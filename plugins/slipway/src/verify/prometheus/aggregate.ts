export type Aggregate = 'mean' | 'min' | 'max' | 'sum' | 'median' | 'p95' | 'last';

/** One value of the points of a window, oldest first. @param points at least one. */
export function aggregate(points: readonly number[], by: Aggregate): number {
  switch (by) {
    case 'mean':
      return sum(points) / points.length;
    case 'min':
      return Math.min(...points);
    case 'max':
      return Math.max(...points);
    case 'sum':
      return sum(points);
    case 'median':
      return quantile(points, 0.5);
    case 'p95':
      return quantile(points, 0.95);
    case 'last':
      return points.at(-1) ?? Number.NaN;
  }
}

function sum(points: readonly number[]): number {
  return points.reduce((total, point) => total + point, 0);
}

/** With linear interpolation between the two nearest, as Prometheus' `quantile_over_time`. */
function quantile(points: readonly number[], share: number): number {
  const sorted = [...points].sort((a, b) => a - b);
  const rank = share * (sorted.length - 1);
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}
