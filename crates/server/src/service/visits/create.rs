//! Opening a visit, with what stands behind its bill from the start.

use televisit_domain::access::{self, Action, Role};
use televisit_domain::billing::{Money, PaymentStatus};
use televisit_domain::ids::{AppointmentId, PatientId, UserId, VisitId};
use televisit_domain::record::{AppointmentStatus, VisitType};
use televisit_storage::payments::{self, NewPayment};
use televisit_storage::visits::{self, NewVisit, VisitRow};
use televisit_storage::{Conn, appointments, audit, patients};

use crate::app::App;
use crate::service::billing::PaymentInput;
use crate::service::idempotent::{self, Made};
use crate::service::{Context, Error, FieldErrors, Input, wording};

/// A visit to be opened.
#[derive(Clone, Debug)]
pub struct VisitInput {
    /// Whose visit.
    pub patient: i64,
    /// Why the patient comes, in one word; `CONSULTATION` when it is not sent.
    pub visit_type: Option<VisitType>,
    /// Why, in the patient's words, at most 2000 characters.
    pub chief_complaint: String,
    /// The appointment it is made from.
    pub appointment: Option<i64>,
    /// The doctor who is to hold it. A doctor opens visits for himself only.
    pub assigned_doctor: Option<i64>,
    /// `PAID` needs `payment`, `SETTLED` needs `waiver`; otherwise `UNPAID` or nothing.
    pub payment_status: Option<PaymentStatus>,
    /// What was paid at the desk, before there is a charge.
    pub payment: Option<PaymentInput>,
    /// Why nothing has to be paid.
    pub waiver: Option<WaiverInput>,
}

/// Why, and how much, a patient does not have to pay.
#[derive(Clone, Debug)]
pub struct WaiverInput {
    /// In a few words, at most 500 characters.
    pub reason: String,
    /// How much of later charges; `"0.00"` when it is not sent: then the visit is settled until its first charge.
    pub amount: Option<Money>,
}

/// Opens a visit, with its first payment or its waiver in the same transaction.
pub async fn create(
    app: &App,
    ctx: &Context,
    input: Input<VisitInput>,
) -> Result<Made<VisitRow>, Error> {
    access::may_ever(&ctx.caller, Action::CreateVisit)?;
    let hash = input.hash().to_owned();
    let input = input.get()?;
    let now = app.clock.now();
    let mut wrong = FieldErrors::new();
    let payment = check_bill(app, ctx, &input, &mut wrong);
    let chief_complaint =
        wording::text(&mut wrong, "chief_complaint", &input.chief_complaint, 2000);
    let waiver = input.waiver.as_ref().map(|waiver| {
        let reason = wording::required(&mut wrong, "waiver.reason", &waiver.reason, 500);
        (waiver.amount.unwrap_or_default(), reason)
    });
    if waiver
        .as_ref()
        .is_some_and(|(amount, _)| amount.minor() < 0)
    {
        wrong.add("waiver.amount", "An amount may not be negative.");
    }
    if ctx.caller.role == Role::Doctor
        && input
            .assigned_doctor
            .is_some_and(|doctor| doctor != ctx.caller.user.0)
    {
        wrong.add("assigned_doctor", "A doctor opens visits for himself only.");
    }

    let mut tx = app.db.begin().await?;
    if let Some(spent) = idempotent::begin(&mut tx, ctx, "POST visits", &hash, now).await? {
        drop(tx);
        let visit = super::retrieve(app, ctx, VisitId(spent.resource_id)).await?;
        return Ok(Made::again(visit, &spent));
    }
    check_patient(&mut tx, &input, &mut wrong).await?;
    let from_appointment = check_appointment(&mut tx, &input, &mut wrong).await?;
    let assigned_doctor = match ctx.caller.role {
        Role::Doctor => Some(ctx.caller.user.0),
        Role::Admin | Role::Nurse | Role::Receptionist | Role::Patient => {
            input.assigned_doctor.or(from_appointment)
        }
    };
    if let Some(doctor) = assigned_doctor {
        super::check_doctor(&mut tx, &mut wrong, "assigned_doctor", doctor).await?;
    }
    wrong.check()?;

    let inserted = visits::insert(
        &mut tx,
        &NewVisit {
            patient: PatientId(input.patient),
            visit_type: input.visit_type.unwrap_or(VisitType::Consultation),
            chief_complaint,
            appointment: input.appointment.map(AppointmentId),
            assigned_doctor: assigned_doctor.map(UserId),
            waiver,
            by: ctx.caller.user,
            at: now,
        },
    )
    .await;
    let id = match inserted {
        Err(error) if error.is_conflict_on("visit_appointment") => {
            return Err(Error::field(
                "appointment",
                "This appointment already has a visit.",
            ));
        }
        inserted => inserted?,
    };
    let mut entries = vec![ctx.audit(now, "visit.create", "visit", Some(id.0))];
    if let Some((amount, payment)) = payment {
        let taken = payments::insert(
            &mut tx,
            &NewPayment {
                visit: id,
                amount,
                currency: app.config.currency.clone(),
                method: payment.payment_method,
                reference: payment.transaction_reference,
                by: ctx.caller.user,
                at: now,
            },
        )
        .await?;
        entries.push(ctx.audit(now, "payment.create", "payment", taken.map(|p| p.0)));
    }
    idempotent::settle(&mut tx, ctx, id.0, true, "").await?;
    let visit = super::find(&mut tx, id).await?;
    audit::append(&mut tx, &entries).await?;
    tx.commit().await?;
    super::publish(app, &visit);
    Ok(Made::new(visit))
}

