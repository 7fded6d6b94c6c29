import { SendHorizontal } from "lucide";
import { useLayoutEffect, useRef } from "preact/hooks";
import { callText as t } from "../../i18n/call_en.ts";
import { Button } from "../../ui/button.tsx";
import { useReadable } from "./use_readable.ts";
import type { VisitCall } from "./visit_call.ts";

const LONGEST = 2000;

/** Messages to everybody in the visit. Enter sends, Shift and Enter begins a new line. */
export function ChatPanel({ visit, text, setText }: { visit: VisitCall; /** What is being written; it survives the closing of the panel. */ text: string; setText: (text: string) => void }) {
  const { chat, admitted } = useReadable(visit.call.view);
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [chat.length]);
  const left = LONGEST - text.trim().length;
  const send = () => {
    if (visit.call.say(text)) setText("");
  };
  return (
    <>
      <div ref={list} class="panel" role="log" aria-live="polite" tabIndex={0} aria-label={t.panel.chat}>
        {chat.length === 0 ? <p class="chat-empty">{admitted ? t.panel.chatEmpty : t.panel.chatWaiting}</p> : null}
        <ol class="chat">{chat.map((message) => (
          <li key={message.id} class={message.mine ? "mine" : ""}>
            <span class="chat-head">{message.mine ? t.panel.me : message.name} <time dateTime={new Date(message.at).toISOString()}>{new Date(message.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}</time></span>
            <p>{message.text}</p>
            {message.state === "sent" ? null : <span class="chat-state">{message.state === "sending" ? t.panel.chatSending : <>{t.panel.chatFailed} <button type="button" class="link" onClick={() => visit.call.sayAgain(message.id)}>{t.panel.chatAgain}</button></>}</span>}
          </li>
        ))}</ol>
      </div>
      <form
        class="chat-write"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <textarea
          rows={1}
          aria-label={t.panel.chatLabel}
          value={text}
          maxLength={LONGEST + 200}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            // While a word is being composed Enter belongs to the keyboard.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <Button kind="primary" type="submit" icon={SendHorizontal} label={t.panel.chatSend} disabled={!admitted || text.trim() === "" || left < 0} />
        {left < 200 ? <span class="chat-left" role="status">{t.panel.chatLong(left)}</span> : null}
      </form>
    </>
  );
}
