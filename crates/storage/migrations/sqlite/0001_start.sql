-- The first schema. The PostgreSQL twin has the same number and name; they differ in identity columns, times, dates and booleans only.

CREATE TABLE patient (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    middle_name TEXT NOT NULL DEFAULT '',
    date_of_birth TEXT NOT NULL,
    gender TEXT NOT NULL CHECK (gender IN ('MALE', 'FEMALE', 'OTHER', 'PREFER_NOT_TO_SAY')),
    phone TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    national_id TEXT,
    language TEXT NOT NULL DEFAULT 'en',
    emergency_contact_name TEXT NOT NULL DEFAULT '',
    emergency_contact_phone TEXT NOT NULL DEFAULT '',
    emergency_contact_relationship TEXT NOT NULL DEFAULT '',
    is_active INTEGER NOT NULL DEFAULT TRUE,
    -- Made by `televisit check`: in no list, on no bill, removed when it ends.
    is_test INTEGER NOT NULL DEFAULT FALSE,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX patient_national_id ON patient (national_id) WHERE national_id IS NOT NULL;
CREATE INDEX patient_name ON patient (last_name, first_name);

CREATE TABLE user_account (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL,
    email TEXT NOT NULL DEFAULT '',
    first_name TEXT NOT NULL DEFAULT '',
    last_name TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL CHECK (role IN ('ADMIN', 'DOCTOR', 'NURSE', 'RECEPTIONIST', 'PATIENT')),
    specialization TEXT NOT NULL DEFAULT '',
    password_hash TEXT NOT NULL,
    is_active INTEGER NOT NULL DEFAULT TRUE,
    -- Made by `televisit check`: in no list, on no bill, removed when it ends.
    is_test INTEGER NOT NULL DEFAULT FALSE,
    patient_id INTEGER REFERENCES patient (id),
    date_joined TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    -- An account is linked to a record exactly when it is a patient's.
    CHECK ((role = 'PATIENT') = (patient_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX user_account_username ON user_account (LOWER(username));
CREATE UNIQUE INDEX user_account_email ON user_account (LOWER(email)) WHERE email <> '';
CREATE UNIQUE INDEX user_account_patient ON user_account (patient_id) WHERE patient_id IS NOT NULL;

-- One row a sign-in. Its refresh tokens descend from each other; ending the sign-in ends them all, and the row is the
-- lock under which they are exchanged.
CREATE TABLE sign_in (
    family TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    signed_in_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE INDEX sign_in_user ON sign_in (user_id);

-- One row a refresh token ever issued. Only the hash is kept.
CREATE TABLE refresh_token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    family TEXT NOT NULL REFERENCES sign_in (family),
    token_hash TEXT NOT NULL UNIQUE,
    issued_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT
) STRICT;
CREATE INDEX refresh_token_family ON refresh_token (family);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);

-- Failed sign-ins per account and per address within a window.
CREATE TABLE login_attempt (
    subject TEXT PRIMARY KEY,
    window_start TEXT NOT NULL,
    failures INTEGER NOT NULL
) STRICT;

CREATE TABLE appointment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    doctor_id INTEGER NOT NULL REFERENCES user_account (id),
    appointment_date TEXT NOT NULL,
    duration_minutes INTEGER NOT NULL CHECK (duration_minutes BETWEEN 5 AND 480),
    status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'CONFIRMED', 'COMPLETED', 'CANCELLED', 'NO_SHOW')),
    reason TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    created_by INTEGER NOT NULL REFERENCES user_account (id),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX appointment_doctor_date ON appointment (doctor_id, appointment_date);
CREATE INDEX appointment_patient ON appointment (patient_id);

CREATE TABLE visit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    visit_type TEXT NOT NULL CHECK (visit_type IN ('CONSULTATION', 'FOLLOW_UP', 'EMERGENCY', 'ROUTINE', 'SPECIALIST')),
    chief_complaint TEXT NOT NULL DEFAULT '',
    appointment_id INTEGER REFERENCES appointment (id),
    assigned_doctor_id INTEGER REFERENCES user_account (id),
    status TEXT NOT NULL CHECK (status IN ('OPEN', 'CLOSED')),
    waived_minor INTEGER NOT NULL DEFAULT 0 CHECK (waived_minor >= 0),
    waiver_reason TEXT NOT NULL DEFAULT '',
    waived_by INTEGER REFERENCES user_account (id),
    created_by INTEGER NOT NULL REFERENCES user_account (id),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    closed_at TEXT
) STRICT;
CREATE UNIQUE INDEX visit_appointment ON visit (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX visit_patient ON visit (patient_id);

CREATE TABLE service (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    service_code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    department TEXT NOT NULL,
    workflow_type TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
    currency TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    is_active INTEGER NOT NULL DEFAULT TRUE,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE telemedicine_session (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    appointment_id INTEGER REFERENCES appointment (id),
    patient_id INTEGER NOT NULL REFERENCES patient (id),
    doctor_id INTEGER NOT NULL REFERENCES user_account (id),
    provider TEXT NOT NULL CHECK (provider IN ('embedded', 'twilio', 'livekit')),
    provider_fallback_reason TEXT NOT NULL DEFAULT '',
    room_sid TEXT NOT NULL DEFAULT '',
    room_name TEXT NOT NULL UNIQUE,
    status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'FAILED')),
    scheduled_start TEXT NOT NULL,
    actual_start TEXT,
    actual_end TEXT,
    duration_seconds INTEGER,
    recording_enabled INTEGER NOT NULL DEFAULT FALSE,
    recording_status TEXT NOT NULL DEFAULT '',
    notes TEXT NOT NULL DEFAULT '',
    signed_at TEXT,
    transcription_status TEXT NOT NULL DEFAULT '',
    transcription_error TEXT NOT NULL DEFAULT '',
    transcription_text TEXT NOT NULL DEFAULT '',
    transcription_requested_at TEXT,
    transcription_completed_at TEXT,
    error_message TEXT NOT NULL DEFAULT '',
    created_by INTEGER NOT NULL REFERENCES user_account (id),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
-- A visit has at most one session that can still be held.
CREATE UNIQUE INDEX session_live_visit ON telemedicine_session (visit_id) WHERE status IN ('SCHEDULED', 'IN_PROGRESS');
CREATE INDEX session_visit ON telemedicine_session (visit_id);
CREATE INDEX session_doctor_start ON telemedicine_session (doctor_id, scheduled_start);
CREATE INDEX session_patient ON telemedicine_session (patient_id);
CREATE INDEX session_start ON telemedicine_session (scheduled_start);
CREATE INDEX session_status ON telemedicine_session (status);

-- People of a session besides what the session itself says: who was invited, who came, who is here.
CREATE TABLE participant (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER NOT NULL REFERENCES telemedicine_session (id),
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    display_name TEXT NOT NULL,
    user_role TEXT NOT NULL,
    invited_by INTEGER REFERENCES user_account (id),
    invited_at TEXT,
    joined_at TEXT,
    left_at TEXT,
    is_present INTEGER NOT NULL DEFAULT FALSE,
    connection_quality TEXT NOT NULL DEFAULT 'good' CHECK (connection_quality IN ('good', 'fair', 'poor')),
    device_type TEXT NOT NULL DEFAULT '',
    browser TEXT NOT NULL DEFAULT '',
    UNIQUE (session_id, user_id)
) STRICT;
CREATE INDEX participant_user ON participant (user_id);
CREATE INDEX participant_present ON participant (session_id) WHERE is_present;

-- What happened in a session, for its timeline. Never changed, never deleted.
CREATE TABLE session_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER NOT NULL REFERENCES telemedicine_session (id),
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    actor_id INTEGER REFERENCES user_account (id),
    detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX session_event_session ON session_event (session_id, id);

CREATE TABLE charge (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    session_id INTEGER REFERENCES telemedicine_session (id),
    service_id INTEGER NOT NULL REFERENCES service (id),
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    unit_minor INTEGER NOT NULL CHECK (unit_minor >= 0),
    amount_minor INTEGER NOT NULL CHECK (amount_minor = unit_minor * quantity),
    currency TEXT NOT NULL,
    created_by INTEGER NOT NULL REFERENCES user_account (id),
    created_at TEXT NOT NULL
) STRICT;
-- At most one charge of a service per session, whatever is repeated or raced.
CREATE UNIQUE INDEX charge_once_per_session ON charge (session_id, service_id) WHERE session_id IS NOT NULL;
CREATE INDEX charge_visit ON charge (visit_id);

CREATE TABLE payment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    visit_id INTEGER NOT NULL REFERENCES visit (id),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL,
    payment_method TEXT NOT NULL CHECK (payment_method IN ('CASH', 'CARD', 'MOBILE_MONEY', 'TRANSFER', 'INSURANCE')),
    transaction_reference TEXT NOT NULL DEFAULT '',
    received_by INTEGER NOT NULL REFERENCES user_account (id),
    created_at TEXT NOT NULL
) STRICT;
-- One transaction of a bank or wallet is one payment.
CREATE UNIQUE INDEX payment_once_per_reference ON payment (visit_id, payment_method, transaction_reference, amount_minor)
    WHERE transaction_reference <> '';
