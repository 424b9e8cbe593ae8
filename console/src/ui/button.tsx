import type { ComponentProps } from 'react';

/** A plain button in the console's look; `type` is `button` unless told. */
export function Button({ className = '', type = 'button', ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type={type}
      className={`inline-flex min-h-7 items-center gap-1.5 rounded border border-line bg-panel px-2.5 text-xs font-medium text-ink-2 hover:border-line-strong hover:text-ink disabled:opacity-50 ${className}`}
      {...rest}
    />
  );
}

/** The one main action of a form. */
export function PrimaryButton({ className = '', ...rest }: ComponentProps<'button'>) {
  return (
    <button
      className={`inline-flex min-h-8 items-center justify-center rounded bg-accent px-3 text-sm font-semibold text-page hover:opacity-90 ${className}`}
      {...rest}
    />
  );
}
