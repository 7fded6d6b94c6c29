// Made from docs/openapi.json by `npm run types`; do not edit.

/** What may be changed of an appointment that is still to come. A field that is not sent stays as it is. */
export interface AppointmentChangeIn {
  /** When it begins. */
  appointment_date?: string | null;
  /** How long, 5 to 480. */
  duration_minutes?: number | null;
  /** What for, at most 500 characters. */
  reason?: string | null;
  /** What else is to be known, at most 2000 characters. */
  notes?: string | null;
}

/** An appointment to be booked. */
export interface AppointmentIn {
  /** With whom. */
  patient: number;
  /** Whose time; a doctor books his own and need not say so. */
  doctor?: number | null;
  /** When it begins; without an offset it is read as UTC. */
  appointment_date: string;
  /** How long, 5 to 480; 30 when it is not sent. */
  duration_minutes?: number | null;
  /** What for, at most 500 characters. */
  reason?: string;
  /** What else is to be known, at most 2000 characters. */
  notes?: string;
}

/** An appointment. */
export interface AppointmentOut {
  /** Its number. */
  id: number;
  /** The patient record. */
  patient: number;
  /** The patient's name. */
  patient_name: string;
  /** The doctor's account. */
  doctor: number;
  /** The doctor's name. */
  doctor_name: string;
  /** The visit that was made from it. */
  visit?: number | null;
  /** When it begins. */
  appointment_date: string;
  /** How long it is planned to be. */
  duration_minutes: number;
  /** `SCHEDULED`, `CONFIRMED`, `COMPLETED`, `CANCELLED` or `NO_SHOW`. */
  status: string;
  /** What for. */
  reason: string;
  /** What else is to be known. */
  notes: string;
  /** When it was booked. */
  created_at: string;
  /** When it was last changed. */
  updated_at: string;
}

/** A row of the audit log. */
export interface AuditOut {
  id: number;
  at: string;
  /** Nobody for the system itself and for failed sign-ins. */
  actor?: number | null;
  actor_name: string;
  action: string;
  entity: string;
  entity_id?: number | null;
  detail: string;
  /** Where the request came from. */
  address: string;
}

/** The sums of a visit's bill. */
export interface BillOut {
  /** The visit. */
  visit: number;
  /** All charges. */
  total_charges: string;
  /** All payments. */
  total_payments: string;
  /** What was waived. */
  waived: string;
  /** What is still to be collected. */
  outstanding_balance: string;
  /** The currency of the bill. */
  currency: string;
  /** `UNPAID`, `PARTIALLY_PAID`, `PAID` or `SETTLED`. */
  payment_status: string;
}

/** The board of a day. */
export interface BoardOut {
  date: string;
  /** The clinic's zone by its IANA name. */
  time_zone: string;
  /** The server's time. */
  now: string;
  /** By time. A session in progress stands on today's board whenever it was to begin. */
  rows: BoardRowOut[];
  figures: FiguresOut;
}

/** A patient on the board. */
export interface BoardPatientOut {
  id: number;
  patient_number: string;
  full_name: string;
  age: number;
  gender: string;
}

/** A session on the board. */
export interface BoardRowOut {
  session: SessionOut;
  patient: BoardPatientOut;
  visit: BoardVisitOut;
  /** Who is here now. */
  presence: PresenceOut[];
}

/** A visit on the board. */
export interface BoardVisitOut {
  id: number;
  chief_complaint: string;
  visit_type: string;
  payment_status: string;
  outstanding_balance: string;
  currency: string;
}

/** Why it is called off. */
export interface CancelIn {
  /** In a few words, at most 500 characters; shown on the session as `error_message`. */
  reason?: string;
}

/** A charge to be made. */
export interface ChargeIn {
  /** The code of an active service of the catalog. */
  service_code: string;
  /** How many, 1 to 1000; 1 when it is not sent. */
  quantity?: number | null;
}

