//! Who may do what: every permission of the product in one table.
//!
//! [`TABLE`] is read by [`may`] for one thing, and by [`scope`] for lists. A use case asks before it does anything
//! else, so that HTTP, command line, WebSocket and jobs share the answer.

use serde::{Deserialize, Serialize};

use crate::ids::{PatientId, UserId};
use crate::text::word_enum;

word_enum! {
    /// What an account is in the clinic.
    pub enum Role {
        /// Runs the installation.
        Admin = "ADMIN",
        /// Holds visits.
        Doctor = "DOCTOR",
        /// Assists.
        Nurse = "NURSE",
        /// Registers patients and takes payment.
        Receptionist = "RECEPTIONIST",
        /// Is treated.
        Patient = "PATIENT",
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub user: UserId,
    /// Its role.
    pub role: Role,
    /// The patient record of a patient's account.
    pub patient: Option<PatientId>,
}

/// The people that the thing asked about belongs to. What a thing does not have stays empty.
#[derive(Clone, Debug, Default)]
pub struct Subject {
    /// The doctor of the session or appointment, or the assigned doctor of the visit.
    pub doctor: Option<UserId>,
    /// The patient concerned.
    pub patient: Option<PatientId>,
    /// Accounts invited into the session.
    pub invited: Vec<UserId>,
}

/// What can be asked for. One line of [`TABLE`] each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    missing_docs,
    reason = "the names say it, and the table beside them says for whom"
)]
pub enum Action {
    ListDoctors,
    ManageUsers,
    ReadAudit,
    FollowEvents,
    ReadPatient,
    CreatePatient,
    UpdatePatient,
    ArchivePatient,
    ReadVisit,
    CreateVisit,
    UpdateVisit,
    CloseVisit,
    ReadAppointment,
    CreateAppointment,
    UpdateAppointment,
    CompleteAppointment,
    ReadCatalog,
    EditCatalog,
    ReadBill,
    AddCharge,
    TakePayment,
    ReadPendingQueue,
    ReadBoard,
    ReadSession,
    ReadSessionNotes,
    CreateSession,
    UpdateSession,
    JoinSession,
    StartSession,
    EndSession,
    CancelSession,
    InviteToSession,
    RequestTranscription,
    ReadTranscript,
    ReadRecording,
    ReadTimeline,
}

/// A row's right-hand side: a role, and what ties it to the thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Everybody of the role.
    All(Role),
    /// A doctor, for what is his own.
    OwnDoctor,
    /// A patient, for what is his own.
    OwnPatient,
    /// Whoever was invited into the session, of any role.
    Invited,
}

const ADMIN: Who = Who::All(Role::Admin);
const DOCTOR: Who = Who::All(Role::Doctor);
const NURSE: Who = Who::All(Role::Nurse);
const RECEPTION: Who = Who::All(Role::Receptionist);
const PATIENT: Who = Who::All(Role::Patient);
use Who::{Invited, OwnDoctor, OwnPatient};

