/** Style of the printed report: A4, black on white, no part of it needs colour to be read. */
export const reportStyle = `
@page { size: A4; margin: 16mm 15mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); } }
* { box-sizing: border-box; }
body { font: 10pt/1.4 "Helvetica Neue", Arial, sans-serif; color: #16191d; margin: 0 auto; max-width: 180mm; }
h1 { font-size: 20pt; margin: 0 0 2mm; }
h2 { font-size: 13pt; margin: 7mm 0 2mm; break-after: avoid; }
h3 { font-size: 10.5pt; margin: 4mm 0 1mm; break-after: avoid; }
p { margin: 0 0 2mm; }
table { width: 100%; border-collapse: collapse; font-size: 8.5pt; }
th { text-align: left; border-bottom: 1px solid #16191d; padding: 1mm 1.5mm; font-weight: 600; }
td { border-bottom: 1px solid #d5d9de; padding: 1mm 1.5mm; vertical-align: top; overflow-wrap: anywhere; }
td.n, th.n { text-align: right; white-space: nowrap; }
td.k { white-space: nowrap; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
.lead { display: flex; gap: 8mm; align-items: center; margin: 4mm 0; }
.lead > div { flex: 1 1 0; }
.score { font-size: 40pt; font-weight: 700; line-height: 1; }
.score small { font-size: 15pt; font-weight: 400; }
.reading { font-weight: 600; border-left: 3px solid #16191d; padding-left: 3mm; margin: 3mm 0; }
.bad { color: #a11a1a; font-weight: 600; }
.good { color: #17632f; }
.dim { color: #555d66; }
svg { width: 100%; height: auto; }
svg text { font-size: 11px; fill: #16191d; }
svg .grid { fill: none; stroke: #c3c9d0; }
svg .claimed { fill: none; stroke: #16191d; stroke-dasharray: 4 3; }
svg .proven { fill: #2b5f9e; fill-opacity: 0.35; stroke: #2b5f9e; stroke-width: 2; }
section.detail { break-before: page; }
@media screen { body { padding: 12mm; } }
`;
