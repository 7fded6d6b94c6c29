import { useEffect, useState } from "preact/hooks";
import { accounts, patients } from "../../api/calls.ts";
import { fieldError, formError } from "../../api/errors.ts";
import type { Role, User } from "../../api/types.ts";
import { useAction } from "../../data/use_action.ts";
import { useLoad } from "../../data/use_load.ts";
import { adminWords as w } from "../../i18n/admin_en.ts";
import { t } from "../../i18n/index.ts";
import { fullName } from "../../people/names.ts";
import { Button } from "../../ui/button.tsx";
import { Combobox, type Option } from "../../ui/combobox.tsx";
import { Dialog, DialogFoot } from "../../ui/dialog.tsx";
import { Checkbox, SelectField, TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { toast } from "../../ui/toast.tsx";
import { patientOption, searchPatients } from "../visits/new_visit_dialog.tsx";

const SHORTEST_PASSWORD = 8;

/** Creates an account, or changes one. Nobody changes the own role or switches the own account off here: that would lock the clinic out. */
export function UserDialog({ user, self = false, onClose, onSaved }: { user?: User; self?: boolean; onClose: () => void; onSaved: () => void }) {
  const [username, setUsername] = useState(user?.username ?? "");
  const [first, setFirst] = useState(user?.first_name ?? "");
  const [last, setLast] = useState(user?.last_name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [role, setRole] = useState<Role>(user?.role ?? "DOCTOR");
  const [specialization, setSpecialization] = useState(user?.specialization ?? "");
  const [patient, setPatient] = useState<Option | null>(null);
  const [password, setPassword] = useState("");
  const [active, setActive] = useState(user?.is_active ?? true);
  const [tried, setTried] = useState(false);
  const action = useAction();
  const linked = user?.patient ?? null;
  const record = useLoad(linked === null ? null : `patient ${linked}`, (signal) => patients.get(linked ?? 0, signal));
  useEffect(() => { if (record.data && !patient) setPatient(patientOption(record.data)); }, [record.data]);
  const wrong = { username: username.trim() === "", first: first.trim() === "", last: last.trim() === "", password: !user && password.length < SHORTEST_PASSWORD, patient: role === "PATIENT" && !patient && linked === null };

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (Object.values(wrong).includes(true)) return;
    const common = { first_name: first.trim(), last_name: last.trim(), email: email.trim(), specialization: role === "DOCTOR" ? specialization.trim() : "", ...(self ? {} : { role }), ...(role === "PATIENT" && patient ? { patient: patient.id } : {}) };
    const body = user ? { ...common, ...(self ? {} : { is_active: active }) } : { ...common, username: username.trim(), password };
    const saved = await action.run(body, (key) => (user ? accounts.change(user.id, body) : accounts.create(body, key)));
    if (!saved) return;
    toast(user ? w.saved : w.created(fullName(saved)));
    onSaved();
    onClose();
  };
  const error = (field: string, own = false, words = w.required) => (tried && own ? words : fieldError(action.error, field));
  const trouble = formError(action.error, ["username", "first_name", "last_name", "email", "role", "specialization", "password", "patient"]);
  return (
    <Dialog title={user ? w.editTitle : w.newTitle} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <div class="pair">
          <TextField label={w.first} value={first} onValue={setFirst} maxLength={100} error={error("first_name", wrong.first)} />
          <TextField label={w.last} value={last} onValue={setLast} maxLength={100} error={error("last_name", wrong.last)} />
        </div>
        <div class="pair">
          <TextField label={w.username} hint={w.usernameHint} value={username} onValue={setUsername} readOnly={user !== undefined} maxLength={100} spellcheck={false} autocapitalize="none" error={error("username", wrong.username)} />
          <TextField label={w.email} type="email" optional value={email} onValue={setEmail} maxLength={254} error={error("email")} />
        </div>
        <div class="pair">
          <SelectField label={w.role} value={role} onValue={(value) => setRole(value as Role)} disabled={self} error={error("role")} choices={Object.entries(t.roles).map(([value, label]) => ({ value, label }))} />
          {role === "DOCTOR" ? <TextField label={w.specialization} optional value={specialization} onValue={setSpecialization} maxLength={100} error={error("specialization")} /> : null}
        </div>
        {role === "PATIENT" ? <Combobox label={w.patient} hint={w.patientHint} value={patient} onValue={setPatient} search={searchPatients} none={w.noPatient} error={error("patient", wrong.patient, w.patientMissing)} /> : null}
        {user ? null : <TextField label={w.password} type="password" autocomplete="new-password" hint={w.passwordHint} value={password} onValue={setPassword} error={error("password", wrong.password, w.passwordShort)} />}
        {user && !self ? <Checkbox label={w.isActive} hint={w.isActiveHint} checked={active} onChecked={setActive} /> : null}
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{user ? t.common.save : w.create}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** Sets a new password for somebody who has forgotten the old one. */
export function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const action = useAction();
  const short = password.length < SHORTEST_PASSWORD;
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (short) return;
    const done = await action.run(password, (key) => accounts.setPassword(user.id, password, key).then(() => true));
    if (!done) return;
    toast(w.passwordSet);
    onClose();
  };
  const trouble = formError(action.error, ["password"]);
  return (
    <Dialog title={w.passwordTitle(fullName(user))} onClose={onClose} busy={action.busy}>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <p class="soft">{w.passwordText}</p>
        {trouble ? <Notice tone="danger">{trouble}</Notice> : null}
        <TextField label={w.password} type="password" autocomplete="new-password" hint={w.passwordHint} value={password} onValue={setPassword} error={tried && short ? w.passwordShort : fieldError(action.error, "password")} />
        <DialogFoot>
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button kind="primary" type="submit" busy={action.busy}>{w.setPassword}</Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
