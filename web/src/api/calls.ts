// One function per endpoint the pages use. `key` is the idempotency key of an intention (see data/use_action.ts).
import { client } from "./index.ts";
import type {
  Appointment, AuditEntry, Board, Charge, Doctor, NewAppointment, NewPayment, NewService, NewSession, NewVisit, Page, Patient, PatientFields, Payment, PendingVisit, Service, Session, Summary, TimelineEntry, User, Visit,
} from "./types.ts";

type Signal = AbortSignal | undefined;
type Query = Record<string, string | number | boolean | null | undefined>;

export const sessions = {
  board: (query: Query, signal?: Signal) => client.get<Board>("telemedicine/board/", { query, signal }),
  list: (query: Query, signal?: Signal) => client.get<Session[]>("telemedicine/", { query, signal }),
  get: (id: number, signal?: Signal) => client.get<Session>(`telemedicine/${id}/`, { signal }),
  create: (body: NewSession, key: string) => client.post<Session>("telemedicine/", body, { key }),
  createFromAppointment: (body: { appointment_id: number; recording_enabled: boolean }, key: string) => client.post<Session & { meeting_link: string }>("telemedicine/create-session/", body, { key }),
  change: (id: number, body: Partial<Pick<Session, "notes" | "scheduled_start" | "recording_enabled">>) => client.patch<Session>(`telemedicine/${id}/`, body),
  start: (id: number, key: string) => client.post<Session>(`telemedicine/${id}/start/`, {}, { key }),
  cancel: (id: number, reason: string, key: string) => client.post<Session>(`telemedicine/${id}/cancel/`, { reason }, { key }),
  invite: (id: number, user: number, key: string) => client.post<unknown>(`telemedicine/${id}/participants/`, { user }, { key }),
  uninvite: (id: number, user: number) => client.delete<unknown>(`telemedicine/${id}/participants/${user}/`),
  timeline: (id: number, signal?: Signal) => client.get<TimelineEntry[]>(`telemedicine/${id}/timeline/`, { signal }),
  requestTranscription: (id: number, key: string) => client.post<Session>(`telemedicine/${id}/request-transcription/`, {}, { key }),
};

export const patients = {
  list: (query: Query, signal?: Signal) => client.get<Page<Patient>>("patients/", { query, signal }),
  get: (id: number, signal?: Signal) => client.get<Patient>(`patients/${id}/`, { signal }),
  create: (body: PatientFields, key: string) => client.post<Patient>("patients/", body, { key }),
  change: (id: number, body: PatientFields) => client.patch<Patient>(`patients/${id}/`, body),
  archive: (id: number) => client.post<Patient>(`patients/${id}/archive/`),
  restore: (id: number) => client.post<Patient>(`patients/${id}/restore/`),
};

export const visits = {
  list: (query: Query, signal?: Signal) => client.get<Page<Visit>>("visits/", { query, signal }),
  get: (id: number, signal?: Signal) => client.get<Visit>(`visits/${id}/`, { signal }),
  create: (body: NewVisit, key: string) => client.post<Visit>("visits/", body, { key }),
  change: (id: number, body: { chief_complaint?: string; visit_type?: string; assigned_doctor?: number | null }) => client.patch<Visit>(`visits/${id}/`, body),
  close: (id: number, key: string) => client.post<Visit>(`visits/${id}/close/`, {}, { key }),
  charges: (id: number, signal?: Signal) => client.get<Charge[]>(`visits/${id}/billing/charges/`, { signal }),
  payments: (id: number, signal?: Signal) => client.get<Payment[]>(`visits/${id}/billing/payments/`, { signal }),
  summary: (id: number, signal?: Signal) => client.get<Summary>(`visits/${id}/billing/summary/`, { signal }),
  charge: (id: number, body: { service_code: string; quantity: number }, key: string) => client.post<Charge>(`visits/${id}/billing/charges/`, body, { key }),
  pay: (id: number, body: NewPayment, key: string) => client.post<Payment>(`visits/${id}/billing/payments/`, body, { key }),
};

export const billing = {
  pending: (query: Query, signal?: Signal) => client.get<Page<PendingVisit>>("billing/pending-queue/", { query, signal }),
  services: (query: Query, signal?: Signal) => client.get<Page<Service>>("billing/service-catalog/", { query, signal }),
  createService: (body: NewService, key: string) => client.post<Service>("billing/service-catalog/", body, { key }),
  changeService: (id: number, body: Partial<Service>) => client.patch<Service>(`billing/service-catalog/${id}/`, body),
};

export const appointments = {
  list: (query: Query, signal?: Signal) => client.get<Page<Appointment>>("appointments/", { query, signal }),
  create: (body: NewAppointment, key: string) => client.post<Appointment>("appointments/", body, { key }),
  step: (id: number, step: "confirm" | "complete" | "cancel", key: string) => client.post<Appointment>(`appointments/${id}/${step}/`, {}, { key }),
};

export const accounts = {
  doctors: (signal?: Signal) => client.get<Doctor[]>("auth/doctors/", { signal }),
  list: (query: Query, signal?: Signal) => client.get<Page<User>>("users/", { query, signal }),
  create: (body: Record<string, unknown>, key: string) => client.post<User>("users/", body, { key }),
  change: (id: number, body: Record<string, unknown>) => client.patch<User>(`users/${id}/`, body),
  setPassword: (id: number, password: string, key: string) => client.post<unknown>(`users/${id}/set-password/`, { password }, { key }),
  audit: (query: Query, signal?: Signal) => client.get<Page<AuditEntry>>("audit/", { query, signal }),
};
