import { useEffect, useRef, useState, type FormEvent } from 'react';
import { ApiError, explain, type FieldErrors } from '../api/api-error';
import type { HelpdeskClient } from '../api/client';
import { priorities, type Ticket, type TicketDraft } from '../api/tickets';
import { Field } from '../page/field';

export interface NewTicketFormProps {
  readonly id: string;
  readonly client: HelpdeskClient;
  readonly onCreated: (ticket: Ticket) => void;
  readonly onCancel: () => void;
}

const blank: TicketDraft = { title: '', description: '', requester: '', priority: 'normal' };
const fieldNames: readonly string[] = Object.keys(blank);

/** Only what is certain is checked here; every other rule is the server's, told by its errors. */
function missing(draft: TicketDraft): FieldErrors {
  const errors: Record<string, readonly string[]> = {};
  if (draft.title.trim() === '') errors.title = ['Enter a title: what it is about, in a few words.'];
  if (draft.requester.trim() === '') errors.requester = ['Enter the email address that the answer goes to.'];
  return errors;
}

export function NewTicketForm({ id, client, onCreated, onCancel }: NewTicketFormProps) {
  const [draft, setDraft] = useState(blank);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState('');
  const [sending, setSending] = useState(false);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  // After a refusal the focus goes to the first field that needs attention.
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [errors]);

  const set = (change: Partial<TicketDraft>): void => setDraft((before) => ({ ...before, ...change }));
  const errorsOf = (name: keyof TicketDraft): readonly string[] => errors[name] ?? [];

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    const lacking = missing(draft);
    setErrors(lacking);
    setProblem('');
    if (Object.keys(lacking).length > 0) return;

    setSending(true);
    try {
      onCreated(await client.createTicket(draft));
    } catch (error) {
      setSending(false);
      const fields = error instanceof ApiError ? error.fields : {};
      setErrors(fields);
      setProblem([explain(error), ...strays(fields)].join(' '));
    }
  }

  return (
    <section id={id} className="panel" aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>New ticket</h2>
      <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
        <div role="alert">{problem !== '' && <p className="notice notice-problem">{problem}</p>}</div>

        <Field name="title" label="Title" required errors={errorsOf('title')}>
          {(control) => (
            <input
              {...control}
              type="text"
              autoComplete="off"
              value={draft.title}
              onChange={(event) => set({ title: event.target.value })}
            />
          )}
        </Field>

        <Field
          name="description"
          label="Description"
          hint="What happened, and what you expected instead."
          errors={errorsOf('description')}
        >
          {(control) => (
            <textarea
              {...control}
              rows={5}
              value={draft.description}
              onChange={(event) => set({ description: event.target.value })}
            />
          )}
        </Field>

        <Field name="requester" label="Requester’s email" required errors={errorsOf('requester')}>
          {(control) => (
            <input
              {...control}
              type="email"
              autoComplete="email"
              value={draft.requester}
              onChange={(event) => set({ requester: event.target.value })}
            />
          )}
        </Field>

        <Field name="priority" label="Priority" required errors={errorsOf('priority')}>
          {(control) => (
            <select
              {...control}
              value={draft.priority}
              onChange={(event) => set({ priority: priorities.find((one) => one === event.target.value) ?? 'normal' })}
            >
              {priorities.map((one) => (
                <option key={one} value={one}>
                  {one[0]?.toUpperCase() + one.slice(1)}
                </option>
              ))}
            </select>
          )}
        </Field>

        <div className="actions">
          <button type="submit" className="button button-primary" aria-disabled={sending}>
            {sending ? 'Creating…' : 'Create ticket'}
          </button>
          <button type="button" className="button" onClick={onCancel}>
            Cancel
          </button>
        </div>
      </form>
    </section>
  );
}

/** Reasons that belong to no field of this form: shown with the summary rather than lost. */
function strays(fields: FieldErrors): readonly string[] {
  return Object.entries(fields)
    .filter(([name]) => !fieldNames.includes(name))
    .flatMap(([, reasons]) => reasons);
}
