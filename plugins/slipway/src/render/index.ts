export { neutralise, oneLine } from './neutralise';
export { renderOutcome } from './outcome';
export { painter, wantsColor, type Paint, type RenderOptions, type Style } from './style';
export { renderTable, type Column } from './table';
export { pad, stringWidth, truncate, wrap } from './text-width';
export { placeOf, renderVerdict, VERDICTS } from './verdict';
export { verdictMarkdown } from './verdict-markdown';
