import { useId, useState } from 'react';

const longestShownWhole = 280;

/** Short text as it is; of a long one the beginning, and all of it on request. */
export function TicketDescription({ reference, text }: { reference: string; text: string }) {
  const [whole, setWhole] = useState(false);
  const id = useId();
  if (text.trim() === '') return null;
  if (text.length <= longestShownWhole) return <p className="description">{text}</p>;
  return (
    <div>
      <p className="description" id={id}>
        {whole ? text : `${beginning(text)}…`}
      </p>
      <button
        type="button"
        className="link-button"
        aria-expanded={whole}
        aria-controls={id}
        onClick={() => setWhole(!whole)}
      >
        {whole ? 'Show less' : 'Show all'}
        <span className="visually-hidden"> of {reference}</span>
      </button>
    </div>
  );
}

function beginning(text: string): string {
  const cut = text.slice(0, longestShownWhole / 2);
  const lastSpace = cut.lastIndexOf(' ');
  return (lastSpace > 0 ? cut.slice(0, lastSpace) : cut).trimEnd();
}