/// The table. Nothing is permitted that does not stand here.
const TABLE: &[(Action, &[Who])] = &[
    (Action::ListDoctors, &[ADMIN, DOCTOR, NURSE, RECEPTION]),
    (Action::ManageUsers, &[ADMIN]),
    (Action::ReadAudit, &[ADMIN]),
    (
        Action::FollowEvents,
        &[ADMIN, DOCTOR, NURSE, RECEPTION, PATIENT],
    ),
    (
        Action::ReadPatient,
        &[ADMIN, DOCTOR, NURSE, RECEPTION, OwnPatient],
    ),
    (Action::CreatePatient, &[ADMIN, RECEPTION]),
    (Action::UpdatePatient, &[ADMIN, NURSE, RECEPTION]),
    (Action::ArchivePatient, &[ADMIN, RECEPTION]),
    (
        Action::ReadVisit,
        &[ADMIN, DOCTOR, NURSE, RECEPTION, OwnPatient],
    ),
    (Action::CreateVisit, &[ADMIN, DOCTOR, RECEPTION]),
    (Action::UpdateVisit, &[ADMIN, OwnDoctor, RECEPTION]),
    (Action::CloseVisit, &[ADMIN, DOCTOR, RECEPTION]),
    (
        Action::ReadAppointment,
        &[ADMIN, DOCTOR, NURSE, RECEPTION, OwnPatient],
    ),
    (Action::CreateAppointment, &[ADMIN, OwnDoctor, RECEPTION]),
    (Action::UpdateAppointment, &[ADMIN, OwnDoctor, RECEPTION]),
    (Action::CompleteAppointment, &[ADMIN, OwnDoctor]),
    (Action::ReadCatalog, &[ADMIN, DOCTOR, NURSE, RECEPTION]),
    (Action::EditCatalog, &[ADMIN]),
    (
        Action::ReadBill,
        &[ADMIN, DOCTOR, NURSE, RECEPTION, OwnPatient],
    ),
    (Action::AddCharge, &[ADMIN, RECEPTION]),
    (Action::TakePayment, &[RECEPTION]),
    (Action::ReadPendingQueue, &[ADMIN, RECEPTION]),
    (Action::ReadBoard, &[ADMIN, OwnDoctor, NURSE, RECEPTION]),
    (
        Action::ReadSession,
        &[ADMIN, OwnDoctor, NURSE, RECEPTION, OwnPatient, Invited],
    ),
    (Action::ReadSessionNotes, &[OwnDoctor, OwnPatient]),
    (Action::CreateSession, &[ADMIN, OwnDoctor, RECEPTION]),
    (Action::UpdateSession, &[OwnDoctor]),
    (Action::JoinSession, &[OwnDoctor, OwnPatient, Invited]),
    (Action::StartSession, &[OwnDoctor]),
    (Action::EndSession, &[OwnDoctor]),
    (Action::CancelSession, &[ADMIN, OwnDoctor, RECEPTION]),
    (Action::InviteToSession, &[OwnDoctor]),
    (Action::RequestTranscription, &[OwnDoctor]),
    (Action::ReadTranscript, &[OwnDoctor, OwnPatient]),
    (Action::ReadRecording, &[ADMIN, OwnDoctor, OwnPatient]),
    (
        Action::ReadTimeline,
        &[ADMIN, OwnDoctor, NURSE, RECEPTION, OwnPatient],
    ),
];

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No one of this role may do it to anything: 403.
    #[error("Your role may not do this.")]
    Role,
    /// The role may, but this thing is not the caller's: told as if it did not exist, 404.
    #[error("Not found.")]
    Scope,
}

/// Which rows of a list the caller may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scope {
    /// Every row.
    All,
    /// Rows of this doctor, and of sessions he was invited to.
    Doctor(UserId),
    /// Rows of this patient.
    Patient(PatientId),
    /// Only rows that this account was invited to.
    Invited(UserId),
    /// No row: a patient's account without a record.
    Nothing,
}

fn row(action: Action) -> &'static [Who] {
    TABLE
        .iter()
        .find(|(a, _)| *a == action)
        .map_or(&[], |(_, who)| who)
}

/// Whether the caller's role can do this to anything at all. The first question of every use case: it is answered
/// before any row is read, so that a foreign role learns nothing of what exists.
pub fn may_ever(caller: &Caller, action: Action) -> Result<(), Denied> {
    let possible = row(action).iter().any(|who| match who {
        Who::All(role) => *role == caller.role,
        OwnDoctor => caller.role == Role::Doctor,
        OwnPatient => caller.role == Role::Patient,
        Invited => caller.role != Role::Admin,
    });
    if possible { Ok(()) } else { Err(Denied::Role) }
}

/// Whether the caller may do this to this thing.
pub fn may(caller: &Caller, action: Action, subject: &Subject) -> Result<(), Denied> {
    may_ever(caller, action)?;
    let granted = row(action).iter().any(|who| match who {
        Who::All(role) => *role == caller.role,
        OwnDoctor => caller.role == Role::Doctor && subject.doctor == Some(caller.user),
        OwnPatient => {
            caller.role == Role::Patient
                && caller.patient.is_some()
                && caller.patient == subject.patient
        }
        Invited => subject.invited.contains(&caller.user),
    });
    if granted { Ok(()) } else { Err(Denied::Scope) }
}