/** A charge on a visit's bill. */
export interface ChargeOut {
  /** Its number. */
  id: number;
  /** The visit. */
  visit: number;
  /** The telemedicine session it is for; null for charges made by hand. */
  session?: number | null;
  /** What was charged. */
  service_code: string;
  /** Its name when it was charged. */
  description: string;
  /** How many. */
  quantity: number;
  /** The price of one when it was charged. */
  unit_amount: string;
  /** `quantity` times `unit_amount`. */
  amount: string;
  /** The currency of both. */
  currency: string;
  /** Who charged it. */
  created_by: number;
  /** When. */
  created_at: string;
}

/** A doctor, as somebody who books needs to know. */
export interface DoctorOut {
  id: number;
  first_name: string;
  last_name: string;
  full_name: string;
  specialization: string;
}

/** How the visit ends. */
export interface EndIn {
  /** The doctor's notes. Absent or empty leaves what was noted before. */
  notes?: string | null;
  /** Whether to add the telemedicine service to the visit's bill. `add_billing` is understood too. */
  add_to_bill?: boolean;
}

/** The session after its end, with what became of the bill. */
export type EndedOut = SessionOut & {
  /** Whether this call added the charge. */
  billing_added: boolean;
  /** Why not; absent when it did. */
  billing_reason?: string | null;
};

/** The body of an error that is not about a field. */
export interface ErrorOut {
  /** A sentence that names the thing and what to do. */
  detail: string;
  /** A stable word for programs. */
  code: string;
}

/** What stands above the rows. */
export interface FiguresOut {
  /** Patients who wait to be let in. */
  waiting: number;
  longest_waiting_since?: string | null;
  in_progress: number;
  /** SCHEDULED sessions whose patient is not here. */
  still_to_come: number;
  next_start?: string | null;
  /** What the visits of the board owe together. */
  to_collect: string;
  to_collect_visits: number;
}

export interface FromAppointmentIn {
  /** The appointment; a visit must have been opened for it. */
  appointment_id: number;
  /** Whether it is to be recorded. */
  recording_enabled?: boolean | null;
}

/** The installation. */
export interface InfoOut {
  name: string;
  version: string;
  clinic_name: string;
  /** The clinic's zone by its IANA name. */
  time_zone: string;
  currency: string;
  /** Code of the catalog's service that a session is billed as. */
  billing_service_code: string;
  /** Whether everything here is made up, and the passwords are known to everybody. */
  demo: boolean;
  recording_available: boolean;
  transcription_available: boolean;
  video_provider: string;
}

/** Who is invited. */
export interface InviteIn {
  /** The account of a doctor, a nurse or a receptionist. */
  user: number;
}

/** Where to join. */
export interface JoinOut {
  /** The page of the call. */
  meeting_link: string;
  session_id: number;
  /** The room token. */
  access_token: string;
  room_name: string;
}

/** Who signs in. */
export interface LoginIn {
  /** Username or e-mail address. */
  username: string;
  /** The password. */
  password: string;
}

/** What a signed-in client holds. */
export interface LoginOut {
  /** Goes into `Authorization: Bearer` of every request; lives 15 minutes. */
  access: string;
  /** Buys the next pair, once, within 7 days. */
  refresh: string;
  /** Who signed in. */
  user: UserOut;
}

/** The sign-in to be ended, when it is not that of the access token. */
export interface LogoutIn {
  /** A refresh token of the sign-in. Not needed beside a good access token. */
  refresh?: string | null;
}

/** One thing that happened. */
export interface MomentOut {
  at: string;
  /** `created`, `started`, `joined`, `left`, `ended`, `cancelled`, `failed`, `billed`, `notes_saved` or `invited`. */
  kind: string;
  /** `""` for the system. */
  actor_name: string;
  detail: string;
}

