import { escapeXml } from './svg-plot.ts';

export interface ReportSection {
  heading: string;
  /** SVG elements of svgPlot, put in as they are. */
  plots: readonly string[];
  /** Text as the command prints it. */
  text: string;
}

const STYLE =
  'body{font:14px/1.5 system-ui,sans-serif;max-width:800px;margin:2rem auto;padding:0 1rem;color:#14181d}' +
  'svg{max-width:100%;height:auto;border:1px solid #dfe3e8;margin:.5rem 0}' +
  'pre{background:#f6f7f9;border:1px solid #dfe3e8;padding:.75rem;overflow-x:auto;font-size:12px}';

/** One page without scripts or outside resources, which opens anywhere and prints. Pure. */
export function htmlReport(title: string, sections: readonly ReportSection[]): string {
  const body = sections.map(
    ({ heading, plots, text }) =>
      `<section><h2>${escapeXml(heading)}</h2>${plots.join('')}<pre>${escapeXml(text)}</pre></section>`,
  );
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeXml(title)}</title><style>${STYLE}</style></head>` +
    `<body><h1>${escapeXml(title)}</h1>${body.join('')}</body></html>\n`
  );
}
