// What the server sends and takes: the generated types of schema.ts, with the words that a text field can hold spelled out.
// A field that the server renames or drops no longer compiles here.
import type * as schema from "./schema.ts";

/** The description calls a field that can be null optional; the server always sends it. */
type Whole<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };
/** `T` with some of its fields narrowed. */
type With<T, N extends { [K in keyof N]: K extends keyof T ? unknown : never }> = Omit<Whole<T>, keyof N> & N;

export type Role = "ADMIN" | "DOCTOR" | "NURSE" | "RECEPTIONIST" | "PATIENT";
export type Gender = "MALE" | "FEMALE" | "OTHER" | "PREFER_NOT_TO_SAY";
export type VisitType = "CONSULTATION" | "FOLLOW_UP" | "EMERGENCY" | "ROUTINE" | "SPECIALIST";
export type VisitStatus = "OPEN" | "CLOSED";
export type PaymentStatus = "UNPAID" | "PARTIALLY_PAID" | "PAID" | "SETTLED";
export type PaymentMethod = "CASH" | "CARD" | "MOBILE_MONEY" | "TRANSFER" | "INSURANCE";
export type AppointmentStatus = "SCHEDULED" | "CONFIRMED" | "COMPLETED" | "CANCELLED" | "NO_SHOW";
export type SessionStatus = "SCHEDULED" | "IN_PROGRESS" | "COMPLETED" | "CANCELLED" | "FAILED";
export type TranscriptionStatus = "" | "PENDING" | "PROCESSING" | "COMPLETED" | "NO_SPEECH" | "UNAVAILABLE" | "FAILED";
export type DeviceState = "ok" | "off" | "silent" | "blocked" | "unknown";
export type Network = "good" | "fair" | "poor" | "unknown";

export type Info = Whole<schema.InfoOut>;
export type User = With<schema.UserOut, { role: Role }>;
export type Doctor = Whole<schema.DoctorOut>;
export type Patient = With<schema.PatientOut, { gender: Gender }>;
export type Visit = With<schema.VisitOut, { visit_type: VisitType; status: VisitStatus; payment_status: PaymentStatus }>;
export type PendingVisit = Visit & { total_charges: string; total_payments: string };
export type Charge = Whole<schema.ChargeOut>;
export type Payment = With<schema.PaymentOut, { payment_method: PaymentMethod }>;
export type Summary = With<schema.BillOut, { payment_status: PaymentStatus }>;
export type Service = Whole<schema.ServiceOut>;
export type Appointment = With<schema.AppointmentOut, { status: AppointmentStatus }>;
export type Participant = With<schema.ParticipantOut, { user_role: Role }>;
export type Session = With<schema.SessionOut, { status: SessionStatus; transcription_status: TranscriptionStatus; billing: Charge | null; participants: Participant[] }>;
/** The answer of `end/`: the session and what became of the bill. */
export type EndedSession = Session & { billing_added: boolean; billing_reason?: string };
export type RoomToken = Whole<schema.RoomTokenOut>;
export type Presence = With<schema.PresenceOut, { role: Role; state: "waiting" | "in_call"; camera: DeviceState; microphone: DeviceState; network: Network }>;
export type BoardRow = With<schema.BoardRowOut, {
  session: Session;
  patient: With<schema.BoardPatientOut, { gender: Gender }>;
  visit: With<schema.BoardVisitOut, { visit_type: VisitType; payment_status: PaymentStatus }>;
  presence: Presence[];
}>;
export type Figures = Whole<schema.FiguresOut>;
export type Board = With<schema.BoardOut, { rows: BoardRow[]; figures: Figures }>;
export type TimelineEntry = Whole<schema.MomentOut>;
export type AuditEntry = Whole<schema.AuditOut>;

export interface Page<T> { count: number; next: string | null; previous: string | null; results: T[] }

export type NewPayment = schema.PaymentIn;
export type NewVisit = schema.VisitIn;
export type NewSession = schema.NewSessionIn;
export type NewAppointment = schema.AppointmentIn;
export type NewService = schema.ServiceIn;
export type PatientFields = schema.PatientIn;
