import { useId, type ComponentProps } from 'react';

const control =
  'h-7 w-full min-w-0 rounded border border-line bg-panel px-2 text-xs text-ink placeholder:text-ink-3 hover:border-line-strong';

interface SelectFieldProps {
  label: string;
  value: string;
  options: ReadonlyArray<{ value: string; label: string }>;
  onChange: (value: string) => void;
}

/** A labelled native select: keyboard, touch and print come with it. */
export function SelectField({ label, value, options, onChange }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-0.5 block text-2xs text-ink-3">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
        className={control}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

interface TextFieldProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  label: string;
  value: string;
  /** Called when the field is left or Enter is pressed, not at each key. */
  onCommit: (value: string) => void;
}

/** A labelled input that reports its value once it is done. */
export function TextField({ label, value, onCommit, ...rest }: TextFieldProps) {
  const id = useId();
  const commit = (next: string): void => {
    if (next !== value) onCommit(next);
  };
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-0.5 block text-2xs text-ink-3">
        {label}
      </label>
      <input
        // A new value from outside (the address) replaces what was typed.
        key={value}
        id={id}
        defaultValue={value}
        onBlur={(event) => {
          commit(event.target.value.trim());
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(event.currentTarget.value.trim());
        }}
        className={control}
        {...rest}
      />
    </div>
  );
}

interface InputFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'onInput'> {
  label: string;
  value: string;
  onInput: (value: string) => void;
}

/** A labelled input of a form, which reports every key; forms send it when they are submitted. */
export function InputField({ label, value, onInput, ...rest }: InputFieldProps) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-0.5 block text-2xs text-ink-3">
        {label}
      </label>
      <input
        id={id}
        value={value}
        onChange={(event) => {
          onInput(event.target.value);
        }}
        className={control}
        {...rest}
      />
    </div>
  );
}
