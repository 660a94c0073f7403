import { ApiError, type FieldErrors } from './api-error';
import { priorities, type Priority, type Release, type Ticket, type TicketPage, type TicketStatus } from './tickets';

type Json = Readonly<Record<string, unknown>>;

function malformed(what: string): ApiError {
  return new ApiError('malformed', `The server gave an answer that this page does not understand (${what}).`);
}

function object(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(what);
  return value as Json;
}

function text(json: Json, key: string): string {
  const value = json[key];
  if (typeof value !== 'string') throw malformed(key);
  return value;
}

function count(json: Json, key: string): number {
  const value = json[key];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw malformed(key);
  return value;
}

function priority(json: Json): Priority {
  const known = priorities.find((name) => name === json.priority);
  if (!known) throw malformed('priority');
  return known;
}

function status(json: Json): TicketStatus {
  if (json.status !== 'open' && json.status !== 'closed') throw malformed('status');
  return json.status;
}

/** @throws ApiError `malformed` */
export function decodeTicket(value: unknown): Ticket {
  const json = object(value, 'ticket');
  return {
    id: count(json, 'id'),
    reference: text(json, 'reference'),
    title: text(json, 'title'),
    description: text(json, 'description'),
    requester: text(json, 'requester'),
    priority: priority(json),
    status: status(json),
    createdAt: text(json, 'created_at'),
    closedAt: json.closed_at === null ? null : text(json, 'closed_at'),
  };
}

/** @throws ApiError `malformed` */
export function decodePage(value: unknown): TicketPage {
  const json = object(value, 'list of tickets');
  if (!Array.isArray(json.results)) throw malformed('results');
  return { tickets: json.results.map(decodeTicket), count: count(json, 'count') };
}

/** @throws ApiError `malformed`, also for a refusal that names no reason */
export function decodeFieldErrors(value: unknown): FieldErrors {
  const errors = Object.entries(object(object(value, 'refusal').errors, 'errors'));
  if (errors.length === 0) throw malformed('errors');
  return Object.fromEntries(
    errors.map(([field, reasons]) => {
      if (!Array.isArray(reasons)) throw malformed(`errors.${field}`);
      return [field, reasons.map(String)];
    }),
  );
}

/** @throws ApiError `malformed` */
export function decodeRelease(value: unknown): Release {
  const json = object(value, 'health');
  return { version: text(json, 'version'), commit: text(json, 'commit') };
}
