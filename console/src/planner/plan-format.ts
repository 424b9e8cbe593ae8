/** `12.5 requests/s`, with a no-break space. */
export const formatRate = (perS: number): string =>
  `${Number(perS.toPrecision(3))}\u00a0requests/s`;