/** A session to be made. */
export interface NewSessionIn {
  /** The OPEN visit it is for. */
  visit: number;
  /** Who holds it. A doctor makes sessions for himself; others name a doctor, or leave it to the visit's own. */
  doctor?: number | null;
  /** When sent, it must be the visit's patient. */
  patient?: number | null;
  /** When it is to begin; without an offset it is read as UTC. */
  scheduled_start: string;
  /** An appointment of the same patient. */
  appointment?: number | null;
  /** Whether it is to be recorded; each person is asked for consent in the call. */
  recording_enabled?: boolean | null;
  /** First notes. */
  notes?: string | null;
}

/** A page of a list. */
export interface PageOut_AppointmentOut {
  /** Rows in the whole list. */
  count: number;
  /** Path and query of the next page. */
  next?: string | null;
  /** Path and query of the page before. */
  previous?: string | null;
  /** This page. */
  results: {
    /** Its number. */
    id: number;
    /** The patient record. */
    patient: number;
    /** The patient's name. */
    patient_name: string;
    /** The doctor's account. */
    doctor: number;
    /** The doctor's name. */
    doctor_name: string;
    /** The visit that was made from it. */
    visit?: number | null;
    /** When it begins. */
    appointment_date: string;
    /** How long it is planned to be. */
    duration_minutes: number;
    /** `SCHEDULED`, `CONFIRMED`, `COMPLETED`, `CANCELLED` or `NO_SHOW`. */
    status: string;
    /** What for. */
    reason: string;
    /** What else is to be known. */
    notes: string;
    /** When it was booked. */
    created_at: string;
    /** When it was last changed. */
    updated_at: string;
  }[];
}

/** A page of a list. */
export interface PageOut_AuditOut {
  /** Rows in the whole list. */
  count: number;
  /** Path and query of the next page. */
  next?: string | null;
  /** Path and query of the page before. */
  previous?: string | null;
  /** This page. */
  results: {
    id: number;
    at: string;
    /** Nobody for the system itself and for failed sign-ins. */
    actor?: number | null;
    actor_name: string;
    action: string;
    entity: string;
    entity_id?: number | null;
    detail: string;
    /** Where the request came from. */
    address: string;
  }[];
}

/** A page of a list. */
export interface PageOut_PatientOut {
  /** Rows in the whole list. */
  count: number;
  /** Path and query of the next page. */
  next?: string | null;
  /** Path and query of the page before. */
  previous?: string | null;
  /** This page. */
  results: {
    id: number;
    /** What the clinic reads out. */
    patient_number: string;
    first_name: string;
    last_name: string;
    middle_name: string;
    full_name: string;
    date_of_birth: string;
    /** In whole years, today in the clinic's zone. */
    age: number;
    /** `MALE`, `FEMALE`, `OTHER` or `PREFER_NOT_TO_SAY`. */
    gender: string;
    phone: string;
    email: string;
    address: string;
    /** Unique where there is one. */
    national_id: string;
    /** A language tag. */
    language: string;
    emergency_contact_name: string;
    emergency_contact_phone: string;
    emergency_contact_relationship: string;
    /** False once archived. */
    is_active: boolean;
    created_at: string;
    updated_at: string;
  }[];
}

/** A page of a list. */
export interface PageOut_PendingOut {
  /** Rows in the whole list. */
  count: number;
  /** Path and query of the next page. */
  next?: string | null;
  /** Path and query of the page before. */
  previous?: string | null;
  /** This page. */
  results: (VisitOut & {
    /** All its charges. */
    total_charges: string;
    /** All its payments. */
    total_payments: string;
  })[];
}

/** A page of a list. */
export interface PageOut_ServiceOut {
  /** Rows in the whole list. */
  count: number;
  /** Path and query of the next page. */
  next?: string | null;
  /** Path and query of the page before. */
  previous?: string | null;
  /** This page. */
  results: {
    /** Its number. */
    id: number;
    /** Its unique code. */
    service_code: string;
    /** Its name on bills. */
    name: string;
    /** The department it belongs to. */
    department: string;
    /** How it is ordered. */
    workflow_type: string;
    /** The price of one. */
    amount: string;
    /** The currency of the price. */
    currency: string;
    /** More words. */
    description: string;
    /** Whether it may be charged. */
    is_active: boolean;
    /** When it was added. */
    created_at: string;
    /** When it was last changed. */
    updated_at: string;
  }[];
}

