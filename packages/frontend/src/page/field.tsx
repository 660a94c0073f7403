import { useId, type ReactNode } from 'react';

/** What ties a control to its label, hint and errors. */
export interface ControlProps {
  readonly id: string;
  readonly name: string;
  readonly required: boolean;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
  readonly errors: readonly string[];
  readonly children: (control: ControlProps) => ReactNode;
}

/** A labelled form control with its hint and, next to it, what is wrong with its value. */
export function Field({ name, label, hint, required = false, errors, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const invalid = errors.length > 0;
  const describedBy = [hint !== undefined && hintId, invalid && errorId].filter(Boolean).join(' ');

  return (
    <div className={`field field-${name}`}>
      <label htmlFor={id}>
        {label}
        {!required && <span className="optional"> (optional)</span>}
      </label>
      {hint !== undefined && (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      )}
      {children({ id, name, required, 'aria-invalid': invalid, 'aria-describedby': describedBy || undefined })}
      {invalid && (
        <p className="field-error" id={errorId}>
          <span className="visually-hidden">Error: </span>
          {errors.join(' ')}
        </p>
      )}
    </div>
  );
}
