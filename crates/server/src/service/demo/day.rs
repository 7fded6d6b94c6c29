//! What happens in the demonstration clinic: around now, and in the days before and after.

use televisit_domain::record::VisitType;

/// Who holds a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// `doctor`.
    Doctor,
    /// `doctor2`.
    Doctor2,
}

/// What became of a visit's session.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// There is none yet.
    None,
    /// It lies ahead.
    Scheduled,
    /// It began a few minutes late and goes on.
    InProgress,
    /// It was held; so many minutes, with these notes.
    Completed(i64, &'static str),
    /// It was called off for this reason.
    Cancelled(&'static str),
    /// It broke for this reason.
    Failed(&'static str),
}

/// What was paid towards the bill.
#[derive(Clone, Copy, Debug)]
pub enum Paid {
    /// Nothing.
    Nothing,
    /// So many minor units.
    Part(i64),
    /// Everything.
    All,
}

/// A visit with all that belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Which patient, by place in the list of people.
    pub patient: usize,
    /// Who holds it.
    pub holder: Holder,
    /// Why, in one word.
    pub visit_type: VisitType,
    /// Why, in the patient's words.
    pub complaint: &'static str,
    /// When its session is planned, in minutes from now.
    pub minutes: i64,
    /// What became of the session.
    pub outcome: Outcome,
    /// What the desk charged, by code; a held session adds its fee.
    pub charged: &'static [&'static str],
    /// What was paid.
    pub paid: Paid,
    /// Whether the visit is closed.
    pub closed: bool,
}

const DAY: i64 = 24 * 60;

const fn case(
    patient: usize,
    holder: Holder,
    visit_type: VisitType,
    complaint: &'static str,
    minutes: i64,
    outcome: Outcome,
) -> Case {
    Case {
        patient,
        holder,
        visit_type,
        complaint,
        minutes,
        outcome,
        charged: &[],
        paid: Paid::Nothing,
        closed: false,
    }
}

use Holder::{Doctor, Doctor2};
use VisitType::{Consultation, Emergency, FollowUp, Routine, Specialist};

/// Visits of the days before; written once.
pub const BEFORE: &[Case] = &[
    Case {
        charged: &["CONS-001"],
        paid: Paid::All,
        closed: true,
        ..case(
            0,
            Doctor,
            Consultation,
            "Cough for three weeks",
            -8 * DAY,
            Outcome::Completed(
                18,
                "Dry cough for three weeks, no fever, no weight loss. Chest clear by history. Advised fluids and a peak \
                 flow diary; review in a week.",
            ),
        )
    },
    Case {
        paid: Paid::All,
        closed: true,
        ..case(
            5,
            Doctor2,
            FollowUp,
            "Blood pressure review",
            -3 * DAY,
            Outcome::Completed(
                11,
                "Home readings 128/82 on average. Continue amlodipine 5 mg. Next review in three months.",
            ),
        )
    },
    Case {
        charged: &["CONS-001", "LAB-CBC"],
        paid: Paid::Part(150_000),
        ..case(
            2,
            Doctor,
            Specialist,
            "Tired for a month, short of breath on stairs",
            -DAY - 95,
            Outcome::Completed(
                24,
                "Exertional breathlessness and fatigue for one month. Full blood count ordered; come in person if \
                 there is chest pain.",
            ),
        )
    },
    case(
        7,
        Doctor,
        Consultation,
        "Headache after reading",
        -DAY - 30,
        Outcome::Cancelled("The patient asked for a visit in person."),
    ),
    Case {
        charged: &["CONS-001"],
        ..case(
            8,
            Doctor2,
            Routine,
            "Form for a new employer",
            -2 * DAY,
            Outcome::None,
        )
    },
];

/// Visits around now and in the days after; written on each day that the demonstration is started.
pub const TODAY: &[Case] = &[
    Case {
        charged: &["CONS-001"],
        paid: Paid::Part(100_000),
        ..case(
            1,
            Doctor,
            Consultation,
            "Rash on both forearms since Sunday",
            -190,
            Outcome::Completed(
                16,
                "Itchy papular rash on both forearms after gardening, no fever. Contact dermatitis likely. \
                 Hydrocortisone 1% twice a day for five days; call back if it spreads.",
            ),
        )
    },
    Case {
        paid: Paid::All,
        closed: true,
        ..case(
            6,
            Doctor,
            FollowUp,
            "Sugar diary, second month",
            -140,
            Outcome::Completed(
                9,
                "Fasting readings 6.1 to 7.4 mmol/l. Continue metformin, diet sheet sent home.",
            ),
        )
    },
    case(
        8,
        Doctor2,
        Consultation,
        "Back pain after lifting",
        -110,
        Outcome::Failed("The connection was lost and nobody came back within 10 minutes."),
    ),
    case(
        3,
        Doctor,
        Consultation,
        "Sore throat",
        -75,
        Outcome::Cancelled("The patient feels well again."),
    ),
    case(
        4,
        Doctor2,
        Emergency,
        "Fever since last night, drinks little",
        -20,
        Outcome::InProgress,
    ),
    Case {
        charged: &["CONS-001"],
        ..case(
            7,
            Doctor,
            Consultation,
            "Headache after reading",
            -5,
            Outcome::Scheduled,
        )
    },
    Case {
        charged: &["CONS-001"],
        paid: Paid::All,
        ..case(
            0,
            Doctor,
            FollowUp,
            "Cough, review after a week",
            15,
            Outcome::Scheduled,
        )
    },
    case(
        5,
        Doctor,
        Routine,
        "Repeat prescription",
        45,
        Outcome::Scheduled,
    ),
    case(
        2,
        Doctor2,
        FollowUp,
        "Result of the blood count",
        70,
        Outcome::Scheduled,
    ),
    case(
        3,
        Doctor2,
        Specialist,
        "Allergy test, what it means",
        DAY + 30,
        Outcome::Scheduled,
    ),
];

/// The visit of the manual test flow: paid, open, and without a session. The last one, so that it stands first in
/// every list.
pub const FLOW: Case = Case {
    charged: &["CONS-001"],
    paid: Paid::All,
    ..case(
        0,
        Doctor,
        Consultation,
        "Virtual consultation needed",
        0,
        Outcome::None,
    )
};
