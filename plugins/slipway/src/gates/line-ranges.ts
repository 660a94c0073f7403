const MAX_RANGES = 8;

/** `3-8, 12, …` @param lines ascending */
export function lineRanges(lines: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const line of lines) {
    const open = ranges.at(-1);
    if (open && line === open.last + 1) open.last = line;
    else if (ranges.length === MAX_RANGES) return `${ranges.map(show).join(', ')}, …`;
    else ranges.push({ first: line, last: line });
  }
  return ranges.map(show).join(', ');
}

function show({ first, last }: { first: number; last: number }): string {
  return first === last ? String(first) : `${first}-${last}`;
}