/** A page of a list. */
export interface PageOut_UserOut {
  /** Rows in the whole list. */
  count: number;
  /** Path and query of the next page. */
  next?: string | null;
  /** Path and query of the page before. */
  previous?: string | null;
  /** This page. */
  results: {
    id: number;
    username: string;
    email: string;
    first_name: string;
    last_name: string;
    full_name: string;
    /** `ADMIN`, `DOCTOR`, `NURSE`, `RECEPTIONIST` or `PATIENT`. */
    role: string;
    specialization: string;
    is_active: boolean;
    /** The patient record of a patient's account. */
    patient?: number | null;
    date_joined: string;
  }[];
}

/** A page of a list. */
export interface PageOut_VisitOut {
  /** Rows in the whole list. */
  count: number;
  /** Path and query of the next page. */
  next?: string | null;
  /** Path and query of the page before. */
  previous?: string | null;
  /** This page. */
  results: {
    /** Its number. */
    id: number;
    /** The patient record. */
    patient: number;
    /** The patient's name. */
    patient_name: string;
    /** The number that the clinic reads out. */
    patient_number: string;
    /** `CONSULTATION`, `FOLLOW_UP`, `EMERGENCY`, `ROUTINE` or `SPECIALIST`. */
    visit_type: string;
    /** Why the patient comes, in his words. */
    chief_complaint: string;
    /** The appointment it was made from. */
    appointment?: number | null;
    /** The doctor who is to hold it. */
    assigned_doctor?: number | null;
    /** His name; empty for nobody. */
    assigned_doctor_name: string;
    /** `OPEN` or `CLOSED`. */
    status: string;
    /** `UNPAID`, `PARTIALLY_PAID`, `PAID` or `SETTLED`; computed from charges, payments and waiver. */
    payment_status: string;
    /** What is still to be collected. */
    outstanding_balance: string;
    /** The currency of the bill. */
    currency: string;
    /** When it was opened. */
    created_at: string;
    /** When it or its bill was last changed. */
    updated_at: string;
    /** When it was closed. */
    closed_at?: string | null;
  }[];
}

/** Somebody who was invited or came. Doctor and patient of the session appear when they have come. */
export interface ParticipantOut {
  /** The seat; the same number in the call's protocol. */
  id: number;
  /** The account. */
  user: number;
  user_name: string;
  /** `ADMIN`, `DOCTOR`, `NURSE`, `RECEPTIONIST` or `PATIENT`. */
  user_role: string;
  display_name: string;
  /** When the person first came. */
  joined_at?: string | null;
  /** When the person last left; null while here. */
  left_at?: string | null;
  is_present: boolean;
  /** `good`, `fair` or `poor`. */
  connection_quality: string;
  device_type: string;
  browser: string;
}

/** A record's values. A text that is `null` is empty. A new record needs `first_name`, `last_name`, `date_of_birth` and `gender`; in a change, what is not sent stays. */
export interface PatientIn {
  first_name?: string | null;
  last_name?: string | null;
  middle_name?: string | null;
  /** `YYYY-MM-DD`, not in the future. */
  date_of_birth?: string | null;
  /** `MALE`, `FEMALE`, `OTHER` or `PREFER_NOT_TO_SAY`. */
  gender?: string | null;
  phone?: string | null;
  email?: string | null;
  address?: string | null;
  /** Unique; empty for none. */
  national_id?: string | null;
  /** A language tag; default `en`. */
  language?: string | null;
  emergency_contact_name?: string | null;
  emergency_contact_phone?: string | null;
  emergency_contact_relationship?: string | null;
}

