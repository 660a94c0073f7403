export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof priorities)[number];

export type TicketStatus = 'open' | 'closed';

/** A ticket as `/api/tickets/` gives it; times are ISO 8601. */
export interface Ticket {
  readonly id: number;
  /** What people call it: `HD-000001`. */
  readonly reference: string;
  readonly title: string;
  readonly description: string;
  /** Email address of who asks. */
  readonly requester: string;
  readonly priority: Priority;
  readonly status: TicketStatus;
  readonly createdAt: string;
  readonly closedAt: string | null;
}

export interface TicketDraft {
  readonly title: string;
  readonly description: string;
  readonly requester: string;
  readonly priority: Priority;
}

export interface TicketFilter {
  readonly status: TicketStatus | 'all';
  /** Free text; empty means no restriction. */
  readonly search: string;
}

/** One page of the tickets that a filter lets through. */
export interface TicketPage {
  readonly tickets: readonly Ticket[];
  /** How many tickets the filter lets through on all pages together. */
  readonly count: number;
}

/** What this deployment says about itself at `/health/`. */
export interface Release {
  readonly version: string;
  readonly commit: string;
}
