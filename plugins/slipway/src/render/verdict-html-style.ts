/** The page's only style. Colours have a contrast of 4.5 or more on their ground, in light and dark. */
export const VERDICT_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --panel: #f6f7f9; --line: #d5d9e0; --text: #1c2230; --soft: #525b6b; --link: #0b57a4;
  --good: #14663a; --good-ground: #e3f4ea; --bad: #a31621; --bad-ground: #fde8e8; --doubt: #7a4a00; --doubt-ground: #fff1d6;
  --none: #525b6b; --none-ground: #eceef2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12151b; --panel: #1a1f28; --line: #343c4a; --text: #e6e9ef; --soft: #a7b0c0; --link: #8ab8f5;
    --good: #7fdba4; --good-ground: #12301f; --bad: #ff9c9c; --bad-ground: #3b1618; --doubt: #f6c667; --doubt-ground: #362708;
    --none: #a7b0c0; --none-ground: #262c37;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .5rem; display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; }
h2 { font-size: 1.15rem; margin: 0; display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; }
p { margin: .25rem 0; }
.soft { color: var(--soft); }
.verdict {
  display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-size: .85rem; font-weight: 600; white-space: nowrap;
  color: var(--none); background: var(--none-ground);
}
h1 .verdict { font-size: 1rem; }
.pass { color: var(--good); background: var(--good-ground); }
.fail { color: var(--bad); background: var(--bad-ground); }
.waived, .inconclusive { color: var(--doubt); background: var(--doubt-ground); }
.scroll { overflow-x: auto; margin: 1.5rem 0; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid var(--line); }
thead th { font-size: .85rem; color: var(--soft); font-weight: 600; }
tbody th { font-weight: 600; white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.why { min-width: 18rem; }
a { color: var(--link); }
section { background: var(--panel); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; margin: 1rem 0; }
ul { margin: .75rem 0 0; padding: 0; list-style: none; }
li { padding: .6rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
code { font: .875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.severity { font-size: .8rem; font-weight: 600; margin-right: .4rem; }
.critical, .high, .unknown { color: var(--bad); }
.medium { color: var(--doubt); }
.low, .info { color: var(--soft); }
.detail { display: block; color: var(--soft); white-space: pre-wrap; }
.label { color: var(--soft); font-size: .85rem; margin-right: .3rem; }
.warning { color: var(--doubt); }
summary { cursor: pointer; padding: .6rem 0 0; color: var(--link); }
footer { padding-top: 1rem; padding-bottom: 2.5rem; font-size: .85rem; color: var(--soft); overflow-wrap: anywhere; }
@media print {
  :root { --ground: #fff; --panel: #fff; --text: #000; --soft: #333; --line: #999; }
  section { break-inside: avoid-page; }
  li { break-inside: avoid; }
  header { padding-top: 0; }
  details:not([open])::details-content { content-visibility: visible; display: block; }
}
`.trim();