/** A patient record. */
export interface PatientOut {
  id: number;
  /** What the clinic reads out. */
  patient_number: string;
  first_name: string;
  last_name: string;
  middle_name: string;
  full_name: string;
  date_of_birth: string;
  /** In whole years, today in the clinic's zone. */
  age: number;
  /** `MALE`, `FEMALE`, `OTHER` or `PREFER_NOT_TO_SAY`. */
  gender: string;
  phone: string;
  email: string;
  address: string;
  /** Unique where there is one. */
  national_id: string;
  /** A language tag. */
  language: string;
  emergency_contact_name: string;
  emergency_contact_phone: string;
  emergency_contact_relationship: string;
  /** False once archived. */
  is_active: boolean;
  created_at: string;
  updated_at: string;
}

/** A payment to be written down. */
export interface PaymentIn {
  /** How much, at most the outstanding balance. */
  amount: string;
  /** `CASH`, `CARD`, `MOBILE_MONEY`, `TRANSFER` or `INSURANCE`. */
  payment_method: string;
  /** The number that the bank or wallet gave it, at most 100 characters. The same number, method and amount on a visit is the same payment and answers 200 with the first one. */
  transaction_reference?: string;
  /** The currency of the bill; no other is taken. */
  currency?: string | null;
  /** Says that an equal payment of the last minute was another one. */
  confirm_duplicate?: boolean;
}

/** A payment towards a visit's bill. */
export interface PaymentOut {
  /** Its number. */
  id: number;
  /** The visit. */
  visit: number;
  /** How much. */
  amount: string;
  /** The currency. */
  currency: string;
  /** `CASH`, `CARD`, `MOBILE_MONEY`, `TRANSFER` or `INSURANCE`. */
  payment_method: string;
  /** The number that the bank or wallet gave it; empty for none. */
  transaction_reference: string;
  /** Who took it. */
  received_by: number;
  /** His name. */
  received_by_name: string;
  /** When. */
  created_at: string;
}

/** A visit that owes something. */
export type PendingOut = VisitOut & {
  /** All its charges. */
  total_charges: string;
  /** All its payments. */
  total_payments: string;
};

/** Somebody who is connected now. */
export interface PresenceOut {
  user: number;
  role: string;
  display_name: string;
  since: string;
  /** `waiting` or `in_call`. */
  state: string;
  /** `ok`, `off`, `blocked` or `unknown`. */
  camera: string;
  /** `ok`, `off`, `silent`, `blocked` or `unknown`. */
  microphone: string;
  /** `good`, `fair`, `poor` or `unknown`. */
  network: string;
}

/** The token to be exchanged. */
export interface RefreshIn {
  /** The newest refresh token of the sign-in. */
  refresh: string;
}

/** A new pair. */
export interface RefreshOut {
  /** Lives 15 minutes. */
  access: string;
  /** Buys the next pair, once, within 7 days. */
  refresh: string;
}

/** The right to enter a room, with what is needed to use it. */
export interface RoomTokenOut {
  /** Send it in the first message on the WebSocket, never in an address. */
  token: string;
  room_name: string;
  room_sid: string;
  session_id: number;
  provider: string;
  /** The WebSocket of the call. */
  url: string;
  expires_at: string;
}

/** What may be changed of a line. A field that is not sent stays as it is. */
export interface ServiceChangeIn {
  /** Its name on bills, at most 200 characters. */
  name?: string | null;
  /** Like `CONSULTATION`. */
  department?: string | null;
  /** Like `OTHER`. */
  workflow_type?: string | null;
  /** The price of one for charges to come. */
  amount?: string | null;
  /** More words, at most 2000 characters. */
  description?: string | null;
  /** Whether it may be charged. */
  is_active?: boolean | null;
}

