/** One server-sent event: its name (`message` when it had none) and its data lines. */
export interface ServerEvent {
  name: string;
  data: string;
}

/** Longest unfinished event that is kept; ours are a few bytes. */
export const MAX_PENDING_CHARS = 65_536;

/**
 * Parses an event stream given in any pieces (WHATWG HTML, "Parsing an event stream"; ids and
 * retry times are not used here). Throws RangeError when an event does not end within the bound.
 */
export function createEventParser(): { push: (text: string) => ServerEvent[] } {
  let pending = '';
  let name = '';
  let data: string[] = [];
  let dataChars = 0;
  const takeLine = (line: string, events: ServerEvent[]): void => {
    if (line === '') {
      if (data.length > 0)
        events.push({ name: name === '' ? 'message' : name, data: data.join('\n') });
      name = '';
      data = [];
      dataChars = 0;
      return;
    }
    const colon = line.indexOf(':');
    const label = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (label === 'event') name = value;
    if (label === 'data') {
      data.push(value);
      dataChars += value.length + 1;
    }
  };
  return {
    push: (text) => {
      const events: ServerEvent[] = [];
      pending += text;
      // A line end at the very end may be the first half of CR LF: wait for what follows.
      const lines = /\r\n|\n|\r(?!$)/;
      for (let match = lines.exec(pending); match !== null; match = lines.exec(pending)) {
        const line = pending.slice(0, match.index);
        pending = pending.slice(match.index + match[0].length);
        takeLine(line, events);
      }
      if (pending.length + dataChars > MAX_PENDING_CHARS) {
        throw new RangeError('an event exceeds the limit');
      }
      return events;
    },
  };
}
