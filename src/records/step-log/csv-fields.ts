/**
 * Fields of one CSV line (RFC 4180): quotes may hold commas and doubled quotes. Null when a quote is
 * not closed or text follows one, which includes fields that hold a line break: step logs have none.
 */
export function csvFields(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] !== '"') {
      const comma = line.indexOf(',', at);
      const end = comma === -1 ? line.length : comma;
      const field = line.slice(at, end);
      if (field.includes('"')) return null;
      fields.push(field);
      at = end + 1;
      continue;
    }
    const quoted = /"((?:[^"]|"")*)"(?=,|$)/y;
    quoted.lastIndex = at;
    const match = quoted.exec(line);
    if (match === null) return null;
    fields.push((match[1] ?? '').replaceAll('""', '"'));
    at += match[0].length + 1;
  }
  return fields;
}