/** A line to be added to the catalog. */
export interface ServiceIn {
  /** Unique: capital letters, digits and `-_.`, at most 40. */
  service_code: string;
  /** Its name on bills, at most 200 characters. */
  name: string;
  /** Like `CONSULTATION`. */
  department: string;
  /** Like `OTHER`, which it is when it is not sent. */
  workflow_type?: string | null;
  /** The price of one, from `"0.00"`. */
  amount: string;
  /** The clinic's currency, which it is when it is not sent. No other is taken. */
  currency?: string | null;
  /** More words, at most 2000 characters. */
  description?: string;
  /** Whether it may be charged; true when it is not sent. */
  is_active?: boolean | null;
}

/** What can be charged. */
export interface ServiceOut {
  /** Its number. */
  id: number;
  /** Its unique code. */
  service_code: string;
  /** Its name on bills. */
  name: string;
  /** The department it belongs to. */
  department: string;
  /** How it is ordered. */
  workflow_type: string;
  /** The price of one. */
  amount: string;
  /** The currency of the price. */
  currency: string;
  /** More words. */
  description: string;
  /** Whether it may be charged. */
  is_active: boolean;
  /** When it was added. */
  created_at: string;
  /** When it was last changed. */
  updated_at: string;
}

/** What can be changed of a session. Any other field is refused. */
export interface SessionChangeIn {
  /** At any time before the notes are signed. */
  notes?: string | null;
  /** While SCHEDULED. */
  scheduled_start?: string | null;
  /** While SCHEDULED. */
  recording_enabled?: boolean | null;
}

/** A telemedicine session. All keys, always: `""` for an empty text, `null` for an absent time, number or relation. */
export interface SessionOut {
  id: number;
  /** The visit it belongs to. */
  visit: number;
  appointment?: number | null;
  /** `embedded`, `twilio` or `livekit`. */
  provider: string;
  /** Why it is not the provider that the settings name. */
  provider_fallback_reason: string;
  room_sid: string;
  room_name: string;
  /** `SCHEDULED`, `IN_PROGRESS`, `COMPLETED`, `CANCELLED` or `FAILED`. */
  status: string;
  doctor: number;
  doctor_name: string;
  /** With the title, as patients know the doctor. */
  doctor_display_name: string;
  patient: number;
  patient_name: string;
  scheduled_start: string;
  actual_start?: string | null;
  actual_end?: string | null;
  duration_seconds?: number | null;
  /** Rounded to the nearest. */
  duration_minutes?: number | null;
  recording_enabled: boolean;
  /** `""` while nothing was recorded. */
  recording_status: string;
  /** `""` while there is nothing to play. */
  recording_url: string;
  /** For the doctor and the patient of the session; `""` for others. */
  notes: string;
  /** `""`, `PENDING`, `PROCESSING`, `COMPLETED`, `NO_SPEECH`, `UNAVAILABLE` or `FAILED`. */
  transcription_status: string;
  transcription_error: string;
  /** For the doctor and the patient of the session; `""` for others. */
  transcription_text: string;
  transcription_requested_at?: string | null;
  transcription_completed_at?: string | null;
  /** Why the session was cancelled or failed. */
  error_message: string;
  created_by: number;
  created_at: string;
  updated_at: string;
  /** Whether the visit is being held now: the status is `IN_PROGRESS`. */
  is_active: boolean;
  billing?: ChargeOut | null;
  participants: ParticipantOut[];
}

/** A new session with the page of its call. */
export type SessionWithLinkOut = SessionOut & {
  /** The page of the call. */
  meeting_link: string;
};

/** Another password. */
export interface SetPasswordIn {
  /** At least 8 characters. */
  password: string;
}

/** Which session. */
export interface TokenIn {
  session_id: number;
}

