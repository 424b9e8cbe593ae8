import { systemClock, type Clock } from '../../records/clock.ts';
import { newId } from '../../records/ids.ts';

/**
 * What a dialect needs where an engine leaves out an id or a time that the client's dialect has.
 */
export interface ReplySource {
  clock: Clock;
  newId(wallMs: number): string;
}

export const systemSource: ReplySource = { clock: systemClock, newId };

export const nowS = (source: ReplySource): number => Math.floor(source.clock.wallMs() / 1000);

export const madeId = (source: ReplySource): string =>
  source.newId(source.clock.wallMs()).replaceAll('-', '');
