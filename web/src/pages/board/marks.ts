import type { BoardRow, Presence } from "../../api/types.ts";
import { board as b } from "../../i18n/board_en.ts";
import { isDue, moneyWords } from "../../money/money.ts";
import { durationWords } from "../../time/words.ts";
import type { Tone } from "../../ui/badge.tsx";
import { groupOf, patientPresence } from "./grouping.ts";

export interface Mark { tone: Tone; text: string; title?: string }

/** The badges of a row: what somebody who glances at it has to know, trouble first. */
export function marksOf(row: BoardRow, now: Date): Mark[] {
  const { session, visit } = row;
  const due: Mark[] = isDue(visit.outstanding_balance) ? [{ tone: "attention", text: b.paymentDue, title: moneyWords(visit.outstanding_balance, visit.currency) }] : [];
  const patient = patientPresence(row);
  switch (groupOf(row)) {
    case "waiting": return [...deviceMarks(patient), ...due];
    case "in_progress": {
      const marks: Mark[] = [];
      if (session.recording_status === "RECORDING" || session.recording_status === "IN_PROGRESS") marks.push({ tone: "danger", text: b.recording });
      if (!patient) marks.push({ tone: "attention", text: b.patientGone });
      else if (patient.network !== "unknown") marks.push({ tone: networkTone(patient), text: b.network[patient.network] });
      return marks;
    }
    case "later": {
      const late = Math.floor((now.getTime() - Date.parse(session.scheduled_start)) / 1000);
      return [...(late >= 60 ? [{ tone: "attention" as const, text: b.overdue(durationWords(late)) }] : []), ...due];
    }
    case "done": {
      if (session.status === "CANCELLED") return [{ tone: "plain", text: b.cancelled, ...(session.error_message ? { title: session.error_message } : {}) }];
      if (session.status === "FAILED") return [{ tone: "danger", text: b.failed, ...(session.error_message ? { title: session.error_message } : {}) }];
      const marks: Mark[] = [session.billing ? { tone: "plain", text: b.billed(moneyWords(session.billing.amount, session.billing.currency)) } : { tone: "plain", text: b.notBilled }];
      if (session.transcription_status === "COMPLETED") marks.push({ tone: "info", text: b.transcriptReady });
      if (session.transcription_status === "PENDING" || session.transcription_status === "PROCESSING") marks.push({ tone: "info", text: b.transcriptRunning });
      return [...marks, ...due];
    }
  }
}

/** What the patient's own check has found. */
function deviceMarks(patient: Presence | null): Mark[] {
  if (!patient) return [];
  const marks: Mark[] = [];
  const bad = (state: Presence["camera"]) => state !== "ok" && state !== "unknown";
  if (bad(patient.microphone)) marks.push({ tone: patient.microphone === "off" ? "attention" : "danger", text: b.microphone[patient.microphone] });
  if (bad(patient.camera)) marks.push({ tone: patient.camera === "blocked" ? "danger" : "attention", text: b.camera[patient.camera] });
  if (patient.camera === "ok" && patient.microphone === "ok") marks.push({ tone: "good", text: b.bothWork });
  else if (patient.microphone === "ok") marks.push({ tone: "good", text: b.microphone.ok });
  else if (patient.camera === "ok") marks.push({ tone: "good", text: b.camera.ok });
  if (patient.network === "fair" || patient.network === "poor") marks.push({ tone: networkTone(patient), text: b.network[patient.network] });
  return marks;
}

const networkTone = (patient: Presence): Tone => ({ good: "good", fair: "attention", poor: "danger", unknown: "plain" } as const)[patient.network];
