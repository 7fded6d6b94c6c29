//! The people of the demonstration clinic. All of them are made up.

use televisit_domain::access::Role;
use televisit_domain::ids::{PatientId, UserId};
use televisit_domain::record::Gender;
use televisit_storage::patients::{self, PatientFields};
use televisit_storage::users::{self, NewUser};
use televisit_storage::{Conn, Result, Tx};

use super::At;

/// The password of every account; the login page says so.
pub const PASSWORD: &str = "televisit-demo";

/// The accounts that the day of the clinic is told with.
#[derive(Clone, Copy, Debug)]
pub struct Staff {
    /// `doctor`.
    pub doctor: UserId,
    /// `doctor2`.
    pub doctor2: UserId,
    /// `receptionist`.
    pub receptionist: UserId,
    /// `patient`.
    pub patient: UserId,
}

struct Account {
    username: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    role: Role,
    specialization: &'static str,
}

const ACCOUNTS: [Account; 6] = [
    account(
        "doctor",
        "Amina",
        "Wanjiru",
        Role::Doctor,
        "General medicine",
    ),
    account("doctor2", "Daniel", "Otieno", Role::Doctor, "Paediatrics"),
    account("receptionist", "Ruth", "Kamau", Role::Receptionist, ""),
    account("nurse", "Joseph", "Mwangi", Role::Nurse, ""),
    account("admin", "Esther", "Njoroge", Role::Admin, ""),
    account("patient", "Test", "Telemedicine", Role::Patient, ""),
];

const fn account(
    username: &'static str,
    first_name: &'static str,
    last_name: &'static str,
    role: Role,
    specialization: &'static str,
) -> Account {
    Account {
        username,
        first_name,
        last_name,
        role,
        specialization,
    }
}

struct Record {
    first: &'static str,
    last: &'static str,
    born: &'static str,
    gender: Gender,
    phone: &'static str,
    email: &'static str,
    national_id: &'static str,
    address: &'static str,
    language: &'static str,
}

/// The first is the patient of the account `patient`; the last is archived.
const RECORDS: [Record; 10] = [
    record(
        "Test",
        "Telemedicine",
        "1990-01-01",
        Gender::Male,
        "0712345678",
        "patient@test.com",
        "12345678",
        "Nairobi",
        "en",
    ),
    record(
        "Grace",
        "Njeri",
        "1984-06-17",
        Gender::Female,
        "0722000101",
        "grace.njeri@example.org",
        "20000101",
        "Thika",
        "en",
    ),
    record(
        "Peter",
        "Odhiambo",
        "1958-11-03",
        Gender::Male,
        "0733000102",
        "",
        "20000102",
        "Kisumu",
        "sw",
    ),
    record(
        "Fatuma",
        "Hassan",
        "1996-02-29",
        Gender::Female,
        "0711000103",
        "fatuma.hassan@example.org",
        "20000103",
        "Mombasa",
        "sw",
    ),
    record(
        "Brian",
        "Kiprono",
        "2019-08-21",
        Gender::Male,
        "0720000104",
        "",
        "",
        "Eldoret",
        "en",
    ),
    record(
        "Mary",
        "Atieno",
        "1972-04-09",
        Gender::Female,
        "0734000105",
        "mary.atieno@example.org",
        "20000105",
        "Kisumu",
        "en",
    ),
    record(
        "Samuel",
        "Mutua",
        "1949-12-30",
        Gender::Male,
        "0700000106",
        "",
        "20000106",
        "Machakos",
        "sw",
    ),
    record(
        "Zainab",
        "Ali",
        "2003-07-14",
        Gender::Female,
        "0745000107",
        "zainab.ali@example.org",
        "20000107",
        "Garissa",
        "sw",
    ),
    record(
        "Kevin",
        "Barasa",
        "1988-03-25",
        Gender::PreferNotToSay,
        "0798000108",
        "",
        "20000108",
        "Kakamega",
        "en",
    ),
    record(
        "Lucy",
        "Wambui",
        "1965-09-05",
        Gender::Female,
        "0721000109",
        "",
        "20000109",
        "Nakuru",
        "en",
    ),
];

#[expect(clippy::too_many_arguments, reason = "a row of the table above")]
const fn record(
    first: &'static str,
    last: &'static str,
    born: &'static str,
    gender: Gender,
    phone: &'static str,
    email: &'static str,
    national_id: &'static str,
    address: &'static str,
    language: &'static str,
) -> Record {
    Record {
        first,
        last,
        born,
        gender,
        phone,
        email,
        national_id,
        address,
        language,
    }
}

/// Makes everybody. The hash is that of [`PASSWORD`]; the time is when the clinic began to use the product.
pub async fn make(tx: &mut Tx, hash: &str, at: At) -> Result<(Staff, Vec<PatientId>)> {
    let mut records = Vec::with_capacity(RECORDS.len());
    for (weeks, known) in (1..).zip(RECORDS.iter()) {
        let fields = PatientFields {
            first_name: Some(known.first.into()),
            last_name: Some(known.last.into()),
            date_of_birth: known.born.parse().ok(),
            gender: Some(known.gender),
            phone: Some(known.phone.into()),
            email: Some(known.email.into()),
            national_id: Some(known.national_id.into()),
            address: Some(known.address.into()),
            language: Some(known.language.into()),
            ..PatientFields::default()
        };
        let made = patients::insert(tx, &fields, at.days(-7 * weeks)).await?;
        records.push(made.id);
    }
    if let Some(last) = records.last() {
        patients::set_active(tx, *last, false, at.days(-3)).await?;
    }
    let mut ids = Vec::with_capacity(ACCOUNTS.len());
    for known in &ACCOUNTS {
        let is_patient = known.role == Role::Patient;
        let email = if is_patient {
            RECORDS[0].email.to_owned()
        } else {
            format!("{}@clinic.example", known.username)
        };
        let new = NewUser {
            username: known.username,
            email: &email,
            first_name: known.first_name,
            last_name: known.last_name,
            role: known.role,
            specialization: known.specialization,
            password_hash: hash,
            patient: records.first().copied().filter(|_| is_patient),
        };
        ids.push(users::insert(tx, &new, at.days(-90)).await?.id);
    }
    let staff = Staff {
        doctor: ids[0],
        doctor2: ids[1],
        receptionist: ids[2],
        patient: ids[5],
    };
    Ok((staff, records))
}

/// Everybody again, at a later start; `None` when somebody was renamed or removed.
pub async fn find(conn: &mut Conn) -> Result<Option<(Staff, Vec<PatientId>)>> {
    let mut ids = Vec::with_capacity(ACCOUNTS.len());
    for known in &ACCOUNTS {
        match users::find_by_name(conn, known.username).await? {
            Some(user) if user.role == known.role => ids.push(user.id),
            Some(_) | None => return Ok(None),
        }
    }
    // The records were the first ones of an empty database.
    let mut records = Vec::with_capacity(RECORDS.len());
    for (id, known) in (1..).zip(RECORDS.iter()) {
        match patients::find(conn, PatientId(id)).await? {
            Some(found) if found.first_name == known.first => records.push(found.id),
            Some(_) | None => return Ok(None),
        }
    }
    let staff = Staff {
        doctor: ids[0],
        doctor2: ids[1],
        receptionist: ids[2],
        patient: ids[5],
    };
    Ok(Some((staff, records)))
}
