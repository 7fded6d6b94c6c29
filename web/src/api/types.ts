// What the server sends and takes, as docs/api.md describes it. Times are RFC 3339 in UTC, money is a string with two decimals.

export type Role = "ADMIN" | "DOCTOR" | "NURSE" | "RECEPTIONIST" | "PATIENT";

export interface User {
  id: number;
  username: string;
  email: string;
  first_name: string;
  last_name: string;
  role: Role;
  specialization: string;
  is_active: boolean;
  date_joined: string;
  /** The linked patient record of a PATIENT account. */
  patient?: number | null;
}

export interface Doctor { id: number; first_name: string; last_name: string; full_name: string; specialization: string }

export interface Info {
  name: string;
  version: string;
  clinic_name: string;
  time_zone: string;
  currency: string;
  demo: boolean;
  recording_available: boolean;
  transcription_available: boolean;
  video_provider: string;
}

export interface Page<T> { count: number; next: string | null; previous: string | null; results: T[] }

export type Gender = "MALE" | "FEMALE" | "OTHER" | "PREFER_NOT_TO_SAY";

export interface Patient {
  id: number;
  patient_number: string;
  first_name: string;
  last_name: string;
  middle_name: string;
  full_name: string;
  date_of_birth: string | null;
  age: number | null;
  gender: Gender;
  phone: string;
  email: string;
  address: string;
  national_id: string;
  language: string;
  emergency_contact_name: string;
  emergency_contact_phone: string;
  emergency_contact_relationship: string;
  is_active: boolean;
  created_at: string;
  updated_at: string;
}

export type VisitType = "CONSULTATION" | "FOLLOW_UP" | "EMERGENCY" | "ROUTINE" | "SPECIALIST";
export type VisitStatus = "OPEN" | "CLOSED";
export type PaymentStatus = "UNPAID" | "PARTIALLY_PAID" | "PAID" | "SETTLED";

export interface Visit {
  id: number;
  patient: number;
  patient_name: string;
  patient_number: string;
  visit_type: VisitType;
  chief_complaint: string;
  appointment: number | null;
  assigned_doctor: number | null;
  assigned_doctor_name: string;
  status: VisitStatus;
  payment_status: PaymentStatus;
  outstanding_balance: string;
  currency: string;
  closed_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface PendingVisit extends Visit { total_charges: string; total_payments: string }

export type PaymentMethod = "CASH" | "CARD" | "MOBILE_MONEY" | "TRANSFER" | "INSURANCE";

export interface NewPayment { amount: string; payment_method: PaymentMethod; transaction_reference: string; confirm_duplicate?: boolean }

export interface NewVisit {
  patient: number;
  visit_type: VisitType;
  chief_complaint: string;
  appointment?: number;
  assigned_doctor?: number;
  payment_status?: PaymentStatus;
  payment?: NewPayment;
  waiver?: { reason: string };
}

export interface Charge {
  id: number;
  visit: number;
  session: number | null;
  service_code: string;
  description: string;
  quantity: number;
  unit_amount: string;
  amount: string;
  currency: string;
  created_by: number | null;
  created_at: string;
}

export interface Payment {
  id: number;
  visit: number;
  amount: string;
  currency: string;
  payment_method: PaymentMethod;
  transaction_reference: string;
  received_by: number | null;
  received_by_name: string;
  created_at: string;
}

export interface Summary {
  visit: number;
  total_charges: string;
  total_payments: string;
  waived: string;
  outstanding_balance: string;
  currency: string;
  payment_status: PaymentStatus;
}

export interface Service {
  id: number;
  service_code: string;
  name: string;
  department: string;
  workflow_type: string;
  amount: string;
  currency: string;
  description: string;
  is_active: boolean;
}

export type AppointmentStatus = "SCHEDULED" | "CONFIRMED" | "COMPLETED" | "CANCELLED" | "NO_SHOW";

export interface Appointment {
  id: number;
  patient: number;
  patient_name?: string;
  doctor: number;
  doctor_name?: string;
  visit: number | null;
  appointment_date: string;
  duration_minutes: number;
  status: AppointmentStatus;
  reason: string;
  notes: string;
}

export type SessionStatus = "SCHEDULED" | "IN_PROGRESS" | "COMPLETED" | "CANCELLED" | "FAILED";
export type TranscriptionStatus = "" | "PENDING" | "PROCESSING" | "COMPLETED" | "NO_SPEECH" | "UNAVAILABLE" | "FAILED";

export interface Participant {
  id: number;
  user: number | null;
  user_name: string;
  user_role: Role;
  display_name: string;
  joined_at: string | null;
  left_at: string | null;
  is_present: boolean;
  connection_quality: string;
  device_type: string;
  browser: string;
}

export interface Session {
  id: number;
  visit: number;
  appointment: number | null;
  provider: string;
  provider_fallback_reason: string;
  room_sid: string;
  room_name: string;
  status: SessionStatus;
  doctor: number;
  doctor_name: string;
  doctor_display_name: string;
  patient: number;
  patient_name: string;
  scheduled_start: string;
  actual_start: string | null;
  actual_end: string | null;
  duration_seconds: number | null;
  duration_minutes: number | null;
  recording_enabled: boolean;
  recording_status: string;
  recording_url: string;
  notes: string;
  transcription_status: TranscriptionStatus;
  transcription_error: string;
  transcription_text: string;
  transcription_requested_at: string | null;
  transcription_completed_at: string | null;
  error_message: string;
  created_by: number | null;
  created_at: string;
  updated_at: string;
  is_active: boolean;
  billing: Charge | null;
  participants: Participant[];
}

export interface NewSession {
  visit: number;
  doctor?: number;
  scheduled_start: string;
  appointment?: number;
  recording_enabled: boolean;
  notes?: string;
}

/** The answer of `end/`: the session and what became of the bill. */
export interface EndedSession extends Session { billing_added: boolean; billing_reason?: string }

export interface RoomToken { token: string; room_name: string; room_sid: string; session_id: number; provider: string; url: string; expires_at: string }

export type DeviceState = "ok" | "off" | "silent" | "blocked" | "unknown";
export type Network = "good" | "fair" | "poor" | "unknown";

export interface Presence {
  user: number | null;
  role: Role;
  display_name: string;
  since: string;
  state: "waiting" | "in_call";
  camera: DeviceState;
  microphone: DeviceState;
  network: Network;
}

export interface BoardRow {
  session: Session;
  patient: { id: number; patient_number: string; full_name: string; age: number | null; gender: Gender };
  visit: { id: number; chief_complaint: string; visit_type: VisitType; payment_status: PaymentStatus; outstanding_balance: string; currency: string };
  presence: Presence[];
}

export interface Figures {
  waiting: number;
  longest_waiting_since: string | null;
  in_progress: number;
  still_to_come: number;
  next_start: string | null;
  to_collect: string;
  to_collect_visits: number;
}

export interface Board { date: string; time_zone: string; now: string; rows: BoardRow[]; figures: Figures }

export interface TimelineEntry { at: string; kind: string; actor_name: string; detail: string }

export interface AuditEntry {
  id: number;
  at: string;
  actor: number | null;
  actor_name: string;
  action: string;
  entity: string;
  entity_id: number | string | null;
  detail: unknown;
  address: string;
}