CREATE INDEX payment_visit ON payment (visit_id);

-- What each visit owes. One definition for every list; `domain::billing::Ledger` says the same and a test compares them.
CREATE VIEW visit_bill AS
SELECT visit_id, charged_minor, paid_minor, waived_minor, is_waived, currency,
       CASE WHEN owed_minor > 0 THEN owed_minor ELSE 0 END AS outstanding_minor,
       CASE WHEN owed_minor > 0 AND paid_minor > 0 THEN 'PARTIALLY_PAID'
            WHEN owed_minor > 0 THEN 'UNPAID'
            WHEN is_waived THEN 'SETTLED'
            WHEN paid_minor > 0 THEN 'PAID'
            ELSE 'UNPAID' END AS payment_status
  FROM (SELECT visit_id, charged_minor, paid_minor, waived_minor, is_waived, currency,
               charged_minor - paid_minor - waived_minor AS owed_minor
          FROM (SELECT v.id AS visit_id, v.waived_minor, v.waiver_reason <> '' AS is_waived,
                       COALESCE((SELECT CAST(SUM(c.amount_minor) AS BIGINT) FROM charge c WHERE c.visit_id = v.id), 0) AS charged_minor,
                       COALESCE((SELECT CAST(SUM(p.amount_minor) AS BIGINT) FROM payment p WHERE p.visit_id = v.id), 0) AS paid_minor,
                       COALESCE((SELECT c.currency FROM charge c WHERE c.visit_id = v.id LIMIT 1),
                                (SELECT p.currency FROM payment p WHERE p.visit_id = v.id LIMIT 1)) AS currency
                  FROM visit v) AS sums) AS owed;

