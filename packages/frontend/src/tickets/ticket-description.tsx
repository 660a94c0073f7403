const longestShownWhole = 280;

/** Short text as it is; of a long one the beginning, and all of it on request. */
export function TicketDescription({ text }: { text: string }) {
  if (text.trim() === '') return null;
  if (text.length <= longestShownWhole) return <p className="description">{text}</p>;
  return (
    <details className="description">
      <summary>{beginning(text)}…</summary>
      <p>{text}</p>
    </details>
  );
}

function beginning(text: string): string {
  const cut = text.slice(0, longestShownWhole / 2);
  const lastSpace = cut.lastIndexOf(' ');
  return (lastSpace > 0 ? cut.slice(0, lastSpace) : cut).trimEnd();
}