/// What the client says of the bill must have something behind it, and only the desk may say it.
fn check_bill(
    app: &App,
    ctx: &Context,
    input: &VisitInput,
    wrong: &mut FieldErrors,
) -> Option<(Money, PaymentInput)> {
    let at_the_desk = matches!(ctx.caller.role, Role::Receptionist | Role::Admin);
    if !at_the_desk {
        for (field, sent) in [
            ("payment", input.payment.is_some()),
            ("waiver", input.waiver.is_some()),
        ] {
            if sent {
                wrong.add(field, "Only reception or an administrator may send this.");
            }
        }
    }
    if input.payment.is_some() && input.waiver.is_some() {
        wrong.add("waiver", "Send either a payment or a waiver.");
    }
    let refusal = match (input.payment_status, &input.payment, &input.waiver) {
        (None | Some(PaymentStatus::Unpaid), None, None)
        | (None | Some(PaymentStatus::Paid | PaymentStatus::PartiallyPaid), Some(_), None)
        | (None | Some(PaymentStatus::Settled), None, Some(_))
        | (_, Some(_), Some(_)) => None,
        (Some(PaymentStatus::Paid | PaymentStatus::PartiallyPaid), None, _) => {
            Some("This needs a payment behind it: send \"payment\".")
        }
        (Some(PaymentStatus::Settled), _, None) => {
            Some("SETTLED needs a waiver behind it: send \"waiver\".")
        }
        (Some(PaymentStatus::Unpaid), _, _) => {
            Some("UNPAID contradicts the payment or waiver that was sent with it.")
        }
    };
    if let Some(refusal) = refusal {
        wrong.add("payment_status", refusal);
    }
    let payment = input.payment.clone()?;
    let checked = payment.checked("payment.", wrong);
    checked.check_currency("payment.", &app.config.currency, wrong);
    Some((checked.amount, checked))
}

async fn check_patient(
    conn: &mut Conn,
    input: &VisitInput,
    wrong: &mut FieldErrors,
) -> Result<(), Error> {
    match patients::find(conn, PatientId(input.patient)).await? {
        None => wrong.add(
            "patient",
            format!("Patient {} does not exist.", input.patient),
        ),
        Some(patient) if !patient.is_active => {
            wrong.add("patient", format!("Patient {} is archived.", input.patient));
        }
        Some(_) => {}
    }
    Ok(())
}

/// The doctor of the appointment that the visit is made from.
async fn check_appointment(
    conn: &mut Conn,
    input: &VisitInput,
    wrong: &mut FieldErrors,
) -> Result<Option<i64>, Error> {
    let Some(id) = input.appointment else {
        return Ok(None);
    };
    let Some(appointment) = appointments::find(conn, AppointmentId(id)).await? else {
        wrong.add("appointment", format!("Appointment {id} does not exist."));
        return Ok(None);
    };
    if appointment.patient_id.0 != input.patient {
        wrong.add(
            "appointment",
            format!("Appointment {id} is of another patient."),
        );
    } else if let Some(visit) = appointment.visit_id {
        wrong.add(
            "appointment",
            format!("Appointment {id} already has visit {visit}."),
        );
    } else if matches!(
        appointment.status,
        AppointmentStatus::Cancelled | AppointmentStatus::NoShow
    ) {
        wrong.add(
            "appointment",
            format!("Appointment {id} is {}.", appointment.status),
        );
    }
    Ok(Some(appointment.doctor_id.0))
}