/** What is to be changed; what is not sent stays. */
export interface UserChangeIn {
  email?: string | null;
  first_name?: string | null;
  last_name?: string | null;
  /** `ADMIN`, `DOCTOR`, `NURSE`, `RECEPTIONIST` or `PATIENT`. */
  role?: string | null;
  specialization?: string | null;
  /** `false` disables the account and ends all its sign-ins. */
  is_active?: boolean | null;
  /** The patient record; exactly a patient's account has one. */
  patient?: number | null;
}

/** An account to be made. */
export interface UserIn {
  /** From 3 to 64 letters, digits, dots, hyphens, plus signs and underscores. */
  username: string;
  /** At least 8 characters. */
  password: string;
  /** `ADMIN`, `DOCTOR`, `NURSE`, `RECEPTIONIST` or `PATIENT`. */
  role: string;
  email?: string | null;
  first_name?: string | null;
  last_name?: string | null;
  specialization?: string | null;
  /** The patient record; exactly a patient's account has one. */
  patient?: number | null;
}

/** An account. */
export interface UserOut {
  id: number;
  username: string;
  email: string;
  first_name: string;
  last_name: string;
  full_name: string;
  /** `ADMIN`, `DOCTOR`, `NURSE`, `RECEPTIONIST` or `PATIENT`. */
  role: string;
  specialization: string;
  is_active: boolean;
  /** The patient record of a patient's account. */
  patient?: number | null;
  date_joined: string;
}

/** What may be changed of an open visit. A field that is not sent stays as it is. */
export interface VisitChangeIn {
  /** Why the patient comes, in one word. */
  visit_type?: string | null;
  /** Why, in the patient's words, at most 2000 characters. */
  chief_complaint?: string | null;
  /** The doctor who is to hold it, or null for nobody yet. */
  assigned_doctor?: number | null;
}

/** A visit to be opened. */
export interface VisitIn {
  /** Whose visit. */
  patient: number;
  /** Why the patient comes, in one word; `CONSULTATION` when it is not sent. */
  visit_type?: string | null;
  /** Why, in the patient's words, at most 2000 characters. */
  chief_complaint?: string;
  /** The appointment it is made from, of the same patient. */
  appointment?: number | null;
  /** The doctor who is to hold it; the appointment's doctor when it is not sent. A doctor opens visits for himself. */
  assigned_doctor?: number | null;
  /** `PAID` and `PARTIALLY_PAID` need `payment`, `SETTLED` needs `waiver`; else `UNPAID`, or leave it out. */
  payment_status?: string | null;
  payment?: PaymentIn | null;
  waiver?: WaiverIn | null;
}

/** A visit and what it owes. */
export interface VisitOut {
  /** Its number. */
  id: number;
  /** The patient record. */
  patient: number;
  /** The patient's name. */
  patient_name: string;
  /** The number that the clinic reads out. */
  patient_number: string;
  /** `CONSULTATION`, `FOLLOW_UP`, `EMERGENCY`, `ROUTINE` or `SPECIALIST`. */
  visit_type: string;
  /** Why the patient comes, in his words. */
  chief_complaint: string;
  /** The appointment it was made from. */
  appointment?: number | null;
  /** The doctor who is to hold it. */
  assigned_doctor?: number | null;
  /** His name; empty for nobody. */
  assigned_doctor_name: string;
  /** `OPEN` or `CLOSED`. */
  status: string;
  /** `UNPAID`, `PARTIALLY_PAID`, `PAID` or `SETTLED`; computed from charges, payments and waiver. */
  payment_status: string;
  /** What is still to be collected. */
  outstanding_balance: string;
  /** The currency of the bill. */
  currency: string;
  /** When it was opened. */
  created_at: string;
  /** When it or its bill was last changed. */
  updated_at: string;
  /** When it was closed. */
  closed_at?: string | null;
}

/** Why, and how much, a patient does not have to pay. */
export interface WaiverIn {
  /** In a few words, at most 500 characters. */
  reason: string;
  /** How much of later charges; `"0.00"` when it is not sent: then the visit is settled until its first charge. */
  amount?: string | null;
}
