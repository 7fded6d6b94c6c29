//! Identifiers as types, so that a visit can never be looked up with a patient's number.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl From<i64> for $name {
            fn from(id: i64) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

id! {
    /// An account.
    UserId,
    /// A patient record.
    PatientId,
    /// A visit (the field's "encounter").
    VisitId,
    /// An appointment.
    AppointmentId,
    /// A telemedicine session.
    SessionId,
    /// A line of the service catalog.
    ServiceId,
    /// A charge on a visit's bill.
    ChargeId,
    /// A payment towards a visit's bill.
    PaymentId,
}