-- Who read or wrote what. Each row carries the hash of the row before it, so that a changed or missing row shows.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    -- No foreign key: the log outlives accounts that a self-test made and removed.
    actor_id INTEGER,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id INTEGER,
    detail TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_entity ON audit (entity, entity_id);
CREATE INDEX audit_actor ON audit (actor_id);

-- The end of the audit chain. Its one row is also the lock under which the chain grows.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    last_id INTEGER NOT NULL,
    last_hash TEXT NOT NULL
) STRICT;
INSERT INTO audit_head (one, last_id, last_hash) VALUES (1, 0, '');

-- What a POST with an Idempotency-Key made, so that its repetition makes nothing more.
CREATE TABLE idempotency (
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    idempotency_key TEXT NOT NULL,
    route TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    resource_id INTEGER NOT NULL,
    -- The status that was answered, and what of the answer cannot be read back from the record.
    status INTEGER NOT NULL,
    outcome TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    PRIMARY KEY (user_id, idempotency_key)
) STRICT;
CREATE INDEX idempotency_created ON idempotency (created_at);

-- Work to be done after a commit, at least once.
CREATE TABLE job (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at TEXT NOT NULL,
    locked_until TEXT,
    attempt INTEGER NOT NULL DEFAULT 0,
    max_attempts INTEGER NOT NULL,
    last_error TEXT NOT NULL DEFAULT '',
    dead_at TEXT,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX job_due ON job (run_at, id) WHERE dead_at IS NULL;

-- Facts about the installation, such as whether its data is the demonstration clinic.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
