import { FileText, Video, VideoOff } from "lucide";
import { sessions } from "../../api/calls.ts";
import { formError } from "../../api/errors.ts";
import type { Info, Session } from "../../api/types.ts";
import { useAction } from "../../data/use_action.ts";
import { sessionWords as w } from "../../i18n/sessions_en.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/load_state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Progress } from "../../ui/progress.tsx";

/** What became of the recording, said as it is. */
export function RecordingTab({ session, info }: { session: Session; info: Info }) {
  const state = w.recordingStates[session.recording_status];
  if (state) return <Notice tone={session.recording_status === "FAILED" ? "danger" : "info"}>{state}</Notice>;
  if (!info.recording_available) return <Empty icon={VideoOff} title={w.recordingUnavailable}>{w.recordingUnavailableText}</Empty>;
  if (!session.recording_enabled) return <Empty icon={VideoOff} title={w.recordingNotAsked}>{w.recordingNotAskedText}</Empty>;
  if (session.status === "SCHEDULED" || session.status === "IN_PROGRESS") return <Empty icon={Video} title={w.recordingLater}>{w.recordingLaterText}</Empty>;
  return <Empty icon={VideoOff} title={w.recordingNone} />;
}

/** The transcript, or where it is on its way, or why there is none. */
export function TranscriptTab({ session, info, mayAsk, onChange }: { session: Session; info: Info; mayAsk: boolean; onChange: (session: Session) => void }) {
  const action = useAction();
  const ask = async () => {
    const answer = await action.run(session.id, (key) => sessions.requestTranscription(session.id, key));
    if (answer) onChange(answer);
  };
  const trouble = formError(action.error, []);
  const button = (label: string) => (mayAsk && session.recording_status === "COMPLETED" && info.transcription_available ? <Button busy={action.busy} onClick={() => void ask()}>{label}</Button> : null);
  return (
    <>
      {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
      {body()}
    </>
  );

  function body() {
    switch (session.transcription_status) {
      case "COMPLETED": return <p class="prose">{session.transcription_text}</p>;
      case "PENDING": return <Progress label={w.transcriptWaiting} />;
      case "PROCESSING": return <Progress label={w.transcriptRunning} />;
      case "NO_SPEECH": return <Empty icon={FileText} title={w.transcriptNoSpeech} />;
      case "FAILED": return <Notice tone="danger" action={button(w.transcriptAgain)}>{w.transcriptFailed(session.transcription_error)}</Notice>;
      default:
        if (!info.transcription_available) return <Empty icon={FileText} title={w.transcriptUnavailable}>{w.transcriptUnavailableText}</Empty>;
        return <Empty icon={FileText} title={w.transcriptNeeds} action={button(w.transcriptAsk)}>{session.recording_status === "COMPLETED" ? null : w.transcriptNeedsText}</Empty>;
    }
  }
}
