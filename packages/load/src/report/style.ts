/** Colours that differ for those who see fewer of them too (Okabe and Ito), on light and on dark. */
export const style = `
:root { color-scheme: light dark; --text: #1c1c1e; --quiet: #6a6a70; --page: #ffffff; --box: #f4f4f6; --grid: #d9d9de;
  --c1: #0072b2; --c2: #d55e00; --c3: #009e73; --good: #0b6b46; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --text: #ececf0; --quiet: #a0a0a8; --page: #17171a; --box: #222226; --grid: #3a3a40;
    --c1: #56b4e9; --c2: #e69f00; --c3: #2fc89a; --good: #35b484; --bad: #ff8a80; }
}
body { margin: 0 auto; max-width: 820px; padding: 24px; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 32px 0 8px; }
p { margin: 4px 0; } .quiet, figcaption { color: var(--quiet); } figcaption strong { color: var(--text); }
.verdict { margin: 16px 0; padding: 12px 16px; border-left: 5px solid; background: var(--box); }
.verdict strong { font-size: 17px; } .good { border-color: var(--good); } .good strong { color: var(--good); }
.bad { border-color: var(--bad); } .bad strong { color: var(--bad); }
.warning { border-color: var(--c2); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 3px 12px 3px 0; border-bottom: 1px solid var(--grid); font-weight: normal; }
th { color: var(--quiet); } th:first-child, td:first-child { text-align: left; }
.plain td { text-align: left; }
figure { margin: 20px 0; } svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--quiet); font-size: 12px; } .grid { stroke: var(--grid); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.line.c1 { stroke: var(--c1); } .line.c2 { stroke: var(--c2); stroke-dasharray: 7 3; } .line.c3 { stroke: var(--c3); stroke-dasharray: 2 4; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 0; padding: 0 0 0 66px; }
.swatch { display: inline-block; width: 18px; border-top: 3px solid; margin-right: 6px; vertical-align: middle; }
.swatch.c1 { border-color: var(--c1); } .swatch.c2 { border-color: var(--c2); border-top-style: dashed; }
.swatch.c3 { border-color: var(--c3); border-top-style: dotted; }
li { overflow-wrap: anywhere; }
`;
