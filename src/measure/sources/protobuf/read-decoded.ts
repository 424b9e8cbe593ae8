import type { Decoded } from './decode-message.ts';

/** Tolerant looks into decoded messages and parsed JSON: absent is empty or null, never an exception. */
export const list = (from: Decoded, key: string): Decoded[] => {
  const value = from[key];
  return Array.isArray(value) ? value.filter(isDecoded) : [];
};

export const numbers = (from: Decoded, key: string): number[] => {
  const value = from[key];
  return Array.isArray(value) ? value.map(Number) : [];
};

export const part = (from: Decoded, key: string): Decoded | null => {
  const value = from[key];
  return isDecoded(value) ? value : null;
};

export const text = (from: Decoded, key: string): string => {
  const value = from[key];
  return typeof value === 'string' ? value : '';
};

/** A number, also one written as a decimal text, as proto3 JSON does for 64 bits; null for anything else. */
export const number = (from: Decoded, key: string): number | null => {
  const value = from[key];
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const parsed = Number(value);
  return Number.isNaN(parsed) && value !== 'NaN' ? null : parsed;
};

export const isDecoded = (value: unknown): value is Decoded =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
