import type { OptionValues } from './command.ts';

/** Value of a text option; undefined when it was not given. */
export function textValue(values: OptionValues, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** Values of an option that may be given several times. */
export function textValues(values: OptionValues, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
