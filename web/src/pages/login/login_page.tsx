import { Eye, EyeOff } from "lucide";
import { useRef, useState } from "preact/hooks";
import { auth } from "../../api/index.ts";
import { explain, fieldError } from "../../api/errors.ts";
import type { SignedOutBecause } from "../../api/auth.ts";
import { useInfo } from "../../data/clinic.ts";
import { t } from "../../i18n/index.ts";
import { Brand } from "../../shell/brand.tsx";
import { useTitle } from "../../shell/title.ts";
import { Button } from "../../ui/button.tsx";
import { Field, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import "./login.css";

/** The accounts and the password of `serve --demo`. */
const DEMO_ACCOUNTS = ["doctor", "doctor2", "receptionist", "nurse", "admin", "patient"];
const DEMO_PASSWORD = "televisit-demo";

/** Where everybody begins. `because` is why the person who was signed in is so no longer. */
export default function LoginPage({ because }: { because: SignedOutBecause | null }) {
  const info = useInfo();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const submitButton = useRef<HTMLFormElement>(null);
  useTitle(t.login.title);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    try {
      await auth.login(username.trim(), password);
    } catch (error) {
      setTrouble(error);
      passwordInput.current?.select();
    } finally {
      setBusy(false);
    }
  };

  const passwordError = fieldError(trouble, "password") || (trouble && !fieldError(trouble, "username") ? explain(trouble) : "");
  return (
    <main class="sign">
      <form ref={submitButton} class="card" onSubmit={(event) => void submit(event)}>
        <span class="brand"><Brand /></span>
        <div>
          <h1>{t.login.title}</h1>
          {/* The line stands even before the name is known, so that nothing moves. */}
          <p class="soft">{info?.clinic_name || " "}</p>
        </div>
        {because === "expired" ? <Notice>{t.login.expired}</Notice> : because === "other_tab" ? <Notice>{t.login.otherTab}</Notice> : null}
        <TextField label={t.login.username} value={username} onValue={setUsername} name="username" autocomplete="username" autocapitalize="none" spellcheck={false} autofocus error={fieldError(trouble, "username")} />
        <Field label={t.login.password} error={passwordError}>
          {(control) => (
            <div class="password">
              <input {...control} ref={passwordInput} class="input" name="password" type={(shown ? "text" : "password") as "password"} autocomplete="current-password" value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
              <Button kind="quiet" icon={shown ? EyeOff : Eye} label={shown ? t.login.hide : t.login.show} aria-pressed={shown} onClick={() => setShown(!shown)} />
            </div>
          )}
        </Field>
        <Button kind="primary" wide type="submit" busy={busy}>{t.login.submit}</Button>
        {info?.demo ? (
          <div class="notice demo">
            <p><b>{t.login.demoTitle}</b> {t.login.demo}</p>
            <div class="demo-accounts">
              {DEMO_ACCOUNTS.map((account) => (
                <Button key={account} onClick={() => { setUsername(account); setPassword(DEMO_PASSWORD); setTrouble(null); submitButton.current?.querySelector<HTMLElement>("[type=submit]")?.focus(); }}>{account}</Button>
              ))}
            </div>
          </div>
        ) : <p class="faint">{t.login.help}</p>}
      </form>
    </main>
  );
}
