import type { Patient, Session, Visit } from "../../api/types.ts";
import { callText as t } from "../../i18n/call_en.ts";
import { moneyWords } from "../../money/money.ts";
import { shortDay } from "../../time/words.ts";
import { Facts } from "../../ui/facts.tsx";
import { Skeleton } from "../../ui/load_state.tsx";

/** The few facts about the patient one needs while talking, the telephone first among them: it is the way on when the call fails. */
export function PatientPanel({ patient, record, session }: { patient: Patient | undefined; record: Visit | undefined; session: Session }) {
  const f = t.panel.facts;
  if (!patient) return <div class="panel"><Skeleton lines={6} /></div>;
  const emergency = [patient.emergency_contact_name, patient.emergency_contact_relationship, patient.emergency_contact_phone].filter(Boolean).join(", ");
  const items: ([string, preact.ComponentChildren] | null)[] = [
    record?.chief_complaint ? [f.complaint, record.chief_complaint] : null,
    patient.phone ? [f.phone, <a key="phone" href={`tel:${patient.phone.replaceAll(/[^\d+]/g, "")}`}>{patient.phone}</a>] : null,
    [f.age, patient.age === null ? "" : f.years(patient.age)],
    [f.gender, f.genders[patient.gender] ?? ""],
    patient.date_of_birth ? [f.born, shortDay(patient.date_of_birth, "")] : null,
    patient.language ? [f.language, patient.language] : null,
    patient.address ? [f.address, patient.address] : null,
    emergency ? [f.emergency, emergency] : null,
    [f.number, patient.patient_number],
    record ? [f.bill, moneyWords(record.outstanding_balance, record.currency)] : null,
  ];
  return (
    <div class="panel">
      <div><h2>{patient.full_name}</h2></div>
      <Facts items={items.filter((item) => item !== null && item[1] !== "")} />
      <a href={`/patients/${session.patient}`} target="_blank" rel="noreferrer">{f.open}</a>
    </div>
  );
}