/// Which rows of a list of things the caller may see, for the action that reads one of them.
pub fn scope(caller: &Caller, action: Action) -> Result<Scope, Denied> {
    may_ever(caller, action)?;
    let row = row(action);
    if row.contains(&Who::All(caller.role)) {
        return Ok(Scope::All);
    }
    Ok(match (caller.role, caller.patient) {
        (Role::Doctor, _) if row.contains(&OwnDoctor) => Scope::Doctor(caller.user),
        (Role::Patient, Some(patient)) if row.contains(&OwnPatient) => Scope::Patient(patient),
        (Role::Patient, None) => Scope::Nothing,
        (Role::Admin | Role::Doctor | Role::Nurse | Role::Receptionist | Role::Patient, _) => {
            Scope::Invited(caller.user)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCTOR_1: Caller = Caller {
        user: UserId(1),
        role: Role::Doctor,
        patient: None,
    };
    const DOCTOR_2: Caller = Caller {
        user: UserId(2),
        role: Role::Doctor,
        patient: None,
    };
    const PATIENT_1: Caller = Caller {
        user: UserId(3),
        role: Role::Patient,
        patient: Some(PatientId(10)),
    };
    const PATIENT_2: Caller = Caller {
        user: UserId(4),
        role: Role::Patient,
        patient: Some(PatientId(11)),
    };
    const UNLINKED: Caller = Caller {
        user: UserId(5),
        role: Role::Patient,
        patient: None,
    };
    const NURSE_1: Caller = Caller {
        user: UserId(6),
        role: Role::Nurse,
        patient: None,
    };
    const ADMIN_1: Caller = Caller {
        user: UserId(7),
        role: Role::Admin,
        patient: None,
    };

    fn session() -> Subject {
        Subject {
            doctor: Some(UserId(1)),
            patient: Some(PatientId(10)),
            invited: vec![],
        }
    }

    #[test]
    fn every_action_has_one_row() {
        for (at, (action, who)) in TABLE.iter().enumerate() {
            assert!(!who.is_empty(), "{action:?}");
            assert!(
                TABLE[..at].iter().all(|(earlier, _)| earlier != action),
                "{action:?} stands twice"
            );
        }
        assert_eq!(
            TABLE.len(),
            Action::ReadTimeline as usize + 1,
            "an action without a row"
        );
    }

    #[test]
    fn only_the_doctor_of_the_session_starts_it() {
        assert_eq!(may(&DOCTOR_1, Action::StartSession, &session()), Ok(()));
        assert_eq!(
            may(&DOCTOR_2, Action::StartSession, &session()),
            Err(Denied::Scope)
        );
        assert_eq!(
            may(&PATIENT_1, Action::StartSession, &session()),
            Err(Denied::Role)
        );
        assert_eq!(
            may(&ADMIN_1, Action::StartSession, &session()),
            Err(Denied::Role)
        );
    }

    #[test]
    fn a_nurse_joins_only_when_invited() {
        assert_eq!(
            may(&NURSE_1, Action::JoinSession, &session()),
            Err(Denied::Scope)
        );
        let invited = Subject {
            invited: vec![NURSE_1.user],
            ..session()
        };
        assert_eq!(may(&NURSE_1, Action::JoinSession, &invited), Ok(()));
        assert_eq!(
            may(&ADMIN_1, Action::JoinSession, &session()),
            Err(Denied::Role)
        );
    }

    #[test]
    fn a_patient_reads_his_own_and_nobody_elses() {
        assert_eq!(may(&PATIENT_1, Action::ReadVisit, &session()), Ok(()));
        assert_eq!(
            may(&PATIENT_2, Action::ReadVisit, &session()),
            Err(Denied::Scope)
        );
        assert_eq!(
            scope(&PATIENT_2, Action::ReadVisit),
            Ok(Scope::Patient(PatientId(11)))
        );
    }

    #[test]
    fn an_account_without_a_record_never_matches_a_thing_without_a_patient() {
        let nobody = Subject::default();
        assert_eq!(
            may(&UNLINKED, Action::ReadVisit, &nobody),
            Err(Denied::Scope)
        );
        assert_eq!(scope(&UNLINKED, Action::ReadVisit), Ok(Scope::Nothing));
    }

    #[test]
    fn a_doctor_lists_his_own_sessions() {
        assert_eq!(
            scope(&DOCTOR_1, Action::ReadSession),
            Ok(Scope::Doctor(UserId(1)))
        );
        assert_eq!(scope(&NURSE_1, Action::ReadSession), Ok(Scope::All));
        assert_eq!(
            scope(&NURSE_1, Action::JoinSession),
            Ok(Scope::Invited(NURSE_1.user))
        );
    }
}
